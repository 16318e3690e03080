"""A server on a virtual clock: each timer fires at its own time, in order, and what it led to was sent."""

import datetime
import unittest

import grpc

from harness import Server, cases, operators, refused, remove_generated

START = "2022-05-16T09:00:00+08:00"


class ClockTest(unittest.TestCase):
    def setUp(self):
        self.server = Server().start("--virtual-clock", START)
        self.server.deploy()
        self.admin = self.server.client("admin")
        self.inspector = self.server.client("inspector")

    def tearDown(self):
        self.server.stop()
        self.server.remove()

    def now(self):
        clock = self.admin.operator.GetClock(operators.GetClockRequest())
        self.assertTrue(clock.is_virtual)
        return clock.now.ToDatetime(tzinfo=datetime.timezone.utc)

    def advance(self, **span):
        request = operators.AdvanceClockRequest()
        request.to.FromDatetime(self.now() + datetime.timedelta(**span))
        return self.admin.operator.AdvanceClock(request)

    def test_time_moves_only_when_told(self):
        self.assertEqual(self.now(), datetime.datetime.fromisoformat(START))
        case_id = self.inspector.start("one", place="x").case_id
        self.assertEqual(
            self.inspector.case(case_id).started_at.ToDatetime(tzinfo=datetime.timezone.utc), self.now()
        )
        self.assertEqual(self.advance(minutes=1).timers_fired, 0)
        self.assertEqual(self.now() - datetime.datetime.fromisoformat(START), datetime.timedelta(minutes=1))

    def test_timers_fire_at_their_own_time(self):
        case_id = self.inspector.start("two", place="x").case_id
        due = self.inspector.case(case_id).deadlines[0].due.ToDatetime(tzinfo=datetime.timezone.utc)
        self.assertEqual(due, datetime.datetime.fromisoformat("2022-05-20T00:00:00+08:00"))
        moved = self.advance(days=10)
        self.assertEqual(moved.timers_fired, 2)  # the reminder at half time, and the due date
        history = self.inspector.cases.ListHistory(cases.ListHistoryRequest(case_id=case_id)).entries
        fired = [
            e.at.ToDatetime(tzinfo=datetime.timezone.utc)
            for e in history
            if any(x.kind == "timer_fired" for x in e.events)
        ]
        self.assertEqual(fired, sorted(fired))
        self.assertEqual(fired[-1], due)
        self.assertIn("owner", (self.server.directory / "notifications.log").read_text())

    def test_only_forward_and_only_by_administrators(self):
        request = operators.AdvanceClockRequest()
        request.to.FromDatetime(self.now())
        error = refused(self.admin.operator.AdvanceClock, request)
        self.assertEqual((error.code, error.reason), (grpc.StatusCode.INVALID_ARGUMENT, "INVALID_DATA"))
        request.to.seconds = 10**15
        self.assertEqual(
            refused(self.admin.operator.AdvanceClock, request).code, grpc.StatusCode.INVALID_ARGUMENT
        )
        error = refused(self.inspector.operator.AdvanceClock, request)
        self.assertEqual((error.code, error.reason), (grpc.StatusCode.PERMISSION_DENIED, "NOT_ALLOWED"))


def tearDownModule():
    remove_generated()


if __name__ == "__main__":
    unittest.main()
