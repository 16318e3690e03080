"""What comes too late, too early, from the wrong person or incomplete: each refusal says what happened, by whom, when, and what can be
done now."""

import concurrent.futures
import unittest

import grpc

from harness import Refused, cases, common, refused, remove_generated, struct, tasks
from matters import Matters

DAY = "2022-05-16"


class RefusalsTest(Matters):
    def setUp(self):
        """A case that b and d decide on, each on their own task; a has checked it."""
        self.case = self.start()
        self.checking = self.tasks()[0].id

    def tasks(self):
        return self.people["admin"].tasks.ListTasks(tasks.ListTasksRequest(case_id=self.case)).tasks

    def of(self, person):
        return next(t.id for t in self.tasks() if person in t.candidates)

    def check_it(self):
        self.decide("a", self.checking, "submitted", count=1, report="x")
        self.task = self.of("b")

    def decide(self, who, task, outcome="approved", on_behalf_of="", revision=0, **form):
        request = tasks.DecideRequest(request_id=self.fresh(), task_id=task, outcome=outcome, form=struct(**form),
                                      on_behalf_of=on_behalf_of, expected_revision=revision)
        return self.people[who].tasks.Decide(request)

    def do(self, who, method, **fields):
        request = getattr(tasks, method + "Request")(request_id=self.fresh(), **fields)
        return getattr(self.people[who].tasks, method)(request)

    def refusal(self, reason, *words, who="b", **decision):
        """b decides, and is refused with that reason and those words."""
        error = refused(self.decide, who, decision.pop("task", self.task), **decision)
        self.assertEqual(error.reason, reason, error.message)
        for word in words:
            self.assertIn(word, error.refusal.message.en)
        self.assertTrue(error.refusal.message.zh)
        return error.refusal

    def test_decided(self):
        self.check_it()
        self.decide("b", self.task)
        refusal = self.refusal("ALREADY_DECIDED", "B (placeholder)", DAY, "approved")
        self.assertEqual((refusal.vote.by, refusal.vote.outcome), ("b", "approved"))
        self.assertTrue(refusal.vote.HasField("at"))
        self.assertEqual({tuple(p.who) for p in refusal.permitted if p.event == "approved"}, {("d",)})  # what can be done now

    def test_decided_long_before(self):
        self.check_it()
        refusal = self.refusal("ALREADY_DECIDED", "A (placeholder)", DAY, who="a", task=self.checking, outcome="submitted")
        self.assertEqual(refusal.vote.by, "a")

    def test_returned(self):
        self.check_it()
        self.do("d", "Return", task_id=self.of("d"), to=tasks.ReturnRequest.TO_PREVIOUS, opinion="材料不全")
        refusal = self.refusal("TASK_CLOSED", "D (placeholder)", "returned the case", DAY)
        self.assertEqual(list(refusal.who), ["d"])
        self.assertIn("submitted", [p.event for p in refusal.permitted])

    def test_returned_after_it_had_been_open_for_more_than_a_hundred_steps(self):
        self.check_it()
        for _ in range(110):
            self.people["clerk"].cases.Comment(cases.CommentRequest(request_id=self.fresh(), case_id=self.case, text="x"))
        self.do("d", "Return", task_id=self.of("d"), to=tasks.ReturnRequest.TO_PREVIOUS, opinion="材料不全")
        self.refusal("TASK_CLOSED", "D (placeholder)", "returned the case", DAY)

    def test_a_transfer_that_comes_too_late(self):
        self.check_it()
        self.do("d", "Return", task_id=self.of("d"), to=tasks.ReturnRequest.TO_PREVIOUS, opinion="材料不全")
        error = refused(self.do, "b", "Transfer", task_id=self.task, to="e", reason="出差")
        self.assertEqual(error.reason, "TASK_CLOSED")
        self.assertIn("which closed the task", error.refusal.message.en)

    def test_withdrawn(self):
        self.check_it()
        self.do("a", "Withdraw", task_id=self.checking)
        refusal = self.refusal("TASK_CLOSED", "A (placeholder)", "withdrew", DAY)
        self.assertEqual(list(refusal.who), ["a"])

    def test_revoked(self):
        request = cases.RevokeCaseRequest(request_id=self.fresh(), case_id=self.case, reason="重复")
        self.people["clerk"].cases.RevokeCase(request)
        error = refused(self.decide, "a", self.checking, "submitted", count=1, report="x")
        self.assertIn(error.reason, ("TASK_CLOSED", "CASE_ENDED"))
        self.assertIn("Clerk (placeholder)", error.refusal.message.en)
        self.assertIn("revoked", error.refusal.message.en)

    def test_others_decided(self):
        self.check_it()
        self.decide("d", self.of("d"), "rejected")
        refusal = self.refusal("TASK_CLOSED", "D (placeholder)", "rejected", DAY)
        self.assertEqual(list(refusal.who), ["d"])

    def test_reassigned(self):
        self.check_it()
        self.do("b", "Transfer", task_id=self.task, to="e", reason="出差")
        refusal = self.refusal("TASK_REASSIGNED", "B (placeholder)", "E (placeholder)", DAY)
        self.assertEqual(list(refusal.who), ["e"])

    def test_suspended(self):
        self.check_it()
        request = cases.SuspendCaseRequest(request_id=self.fresh(), case_id=self.case, reason="等待鉴定")
        self.people["admin"].cases.SuspendCase(request)
        refusal = self.refusal("SUSPENDED", "Administrator (placeholder)", DAY, "等待鉴定", "resumed")
        self.assertEqual(list(refusal.who), ["admin"])

    def test_removed_a_moment_ago(self):
        self.check_it()
        self.do("b", "AddSigners", task_id=self.task, people=["e"], relation=common.TASK_RELATION_PARALLEL)
        added = self.of("e")
        self.do("b", "RemoveSigner", task_id=added, reason="不再需要")
        refusal = self.refusal("TASK_CLOSED", "B (placeholder)", "took the seat out", DAY, who="e", task=added)
        self.assertEqual(list(refusal.who), ["b"])

    def test_two_at_once(self):
        """Many at the same moment: one is taken, and the others are told whose it was."""
        def attempt(i):
            person = "ab"[i % 2]
            request = tasks.DecideRequest(request_id=f"{self.case}-{i}", task_id=self.checking, outcome="submitted",
                                          form=struct(count=1, report="x"))
            try:
                self.people[person].tasks.Decide(request)
                return None
            except grpc.RpcError as error:
                return Refused(error)
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            errors = [error for error in pool.map(attempt, range(16)) if error]
        self.assertEqual(len(errors), 15)
        winners = {error.refusal.vote.by for error in errors}
        self.assertEqual(len(winners), 1)
        self.assertEqual({error.reason for error in errors}, {"ALREADY_DECIDED"})

    def test_a_stale_revision(self):
        self.check_it()
        revision = self.people["b"].case(self.case).revision
        self.decide("d", self.of("d"))
        refusal = self.refusal("STALE_REVISION", "read it again", revision=revision)
        self.assertGreater(refusal.revision, revision)

    def test_one_error_for_each_field(self):
        error = refused(self.decide, "a", self.checking, "submitted", next="nobody")
        self.assertEqual(error.reason, "INVALID_DATA")
        fields = sorted(v.field.rsplit(".", 1)[-1] for v in error.violations)
        self.assertEqual(fields, ["count", "next", "report"])
        error = refused(self.decide, "a", self.checking, "submitted", count=0, report="x", other=1, next="admin")
        self.assertEqual(sorted(v.field.rsplit(".", 1)[-1] for v in error.violations), ["count", "next", "other"])

    def test_a_choice_outside_of_those_offered(self):
        error = refused(self.decide, "a", self.checking, "submitted", count=1, report="x", next="admin")
        self.assertEqual([v.field.rsplit(".", 1)[-1] for v in error.violations], ["next"])
        self.decide("a", self.checking, "submitted", count=1, report="x", next="e")
        self.assertEqual(self.people["b"].case(self.case).data["next"], "e")

    def test_on_behalf_of_somebody_without_a_mandate(self):
        self.check_it()
        self.refusal("NO_MANDATE", "B (placeholder)", who="d", on_behalf_of="b")

    def test_an_addressee_that_fails(self):
        """Nobody is not approved by mistake: the administrators get it, and the history says what failed and where."""
        self.decide("a", self.checking, "strange", count=1, report="x")
        self.assertEqual(sorted(self.tasks()[0].candidates), ["admin", "second"])
        history = self.people["admin"].cases.ListHistory(cases.ListHistoryRequest(case_id=self.case, page_size=1000))
        logged = [e.text.en for entry in history.entries for e in entry.events if e.kind == "logged"]
        self.assertTrue(any("campaign.yaml:" in text and "nobody" in text for text in logged), logged)


def tearDownModule():
    remove_generated()


if __name__ == "__main__":
    unittest.main()
