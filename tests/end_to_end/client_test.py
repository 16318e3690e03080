"""A client application: it knows the published .proto files, an address and its token, and nothing else."""

import hashlib
import threading
import time
import unittest

import grpc

from harness import (
    Server,
    cases,
    definitions,
    directory,
    operators,
    refused,
    remove_generated,
    tasks,
    watches,
)


class ClientTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server().start()
        cls.server.deploy()
        cls.inspector = cls.server.client("inspector")
        cls.owner = cls.server.client("owner")
        cls.head = cls.server.client("head")
        cls.clerk = cls.server.client("clerk")
        cls.admin = cls.server.client("admin")

    @classmethod
    def tearDownClass(cls):
        code = cls.server.stop()
        cls.server.remove()
        assert code == 0, code

    def start(self, request_id, place="工地"):
        return self.inspector.start(request_id, place=place)

    def test_who_i_am_comes_from_the_credentials(self):
        me = self.inspector.directory.WhoAmI(directory.WhoAmIRequest())
        self.assertEqual(
            (me.id, me.name.en, list(me.roles), me.office, me.administrator),
            ("inspector", "Inspector (placeholder)", ["inspectors"], "safety", False),
        )
        self.assertTrue(self.admin.directory.WhoAmI(directory.WhoAmIRequest()).administrator)
        names = self.owner.directory.ResolveNames(
            directory.ResolveNamesRequest(ids=["owner", "safety", "nobody"])
        ).names
        self.assertEqual(
            {k: v.en for k, v in names.items()},
            {"owner": "Owner (placeholder)", "safety": "Safety section"},
        )

    def test_a_case_from_start_to_end(self):
        receipt = self.start("whole")
        self.assertEqual(
            (receipt.revision, list(receipt.states), receipt.repeated), (1, ["rectifying"], False)
        )
        case = self.inspector.case(receipt.case_id)
        self.assertEqual(case.title.en, "Hazard at 工地")
        self.assertEqual(
            (case.campaign, case.workflow, case.starter), ("end-to-end", "hazard", "inspector")
        )
        self.assertEqual([(s.id, s.leaf) for s in case.states], [("rectifying", True)])
        self.assertEqual(case.data["level"], "general")
        self.assertNotIn("count", case.data)
        self.assertEqual(case.deadlines[0].basis.zh, "试验方案 第一条")
        self.assertTrue(case.deadlines[0].derivation.zh)
        self.assertEqual(
            [(p.event, list(p.who)) for p in case.permitted], [("hazard.withdrawn", ["inspector"])]
        )

        task = next(
            t
            for t in self.owner.tasks.ListTasks(tasks.ListTasksRequest()).tasks
            if t.case_id == receipt.case_id
        )
        self.assertEqual(task.title.zh, "整改工地的隐患")
        self.assertEqual([(o.id, o.title.zh) for o in task.outcomes], [("submitted", "提交"), ("recused", "回避")])
        self.assertEqual(
            [(f.name, f.type, f.required) for f in task.form],
            [("measures", "text", True), ("count", "int", False)],
        )
        decided = self.owner.decide("whole-1", task.id, "submitted", measures="已更换线路", count=3)
        self.assertEqual(list(decided.states), ["signing"])

        inbox = self.head.tasks.ListTasks(tasks.ListTasksRequest()).tasks
        task = next(t for t in inbox if t.case_id == receipt.case_id)
        self.assertEqual(
            [(o.id, o.opinion_required) for o in task.outcomes], [("approved", False), ("rejected", True), ("recused", False)],
        )
        ended = self.head.decide("whole-2", task.id, "approved")
        self.assertTrue(ended.ended)
        self.assertEqual(ended.outcome, "closed")
        case = self.owner.case(receipt.case_id)
        self.assertEqual((case.ended, case.outcome, case.data["count"]), (True, "closed", 3))
        self.assertEqual(len(case.tasks), 0)

        history = self.owner.cases.ListHistory(cases.ListHistoryRequest(case_id=receipt.case_id)).entries
        self.assertEqual(
            [(e.revision, e.actor, e.actor_name) for e in history],
            [(1, "inspector", "检查员（占位）"), (2, "owner", "业主（占位）"), (3, "head", "局长（占位）")],
        )
        kinds = [event.kind for entry in history for event in entry.events]
        self.assertIn("state_entered", kinds)
        self.assertIn("seat_decided", kinds)
        self.assertTrue(all(event.text.zh and event.text.en for entry in history for event in entry.events))

    def test_the_same_request_gets_the_same_answer(self):
        first = self.start("same")
        again = self.start("same")
        self.assertTrue(again.repeated)
        self.assertEqual(
            (again.case_id, again.revision, list(again.states)),
            (first.case_id, first.revision, list(first.states)),
        )
        task = self.owner.open_task(first.case_id)
        decided = self.owner.decide("same-1", task.id, "submitted", measures="x")
        repeated = self.owner.decide("same-1", task.id, "submitted", measures="x")
        self.assertEqual(
            (decided.repeated, repeated.repeated, repeated.revision), (False, True, decided.revision)
        )
        self.assertEqual(self.owner.case(first.case_id).revision, decided.revision)
        # Request ids are each caller's own: another's does not collide.
        self.assertFalse(
            self.head.decide("same-1", self.head.open_task(first.case_id).id, "approved").repeated
        )

    def test_a_second_decision_is_refused_with_the_one_that_stands(self):
        receipt = self.start("second")
        task = self.owner.open_task(receipt.case_id)
        self.owner.decide("second-1", task.id, "submitted", opinion="已处理", measures="x")
        error = refused(self.owner.decide, "second-2", task.id, "submitted", measures="y")
        self.assertEqual(
            (error.code, error.reason, error.domain),
            (grpc.StatusCode.FAILED_PRECONDITION, "ALREADY_DECIDED", "duban"),
        )
        vote = error.refusal.vote
        self.assertEqual((vote.outcome, vote.by, vote.opinion), ("submitted", "owner", "已处理"))
        self.assertGreater(vote.at.seconds, 0)
        self.assertTrue(error.refusal.message.zh and error.refusal.message.en)

    def test_typed_errors_of_decisions(self):
        receipt = self.start("typed")
        task = self.owner.open_task(receipt.case_id)
        error = refused(self.owner.decide, "typed-1", task.id, "approved")
        self.assertEqual((error.code, error.reason), (grpc.StatusCode.INVALID_ARGUMENT, "UNKNOWN_OUTCOME"))
        error = refused(self.owner.decide, "typed-2", task.id, "submitted")
        self.assertEqual((error.code, error.reason), (grpc.StatusCode.INVALID_ARGUMENT, "INVALID_DATA"))
        self.assertTrue(any("measures" in v.field for v in error.violations), error.violations)
        error = refused(self.inspector.decide, "typed-3", task.id, "submitted", measures="x")
        self.assertEqual((error.code, error.reason), (grpc.StatusCode.PERMISSION_DENIED, "NOT_ALLOWED"))
        self.assertEqual(list(error.refusal.who), ["owner"])
        error = refused(self.owner.decide, "typed-4", task.id, "submitted", revision=9, measures="x")
        self.assertEqual(
            (error.code, error.reason, error.refusal.revision),
            (grpc.StatusCode.ABORTED, "STALE_REVISION", 1),
        )
        self.owner.decide("typed-5", task.id, "submitted", revision=1, measures="x")
        error = refused(self.head.decide, "typed-6", self.head.open_task(receipt.case_id).id, "rejected")
        self.assertEqual(
            (error.code, error.reason), (grpc.StatusCode.FAILED_PRECONDITION, "REASON_REQUIRED")
        )

    def test_events(self):
        receipt = self.start("events")
        error = refused(self.inspector.send, "events-1", receipt.case_id, "hazard.vanished")
        self.assertEqual(
            (error.code, error.reason), (grpc.StatusCode.FAILED_PRECONDITION, "EVENT_NOT_TAKEN")
        )
        self.assertIn("hazard.withdrawn", [p.event for p in error.refusal.permitted])
        error = refused(self.owner.send, "events-2", receipt.case_id, "hazard.withdrawn", reason="x")
        self.assertEqual((error.code, error.reason), (grpc.StatusCode.PERMISSION_DENIED, "NOT_ALLOWED"))
        error = refused(self.inspector.send, "events-3", receipt.case_id, "hazard.withdrawn")
        self.assertEqual(
            (error.code, error.reason), (grpc.StatusCode.FAILED_PRECONDITION, "REASON_REQUIRED")
        )
        ended = self.inspector.send("events-4", receipt.case_id, "hazard.withdrawn", reason="误报")
        self.assertEqual((ended.ended, ended.outcome), (True, "withdrawn"))
        error = refused(self.inspector.send, "events-5", receipt.case_id, "hazard.withdrawn", reason="x")
        self.assertEqual((error.code, error.reason), (grpc.StatusCode.FAILED_PRECONDITION, "CASE_ENDED"))

    def test_watching(self):
        before = self.start("watch-before")
        stream = self.inspector.watches.Watch(watches.WatchRequest(workflow="hazard"), timeout=30)
        seen = []
        ready = threading.Event()

        def read():
            try:
                for response in stream:
                    seen.append(response)
                    ready.set()
            except grpc.RpcError:
                pass

        reader = threading.Thread(target=read)
        reader.start()
        time.sleep(0.5)  # the stream begins "now", so it must be open before the next case
        case_id = self.start("watch").case_id
        self.owner.decide("watch-1", self.owner.open_task(case_id).id, "submitted", measures="x")
        deadline = time.monotonic() + 10
        while len([r for r in seen if r.change.case_id == case_id]) < 2 and time.monotonic() < deadline:
            time.sleep(0.02)
        stream.cancel()
        reader.join()
        mine = [r for r in seen if r.change.case_id == case_id]
        self.assertEqual(
            [(r.change.entry.revision, r.change.entry.actor) for r in mine],
            [(1, "inspector"), (2, "owner")],
        )
        self.assertNotIn(before.case_id, [r.change.case_id for r in seen])

        # From the first message's token on nothing is missing, and nothing comes twice.
        resumed = self.inspector.watches.Watch(
            watches.WatchRequest(case_id=case_id, resume_token=mine[0].resume_token), timeout=10
        )
        self.assertEqual(next(resumed).change.entry.revision, 2)
        resumed.cancel()
        whole = self.inspector.watches.Watch(
            watches.WatchRequest(case_id=case_id, resume_token="start"), timeout=10
        )
        self.assertEqual([next(whole).change.entry.revision for _ in range(2)], [1, 2])
        whole.cancel()

    def test_a_quiet_stream_has_a_heart_beat(self):
        stream = self.clerk.watches.Watch(watches.WatchRequest(), timeout=25)
        began = time.monotonic()
        beat = next(stream)  # the clerk sees no case: nothing else can come
        self.assertFalse(beat.HasField("change"))
        self.assertTrue(beat.resume_token)
        self.assertGreater(time.monotonic() - began, 10)
        stream.cancel()

    def test_health_and_reflection_need_no_credentials(self):
        with grpc.insecure_channel(self.server.address) as channel:
            check = channel.unary_unary("/grpc.health.v1.Health/Check")
            self.assertEqual(check(b""), b"\x08\x01")  # SERVING
            reflect = channel.stream_stream(
                "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"
            )
            listed = next(reflect(iter([b"\x3a\x01*"])))  # list_services: "*"
            for service in ("Case", "Task", "Watch", "Definition", "Directory", "Operator"):
                self.assertIn(f"duban.v1.{service}Service".encode(), listed)

    def test_pages(self):
        started = [self.start(f"pages-{i}").case_id for i in range(5)]
        listed, token = [], ""
        for _ in range(100):
            page = self.inspector.cases.ListCases(cases.ListCasesRequest(page_size=2, page_token=token))
            listed += [c.id for c in page.cases]
            token = page.next_page_token
            if not token:
                break
        self.assertEqual(listed, sorted(listed))
        self.assertEqual(len(listed), len(set(listed)))
        self.assertLessEqual(set(started), set(listed))
        inbox, token = [], ""
        while True:
            page = self.owner.tasks.ListTasks(tasks.ListTasksRequest(page_size=2, page_token=token))
            inbox += [t.id for t in page.tasks]
            token = page.next_page_token
            if not token:
                break
        self.assertEqual(len(inbox), len(set(inbox)))
        self.assertLessEqual(set(started), {i.split("-")[0] for i in inbox})
        entries = self.inspector.cases.ListHistory(
            cases.ListHistoryRequest(case_id=started[0], page_size=1)
        )
        self.assertEqual(len(entries.entries), 1)

    def test_campaigns_and_their_pictures(self):
        again = self.server.deploy()
        self.assertTrue(again.unchanged)
        campaign = self.inspector.definitions.ListCampaigns(definitions.ListCampaignsRequest()).campaigns[0]
        self.assertEqual(
            {w.name: w.startable for w in campaign.workflows}, {"hazard": True, "counter": True}
        )
        campaign = self.owner.definitions.GetCampaign(definitions.GetCampaignRequest(campaign="end-to-end"))
        self.assertFalse(campaign.campaign.workflows[0].startable)
        self.assertNotIn("organisation.yaml", campaign.files)
        self.assertIn(
            "organisation.yaml",
            self.admin.definitions.GetCampaign(definitions.GetCampaignRequest(campaign="end-to-end")).files,
        )
        case_id = self.start("graph").case_id
        graph = self.inspector.definitions.GetGraph(
            definitions.GetGraphRequest(
                case_id=case_id, format=definitions.GetGraphRequest.FORMAT_MERMAID, language="en"
            )
        )
        self.assertIn("Rectify", graph.text)
        wrong = self.clerk.definitions.Validate(
            definitions.ValidateRequest(files={"campaign.yaml": "workflow: [\n"})
        )
        self.assertEqual(wrong.diagnostics[0].severity, definitions.Diagnostic.SEVERITY_ERROR)
        self.assertEqual(wrong.diagnostics[0].file, "campaign.yaml")

    def test_a_deadline_that_has_passed(self):
        receipt = self.start("deadline")
        task = self.owner.open_task(receipt.case_id)
        error = refused(self.owner.decide, "deadline-1", task.id, "submitted", measures="x", timeout=-1)
        self.assertEqual(error.code, grpc.StatusCode.DEADLINE_EXCEEDED)
        # The same request again tells what became of it.
        self.owner.decide("deadline-1", task.id, "submitted", measures="x")
        self.assertEqual(self.owner.case(receipt.case_id).revision, 2)

    def test_the_machines_clock_cannot_be_moved(self):
        clock = self.admin.operator.GetClock(operators.GetClockRequest())
        self.assertFalse(clock.is_virtual)
        error = refused(self.admin.operator.AdvanceClock, operators.AdvanceClockRequest(to=clock.now))
        self.assertEqual((error.code, error.reason), (grpc.StatusCode.FAILED_PRECONDITION, "NOT_VIRTUAL"))

    def test_backup(self):
        path = self.server.directory / "backups" / "copy.db"
        request = operators.BackupRequest(name="copy.db")
        made = self.admin.operator.Backup(request)
        self.assertEqual((made.path, made.bytes), (str(path), path.stat().st_size))
        self.assertEqual(made.sha256, hashlib.sha256(path.read_bytes()).hexdigest())
        self.assertEqual(path.with_suffix(".db.sha256").read_text(), f"{made.sha256}  copy.db\n")
        error = refused(self.admin.operator.Backup, request)
        self.assertEqual((error.code, error.reason), (grpc.StatusCode.FAILED_PRECONDITION, "BACKUP_FAILED"))
        error = refused(self.head.operator.Backup, request)
        self.assertEqual((error.code, error.reason), (grpc.StatusCode.PERMISSION_DENIED, "NOT_ALLOWED"))
        self.assertEqual(list(error.refusal.who), ["admin"])


def tearDownModule():
    remove_generated()


if __name__ == "__main__":
    unittest.main()
