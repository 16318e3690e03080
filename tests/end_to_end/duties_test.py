"""Separation of duties and recusal hold on every way to a task: each method of the API that can put a person on one is walked, and a
method that nobody has looked at breaks this test."""

import datetime
import unittest

from harness import (
    cases,
    common,
    definitions,
    directory,
    operators,
    refused,
    remove_generated,
    struct,
    tasks,
    watches,
)
from matters import Matters

# Methods that put nobody on a task, and why.
NEVER = {
    "ListTasks": "reads", "GetTask": "reads", "GetCase": "reads", "ListCases": "reads", "ListHistory": "reads",
    "ListDeadlines": "reads", "Watch": "reads", "WhoAmI": "reads", "ResolveNames": "reads", "ListDeadLetters": "reads",
    "Diagnose": "reads", "GetClock": "reads", "Backup": "reads", "Validate": "reads", "ListCampaigns": "reads",
    "GetCampaign": "reads", "GetGraph": "reads",
    "Deploy": "open cases stay on the version they started with",
    "RevokeCase": "ends the case",
    "CopyCase": "lets people see the case, asks them nothing",
    "MarkRead": "keeps when it was read",
    "Comment": "is a remark",
    "SuspendCase": "stops everything",
    "ResumeCase": "gives each task back to who had it",
    "Remind": "tells those who have it",
    "SaveDraft": "keeps what its holder has filled in",
    "RetryDeadLetter": "sends a message, or takes a step of the engine, once more",
}


def methods():
    modules = (cases, tasks, watches, definitions, directory, operators)
    return [m.name for module in modules for s in module.DESCRIPTOR.services_by_name.values() for m in s.methods]


