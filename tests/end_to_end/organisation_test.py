"""People leave: what that leaves behind is shown, and all of it can be given to somebody else."""

import signal
import time
import unittest

from cli import DONE, REFUSED, duban
from harness import PEOPLE, Server, cases, refused, remove_generated, tasks

MANY = 520  # more than one call hands over


class OrganisationTest(unittest.TestCase):
    def setUp(self):
        self.server = Server(people=PEOPLE)
        path = self.server.directory / "organisation.yaml"
        text = path.read_text().replace("members: [admin]", "members: [admin, inspector]")
        path.write_text(text)
        self.server.start()
        self.server.deploy()
        self.inspector, self.admin = self.server.client("inspector"), self.server.client("admin")

    def tearDown(self):
        self.server.stop()
        self.server.remove()

    def run_as(self, person, *words):
        return duban(*words, DUBAN_SERVER=self.server.address, DUBAN_TOKEN=self.server.tokens[person])

    def problems(self):
        run = self.run_as("admin", "doctor", "--output", "json")
        return [f for f in run.json["findings"] if f["check"] == "tasks" and f["severity"] == "SEVERITY_PROBLEM"]

    def until(self, condition):
        end = time.monotonic() + 30
        while not condition():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.05)

    def test_what_a_departure_leaves_is_shown_and_reassigned(self):
        case = self.inspector.start("one", place="库房").case_id
        task = self.inspector.open_task(case).id
        self.assertEqual(self.problems(), [])
        path = self.server.directory / "organisation.yaml"
        path.write_text(path.read_text().replace("Owner (placeholder)}}", "Owner (placeholder)}, disabled: true}"))
        self.server.process.send_signal(signal.SIGHUP)
        self.until(self.problems)
        self.assertEqual(self.problems()[0]["ids"], [task])
        proposed = self.run_as("admin", "override", "reassign", task, "clerk", "--reason", "离职")
        self.assertEqual(proposed.code, DONE, proposed.error)
        override = self.admin.case(case).overrides[0].id
        confirmed = self.run_as("inspector", "override", "confirm", override)
        self.assertEqual(confirmed.code, DONE, confirmed.error)
        self.assertEqual(self.problems(), [])
        self.assertEqual(list(self.inspector.open_task(case).candidates), ["clerk"])

    def test_more_than_one_call_takes(self):
        start = self.inspector.channel.unary_unary(
            "/duban.v1.CaseService/StartCase",
            request_serializer=cases.StartCaseRequest.SerializeToString,
            response_deserializer=cases.StartCaseResponse.FromString,
        )
        calls = []
        for i in range(MANY):
            request = cases.StartCaseRequest(request_id=f"many-{i}", campaign="end-to-end", workflow="counter")
            calls.append(start.future(request, timeout=120, metadata=self.inspector.metadata))
        started = {call.result().receipt.case_id for call in calls}
        self.assertEqual(len(started), MANY)
        request = cases.HandOverRequest(request_id="hand-over", to="clerk", reason="离职")
        setattr(request, "from", "owner")
        moved, pages = [], 0
        while True:
            page = self.admin.cases.HandOver(request, timeout=120)
            self.assertEqual(list(page.failures), [])
            moved += page.task_ids
            pages += 1
            if pages == 1:
                self.assertEqual(len(page.task_ids), 500)
                again = self.admin.cases.HandOver(request, timeout=120)  # repeated: what is left, and nothing twice
                self.assertEqual(list(again.failures), [])
                moved += again.task_ids
            if not page.next_page_token:
                break
            request.page_token = page.next_page_token
        self.assertEqual(len(moved), len(set(moved)))
        self.assertEqual({task.rsplit("-", 1)[0] for task in moved}, started)
        owner = self.server.client("owner")
        self.assertEqual(owner.tasks.ListTasks(tasks.ListTasksRequest()).tasks[:], [])
        error = refused(owner.decide, "late", moved[0], "counted")
        self.assertEqual(error.reason, "TASK_REASSIGNED")
        self.assertIn("handed over", str(self.admin.cases.ListHistory(
            cases.ListHistoryRequest(case_id=moved[0].rsplit("-", 1)[0]))).lower())

    def test_only_administrators_hand_over(self):
        run = self.run_as("clerk", "hand-over", "owner", "head", "--reason", "x")
        self.assertEqual(run.code, REFUSED)
        self.assertIn("[NOT_ALLOWED]", run.error)


def tearDownModule():
    remove_generated()


if __name__ == "__main__":
    unittest.main()
