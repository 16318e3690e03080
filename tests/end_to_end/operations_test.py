"""What can be done to tasks and cases beside deciding, over gRPC: each call reaches the engine and says what it did or why not."""

import unittest

from harness import Server, cases, common, refused, remove_generated, tasks


class OperationsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server().start()
        cls.server.deploy()
        for person in ("inspector", "owner", "head", "clerk", "admin"):
            setattr(cls, person, cls.server.client(person))

    @classmethod
    def tearDownClass(cls):
        code = cls.server.stop()
        cls.server.remove()
        assert code == 0, code

    def setUp(self):
        self.number = 0
        self.case = self.inspector.start(self.fresh(), place="工地").case_id
        self.task = self.owner.open_task(self.case).id

    def fresh(self):
        self.number += 1
        return f"{self.id()}-{self.number}"

    def do(self, method, request, **fields):
        return method(request(request_id=self.fresh(), **fields))

    def refusal(self, method, request, **fields):
        return refused(method, request(request_id=self.fresh(), **fields)).reason

    def get(self, client, task=None):
        return client.tasks.GetTask(tasks.GetTaskRequest(task_id=task or self.task)).task

    def test_a_task_says_what_its_holder_can_do(self):
        offer = self.get(self.owner).offer
        self.assertIn("Decide", offer.methods)
        self.assertIn("Transfer", offer.methods)
        self.assertNotIn("Claim", offer.methods)  # there is nobody to claim it from
        self.assertEqual(list(self.get(self.head).offer.methods), [])  # may see it, holds nothing

    def test_transfer_keeps_who_had_it(self):
        transfer = tasks.TransferRequest
        self.assertEqual(self.refusal(self.owner.tasks.Transfer, transfer, task_id=self.task, to="owner"), "NOT_PERMITTED_HERE")
        self.assertEqual(self.refusal(self.owner.tasks.Transfer, transfer, task_id=self.task, to="nobody"), "UNKNOWN_PERSON")
        self.do(self.owner.tasks.Transfer, transfer, task_id=self.task, to="clerk", reason="出差")
        task = self.get(self.clerk)
        self.assertEqual((list(task.candidates), task.owner), (["clerk"], "owner"))
        self.assertEqual([(m.kind, m.to, m.by) for m in task.moves], [("transferred", "clerk", "owner")])
        error = refused(self.owner.decide, self.fresh(), self.task, "submitted", measures="x")
        self.assertEqual(error.reason, "TASK_REASSIGNED")

    def test_delegate_comes_back(self):
        self.do(self.owner.tasks.Delegate, tasks.DelegateRequest, task_id=self.task, to="clerk")
        opinion = next(t for t in self.case_tasks() if list(t.candidates) == ["clerk"])
        self.assertEqual((opinion.relation, opinion.parent_task_id), (common.TASK_RELATION_DELEGATE, self.task))
        self.assertEqual(refused(self.owner.decide, self.fresh(), self.task, "submitted", measures="x").reason, "TASK_NOT_OPEN_YET")
        self.clerk.decide(self.fresh(), opinion.id, "submitted", opinion="可以")
        self.owner.decide(self.fresh(), self.task, "submitted", measures="加固")
        self.assertEqual([s.id for s in self.inspector.case(self.case).states if s.leaf], ["signing"])

    def case_tasks(self):
        return self.inspector.tasks.ListTasks(tasks.ListTasksRequest(case_id=self.case)).tasks

    def test_a_draft_is_its_authors(self):
        self.do(self.owner.tasks.SaveDraft, tasks.SaveDraftRequest, task_id=self.task, outcome="submitted", opinion="拟加固")
        self.assertEqual(self.get(self.owner).draft.opinion, "拟加固")
        self.assertFalse(self.get(self.head).HasField("draft"))
        self.assertNotIn("拟加固", str(self.head.cases.ListHistory(cases.ListHistoryRequest(case_id=self.case))))

    def test_remind_is_limited(self):
        self.do(self.inspector.tasks.Remind, tasks.RemindRequest, task_id=self.task)
        self.assertEqual(self.refusal(self.inspector.tasks.Remind, tasks.RemindRequest, task_id=self.task), "TOO_SOON")

    def test_withdraw_until_somebody_has_acted(self):
        self.owner.decide(self.fresh(), self.task, "submitted", measures="加固")
        self.do(self.owner.tasks.Withdraw, tasks.WithdrawRequest, task_id=self.task)
        self.assertEqual([s.id for s in self.inspector.case(self.case).states if s.leaf], ["rectifying"])

    def test_add_and_remove_signers(self):
        self.owner.decide(self.fresh(), self.task, "submitted", measures="加固")
        task = self.head.open_task(self.case).id
        self.do(self.head.tasks.AddSigners, tasks.AddSignersRequest, task_id=task, people=["clerk"],
                relation=common.TASK_RELATION_BEFORE)
        added = next(t for t in self.case_tasks() if list(t.candidates) == ["clerk"])
        self.do(self.head.tasks.RemoveSigner, tasks.RemoveSignerRequest, task_id=added.id)
        self.head.decide(self.fresh(), task, "approved")
        self.assertEqual(self.inspector.case(self.case).outcome, "closed")

    def test_what_a_definition_does_not_allow(self):
        self.assertEqual(self.refusal(self.owner.tasks.Return, tasks.ReturnRequest, task_id=self.task,
                                      to=tasks.ReturnRequest.TO_PREVIOUS, opinion="x"), "NOT_PERMITTED_HERE")
        self.assertEqual(self.refusal(self.owner.tasks.Return, tasks.ReturnRequest, task_id=self.task), "INVALID_DATA")

    def test_copies_and_comments(self):
        digest = "a" * 64
        self.do(self.inspector.cases.CopyCase, cases.CopyCaseRequest, case_id=self.case, people=["clerk"])
        self.do(self.clerk.cases.MarkRead, cases.MarkReadRequest, case_id=self.case)
        self.do(self.clerk.cases.Comment, cases.CommentRequest, case_id=self.case, text="已知悉",
                attachments=[{"name": "a.pdf", "sha256": digest, "bytes": 3}])
        self.assertEqual(self.refusal(self.clerk.cases.Comment, cases.CommentRequest, case_id=self.case, text="x",
                                      attachments=[{"name": "a.pdf", "sha256": "short"}]), "INVALID_DATA")
        copy = self.inspector.case(self.case).copies[0]
        self.assertEqual((copy.person, copy.by, copy.HasField("read_at")), ("clerk", "inspector", True))
        self.assertIn(digest, str(self.inspector.cases.ListHistory(cases.ListHistoryRequest(case_id=self.case))))

    def test_suspend_and_resume(self):
        self.assertEqual(self.refusal(self.owner.cases.SuspendCase, cases.SuspendCaseRequest, case_id=self.case, reason="x"), "NOT_ALLOWED")
        self.do(self.admin.cases.SuspendCase, cases.SuspendCaseRequest, case_id=self.case, reason="等待鉴定")
        self.assertTrue(self.inspector.case(self.case).HasField("suspended_at"))
        self.assertEqual(refused(self.owner.decide, self.fresh(), self.task, "submitted", measures="x").reason, "SUSPENDED")
        self.do(self.admin.cases.ResumeCase, cases.ResumeCaseRequest, case_id=self.case)
        self.owner.decide(self.fresh(), self.task, "submitted", measures="加固")

    def test_revoke(self):
        self.assertEqual(self.refusal(self.owner.cases.RevokeCase, cases.RevokeCaseRequest, case_id=self.case, reason="x"), "NOT_ALLOWED")
        self.do(self.inspector.cases.RevokeCase, cases.RevokeCaseRequest, case_id=self.case, reason="重复登记")
        self.assertTrue(self.inspector.case(self.case).ended)

    def test_an_override_takes_two(self):
        self.do(self.admin.cases.ProposeOverride, cases.ProposeOverrideRequest, case_id=self.case, kind=common.OVERRIDE_KIND_TERMINATE,
                outcome="void", reason="立案有误")
        override = self.admin.case(self.case).overrides[0].id
        close = cases.CloseOverrideRequest
        self.assertEqual(self.refusal(self.admin.cases.CloseOverride, close, override_id=override, confirm=True), "BARRED")
        self.assertEqual(self.refusal(self.admin.cases.CloseOverride, close, override_id="nonsense", confirm=True), "UNKNOWN_OVERRIDE")
        self.assertFalse(self.inspector.case(self.case).ended)

    def test_all_open_work_of_one_person_goes_to_another(self):
        other = self.inspector.start(self.fresh(), place="二号工地").case_id
        request = cases.HandOverRequest(request_id=self.fresh(), to="clerk", reason="离职")
        setattr(request, "from", "owner")
        self.assertEqual(refused(self.owner.cases.HandOver, request).reason, "NOT_ALLOWED")
        done = self.admin.cases.HandOver(request)
        self.assertIn(self.task, done.task_ids)
        self.assertEqual((len(done.failures), done.next_page_token), (0, ""))
        self.assertEqual(list(self.clerk.open_task(other).candidates), ["clerk"])
        self.assertEqual(self.owner.tasks.ListTasks(tasks.ListTasksRequest()).tasks[:], [])
        request.request_id = "x" * 129
        self.assertEqual(refused(self.admin.cases.HandOver, request).reason, "INVALID_DATA")


def tearDownModule():
    remove_generated()


if __name__ == "__main__":
    unittest.main()