class ChokePointTest(Matters):
    """In `deciding` of every case here, a has checked and c is a relative: neither may ever be on it."""

    def do(self, who, method, request, **fields):
        client = self.people[who]
        for stub in (client.tasks, client.cases):
            if hasattr(stub, method):
                return getattr(stub, method)(request(request_id=self.fresh(), **fields))
        raise AssertionError(method)

    def barred(self, who, method, request, **fields):
        error = refused(self.do, who, method, request, **fields)
        self.assertEqual(error.reason, "BARRED", error.message)
        self.assertRegex(error.refusal.message.zh, "内控制度|回避规定")

    def deciding(self):
        """A case in `deciding`, checked by a; b's task there."""
        case = self.start()
        checking = self.tasks(case, "checking")[0].id
        self.do("a", "Decide", tasks.DecideRequest, task_id=checking, outcome="submitted", form=struct(count=1, report="x"))
        return case, self.of(case, "b")

    def tasks(self, case, state, closed=False):
        request = tasks.ListTasksRequest(case_id=case, include_closed=closed)
        return [t for t in self.people["admin"].tasks.ListTasks(request).tasks if t.state_id == state]

    def of(self, case, person, state="deciding"):
        return next(t.id for t in self.tasks(case, state) if person in t.candidates)

    def holders(self, case, state="deciding"):
        return {person for task in self.tasks(case, state) for person in task.candidates}

    def test_every_method_has_been_looked_at(self):
        walked = {name.split("_")[1] for name in dir(self) if name.startswith("test_") and name[5].isupper()}
        self.assertEqual(walked & set(NEVER), set())
        self.assertEqual(sorted(walked | set(NEVER)), sorted(methods()))

    def test_StartCase(self):
        self.assertEqual(self.holders(self.start(), "checking"), {"a", "b"})

    def test_SendEvent(self):
        case = self.start()
        self.people["clerk"].send(self.fresh(), case, "urgent")
        self.assertEqual(self.holders(case), {"a", "b", "d"})  # nobody has checked; c is a relative

    def test_SendEvent_that_makes_somebody_a_relative(self):
        case, _ = self.deciding()
        request = cases.SendEventRequest(request_id=self.fresh(), case_id=case, event="noted")
        request.data.struct_value.CopyFrom(struct(who="b"))
        self.people["clerk"].cases.SendEvent(request)
        self.assertNotIn("b", self.holders(case))

    def test_Decide(self):
        case, _ = self.deciding()
        self.assertEqual(self.holders(case), {"b", "d"})

    def test_Decide_by_mandate(self):
        case, task = self.deciding()
        for agent, reason in (("c", "BARRED"), ("d", "NO_MANDATE")):
            error = refused(self.do, agent, "Decide", tasks.DecideRequest, task_id=task, outcome="approved", on_behalf_of="b")
            self.assertEqual(error.reason, reason)
        self.do("e", "Decide", tasks.DecideRequest, task_id=task, outcome="approved", on_behalf_of="b")
        self.do("d", "Decide", tasks.DecideRequest, task_id=self.of(case, "d"), outcome="approved")

    def test_Claim(self):
        case, task = self.deciding()
        for person in ("a", "c"):
            error = refused(self.do, person, "Claim", tasks.ClaimRequest, task_id=task)
            self.assertEqual(error.reason, "NOT_ALLOWED")
        self.assertEqual(self.holders(case), {"b", "d"})

    def test_Release(self):
        case = self.start()
        task = self.tasks(case, "checking")[0].id
        self.do("b", "Claim", tasks.ClaimRequest, task_id=task)
        self.do("b", "Release", tasks.ReleaseRequest, task_id=task)
        self.assertEqual(self.holders(case, "checking"), {"a", "b"})

    def test_Transfer(self):
        _, task = self.deciding()
        for person in ("a", "c"):
            self.barred("b", "Transfer", tasks.TransferRequest, task_id=task, to=person)

    def test_Delegate(self):
        _, task = self.deciding()
        for person in ("a", "c"):
            self.barred("b", "Delegate", tasks.DelegateRequest, task_id=task, to=person)

    def test_AddSigners(self):
        case, task = self.deciding()
        for person in ("a", "c"):
            for relation in (common.TASK_RELATION_BEFORE, common.TASK_RELATION_AFTER, common.TASK_RELATION_PARALLEL):
                self.barred("b", "AddSigners", tasks.AddSignersRequest, task_id=task, people=["e", person], relation=relation)
        self.assertEqual(self.holders(case), {"b", "d"})  # not even those who may

    def test_RemoveSigner(self):
        case, task = self.deciding()
        self.do("b", "AddSigners", tasks.AddSignersRequest, task_id=task, people=["e"], relation=common.TASK_RELATION_BEFORE)
        self.do("b", "RemoveSigner", tasks.RemoveSignerRequest, task_id=self.of(case, "e"))
        self.assertEqual(self.holders(case), {"b", "d"})

    def test_Return(self):
        case, task = self.deciding()
        self.do("b", "Return", tasks.ReturnRequest, task_id=task, to=tasks.ReturnRequest.TO_PREVIOUS, opinion="再核")
        self.assertEqual(self.holders(case, "checking"), {"a"})  # b has acted on the decision
        self.do("a", "Decide", tasks.DecideRequest, task_id=self.of(case, "a", "checking"), outcome="submitted",
                form=struct(count=1, report="x"))
        self.assertEqual(self.holders(case), {"b", "d"})

    def test_Withdraw(self):
        case, task = self.deciding()
        self.do("b", "Decide", tasks.DecideRequest, task_id=task, outcome="approved")
        self.do("b", "Withdraw", tasks.WithdrawRequest, task_id=task)
        self.assertEqual(self.holders(case), {"b", "d"})

    def propose(self, case, **fields):
        self.do("admin", "ProposeOverride", cases.ProposeOverrideRequest, case_id=case, reason="情况特殊", **fields)
        return self.people["admin"].case(case).overrides[0].id

    def test_ProposeOverride(self):
        case, task = self.deciding()
        for person in ("a", "c"):
            self.barred("admin", "ProposeOverride", cases.ProposeOverrideRequest, case_id=case,
                        kind=common.OVERRIDE_KIND_REASSIGN, task_id=task, people=[person], reason="x")

    def test_CloseOverride(self):
        jumped = self.start()
        override = self.propose(jumped, kind=common.OVERRIDE_KIND_JUMP, state="deciding")
        self.do("second", "CloseOverride", cases.CloseOverrideRequest, override_id=override, confirm=True)
        self.assertEqual(self.holders(jumped), {"a", "b", "d"})

    def test_CloseOverride_looks_again(self):
        case, task = self.deciding()
        override = self.propose(case, kind=common.OVERRIDE_KIND_REASSIGN, task_id=task, people=["e"])
        request = cases.SendEventRequest(request_id=self.fresh(), case_id=case, event="noted")
        request.data.struct_value.CopyFrom(struct(who="e"))
        self.people["clerk"].cases.SendEvent(request)
        self.barred("second", "CloseOverride", cases.CloseOverrideRequest, override_id=override, confirm=True)
        self.assertNotIn("e", self.holders(case))

    def test_HandOver(self):
        case, task = self.deciding()
        for person in ("a", "c"):
            request = cases.HandOverRequest(request_id=self.fresh(), to=person, reason="离职")
            setattr(request, "from", "b")
            done = self.people["admin"].cases.HandOver(request)
            self.assertIn((task, "BARRED"), [(f.task_id, f.reason) for f in done.failures])
        self.assertEqual(self.holders(case), {"b", "d"})

    def test_AdvanceClock(self):
        case, _ = self.deciding()
        operator = self.people["admin"].operator
        request = operators.AdvanceClockRequest()
        now = operator.GetClock(operators.GetClockRequest()).now.ToDatetime()
        request.to.FromDatetime(now + datetime.timedelta(days=3))
        self.assertGreater(operator.AdvanceClock(request).timers_fired, 0)
        history = self.people["admin"].cases.ListHistory(cases.ListHistoryRequest(case_id=case, page_size=1000)).entries
        self.assertIn("timer_fired", {event.kind for entry in history for event in entry.events})
        self.assertEqual(self.holders(case), {"b", "d"})  # escalated to the officers: neither a nor c


def tearDownModule():
    remove_generated()


if __name__ == "__main__":
    unittest.main()
