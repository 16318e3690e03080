"""Databases that earlier releases left behind (upgrade/*.sql, recorded by upgrade/record.py): this release opens
each, sees everything in it, gives the old answers to old requests, and carries the open cases on."""

import datetime
import pathlib
import sqlite3
import unittest

from harness import Server, cases, definitions, operators, refused, remove_generated, tasks

RECORDS = sorted((pathlib.Path(__file__).resolve().parent / "upgrade").glob("*.sql"))
NOW = "2022-05-18T12:00:00+08:00"  # when the record ends
RECTIFYING, SIGNING, CLOSED, WITHDRAWN, COUNTER = (f"08PQYH6G0000{n}" for n in range(5))


class UpgradeTest(unittest.TestCase):
    def setUp(self):
        self.server = Server()

    def tearDown(self):
        self.server.stop()
        self.server.remove()

    def each_record(self):
        self.assertTrue(RECORDS)
        for record in RECORDS:
            with self.subTest(record.name):
                path = self.server.directory / "duban.db"
                path.unlink(missing_ok=True)
                database = sqlite3.connect(path)
                database.executescript(record.read_text(encoding="utf-8"))
                database.close()
                # The channel `hook` of the record is one that takes everything now.
                self.server.write(more="[notifier.hook]\nplugin = log\npath = hook.log\n")
                config = self.server.config.read_text().replace("normal = log", "normal = log, hook")
                self.server.config.write_text(config)
                self.server.start("--virtual-clock", NOW)
                yield
                self.assertEqual(self.server.stop(), 0)

    def test_everything_is_there(self):
        for _ in self.each_record():
            admin, head = self.server.client("admin"), self.server.client("head")
            listed = {c.id: c for c in admin.cases.ListCases(cases.ListCasesRequest()).cases}
            self.assertEqual(set(listed), {RECTIFYING, SIGNING, CLOSED, WITHDRAWN, COUNTER})
            self.assertEqual([listed[c].outcome for c in (CLOSED, WITHDRAWN)], ["closed", "withdrawn"])
            case = admin.case(RECTIFYING)
            self.assertEqual((case.data.fields["place"].string_value, case.data.fields["level"].string_value),
                             ("仓库一", "major"))
            self.assertEqual(len(case.deadlines), 1)
            self.assertEqual([t.case_id for t in head.tasks.ListTasks(tasks.ListTasksRequest()).tasks], [SIGNING])
            history = admin.cases.ListHistory(cases.ListHistoryRequest(case_id=CLOSED)).entries
            self.assertIn("同意", "".join(x.text.zh for entry in history for x in entry.events))
            campaigns = admin.definitions.ListCampaigns(definitions.ListCampaignsRequest()).campaigns
            self.assertEqual([c.name for c in campaigns], ["end-to-end"])

    def test_an_old_request_gets_its_old_answer(self):
        for _ in self.each_record():
            inspector, owner, head = (self.server.client(p) for p in ("inspector", "owner", "head"))
            again = inspector.start("start-rectifying", place="仓库一", level="major")
            self.assertTrue(again.repeated)
            self.assertEqual((again.case_id, again.revision), (RECTIFYING, 1))
            error = refused(inspector.start, "start-rectifying", place="另一处")
            self.assertEqual(error.reason, "REQUEST_ID_REUSED")
            before = owner.case(COUNTER).revision
            counted = owner.open_task(COUNTER).id
            error = refused(owner.decide, "count-3", counted, "counted", last="3")
            self.assertEqual(error.reason, "REQUEST_ID_REUSED")  # it was about another task
            self.assertEqual(owner.case(COUNTER).revision, before)
            self.assertEqual(owner.case(COUNTER).data.fields["count"].number_value, 3)
            closed = [t for t in head.tasks.ListTasks(tasks.ListTasksRequest(case_id=CLOSED, include_closed=True)).tasks]
            again = head.decide("approve-closed", closed[-1].id, "approved", opinion="同意")
            self.assertTrue(again.repeated and again.ended)

    def test_the_cases_go_on(self):
        for _ in self.each_record():
            admin, owner, head = (self.server.client(p) for p in ("admin", "owner", "head"))
            self.assertEqual(head.decide("new-1", head.open_task(SIGNING).id, "approved").outcome, "closed")
            owner.decide("new-2", owner.open_task(COUNTER).id, "counted", last="4")
            self.assertEqual(owner.case(COUNTER).data.fields["count"].number_value, 4)
            letters = admin.operator.ListDeadLetters(operators.ListDeadLettersRequest()).dead_letters
            self.assertEqual([(x.case_id, x.recipient) for x in letters], [(RECTIFYING, "owner")])
            # The due date that was set before the upgrade comes, and what waited in the outbox has gone out.
            request = operators.AdvanceClockRequest()
            request.to.FromDatetime(datetime.datetime(2022, 5, 20, 1, tzinfo=datetime.timezone.utc))
            self.assertEqual(admin.operator.AdvanceClock(request).timers_fired, 1)
            delivered = (self.server.directory / "hook.log").read_text(encoding="utf-8")
            for case_id in (RECTIFYING, SIGNING, CLOSED):
                self.assertIn(case_id, delivered)
            owner.decide("new-3", owner.open_task(RECTIFYING).id, "submitted", measures="已整改")
            self.assertEqual(head.open_task(RECTIFYING).title.zh, "签批整改结果")


def tearDownModule():
    remove_generated()


if __name__ == "__main__":
    unittest.main()
