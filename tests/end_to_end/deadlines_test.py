"""`duban deadlines`, and what a new holiday notice does to what is open."""

import json
import signal
import time
import unittest

from cli import DONE, duban
from harness import SOURCE, Server, cases, operators, remove_generated, tasks

START = "2022-05-16T09:00:00+08:00"
FOLDER = SOURCE / "workflows" / "approvals"
PEOPLE = ("clerk", "li", "chief", "qian", "admin")


def notice(*days):
    return json.dumps({"year": 2022, "papers": [], "days": list(days)}, ensure_ascii=False)


def off(date, name="节日"):
    return {"name": name, "date": date, "isOffDay": True}


class DeadlinesTest(unittest.TestCase):
    def setUp(self):
        self.server = Server(campaign=FOLDER, people=PEOPLE)
        config = self.server.config.read_text()
        self.server.config.write_text(config.replace("[directory]\n", "[directory]\ncalendar = calendar\n"))
        self.calendar = self.server.directory / "calendar"
        self.calendar.mkdir()
        self.calendar.joinpath("2022.json").write_text(notice())
        self.server.start("--virtual-clock", START)
        self.server.deploy()
        self.clerk = self.server.client("clerk")
        # The later one to start is the first one due.
        self.slow = self.start("remind")
        self.quick = self.start("transfer")

    def tearDown(self):
        self.server.stop()
        self.server.remove()

    def start(self, outcome):
        request = cases.StartCaseRequest(request_id=outcome, campaign="approvals", workflow="deadlines")
        case = self.clerk.cases.StartCase(request).receipt.case_id
        self.clerk.decide("choose-" + outcome, self.clerk.open_task(case).id, outcome)
        return case

    def run_as(self, person, *words):
        run = duban(*words, DUBAN_SERVER=self.server.address, DUBAN_TOKEN=self.server.tokens[person])
        self.assertEqual(run.code, DONE, run.error)
        return run

    def listed(self, person, *words):
        lines = self.run_as(person, "deadlines", *words, "--output", "json").json.get("deadlines", [])
        return [line["caseId"] for line in lines]

    def advance(self, to):
        request = operators.AdvanceClockRequest()
        request.to.FromJsonString(to)
        self.server.client("admin").operator.AdvanceClock(request)

    def due(self, case):
        return self.clerk.case(case).deadlines[0].due.ToJsonString()

    def until(self, condition):
        end = time.monotonic() + 30
        while not condition():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.05)

    def reload(self, **files):
        for year, text in files.items():
            self.calendar.joinpath(year.removeprefix("y") + ".json").write_text(text)
        self.server.process.send_signal(signal.SIGHUP)

    def errors(self):
        return (self.server.directory / "stderr").read_text()

    def test_the_soonest_first_with_its_light(self):
        self.assertEqual(self.listed("admin"), [self.quick, self.slow])
        said = self.run_as("clerk", "deadlines").out
        self.assertEqual(said.count("green  "), 2, said)
        self.assertIn("3 working days from Mon 2022-05-16", said)
        self.assertIn("Example rule, art. 3", said)
        self.assertLess(said.index(self.quick), said.index(self.slow))
        self.advance("2022-05-19T12:00:00+08:00")
        said = self.run_as("clerk", "deadlines").out
        self.assertIn("amber  ", said)
        self.assertIn("1 amber, 1 green", said)
        self.advance("2022-05-20T09:00:00+08:00")
        said = self.run_as("clerk", "deadlines").out
        self.assertIn("1 red, 1 green", said)
        self.assertIn("with: li Li (placeholder), chief Chief of mines (placeholder)", said)
        said = self.run_as("clerk", "deadlines", "--language", "zh").out
        self.assertIn("1 逾期", said)

    def test_what_is_chosen_from(self):
        self.assertEqual(self.listed("admin", "--due-within", "4d"), [self.quick])
        self.assertEqual(self.listed("admin", "--overdue"), [])
        self.assertEqual(self.listed("li", "--mine"), [self.quick, self.slow])
        self.assertEqual(self.listed("admin", "--mine"), [])
        self.assertEqual(self.listed("qian"), [])  # may see neither case
        self.advance("2022-05-20T09:00:00+08:00")
        self.assertEqual(self.listed("admin", "--overdue"), [self.quick])
        self.assertEqual(self.listed("chief", "--mine"), [self.quick])  # it was escalated
        self.assertEqual(self.listed("admin", "--limit", "1"), [self.quick])

    def test_a_new_holiday_notice(self):
        """Open due dates are counted again, old and new are recorded, who holds the task is told; once."""
        before = self.due(self.quick)
        self.assertEqual(before, "2022-05-19T16:00:00Z")
        self.reload(y2022=notice(off("2022-05-18")))
        self.until(lambda: self.due(self.quick) == "2022-05-20T16:00:00Z")
        self.until(lambda: self.due(self.slow) == "2022-05-31T16:00:00Z")
        history = self.clerk.cases.ListHistory(cases.ListHistoryRequest(case_id=self.quick, page_size=1000)).entries
        moved = [(entry, e) for entry in history for e in entry.events if e.kind == "deadline_moved"]
        stages = [m for m in moved if m[1].detail["state"] == "timeout_transfer"]
        self.assertEqual(stages[0][0].actor, "system")
        detail = stages[0][1].detail
        self.assertEqual(detail["cause"], "calendar")
        self.assertIn("2022-05-19", detail["old_due"])
        self.assertIn("2022-05-20", detail["due"])
        self.assertIn("05-18 off (节日)", detail["derivation_en"])
        self.assertIn("counted 05-17, 05-18, 05-19", detail["old_derivation_en"])
        told = (self.server.directory / "notifications.log")
        self.until(lambda: "2022-05-20" in told.read_text())
        line = next(line for line in told.read_text().splitlines() if "2022-05-20" in line)
        self.assertIn("li", line)
        entries = len(history)
        self.reload(y2022=notice(off("2022-05-18")))
        findings = self.server.client("admin").operator.Diagnose(operators.DiagnoseRequest()).findings
        self.assertNotIn("counted by the present holidays", str(findings))
        history = self.clerk.cases.ListHistory(cases.ListHistoryRequest(case_id=self.quick, page_size=1000)).entries
        self.assertEqual(len(history), entries)
        self.assertEqual(list(self.server.client("li").tasks.ListTasks(tasks.ListTasksRequest()).tasks[1].candidates), ["li"])

    def test_a_notice_that_is_wrong_changes_nothing(self):
        before = self.due(self.quick)
        for wrong, words in (
            ('{"year": 2022, "days": [', "2022.json"),
            (notice(off("2022-05-18"), {"name": "节日", "date": "2022-05-18", "isOffDay": False}), "days[1] (2022-05-18)"),
            (notice(off("2022-13-01")), "days[0].date is not a day"),
            (json.dumps({"year": 2022}), "2022.json"),
        ):
            said = len(self.errors())
            self.reload(y2022=wrong)
            self.until(lambda: "not read again" in self.errors()[said:])
            self.assertIn(words, self.errors()[said:])
            self.assertEqual(self.due(self.quick), before)
        self.reload(y2022=notice(off("2022-05-18")))
        self.until(lambda: self.due(self.quick) != before)


def tearDownModule():
    remove_generated()


if __name__ == "__main__":
    unittest.main()
