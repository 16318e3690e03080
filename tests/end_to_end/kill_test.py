"""SIGKILL at any time: nothing that was acknowledged is lost, nothing happens twice.

Each writer counts in a case of its own: it decides the open task again and again, each time under a new
request id, and keeps a journal of what was asked and what was acknowledged. When the server dies it asks the
same question again. In the end the number that the case holds must be the number of questions.
"""

import os
import random
import threading
import time
import unittest

import grpc

from harness import Server, cases, remove_generated, tasks, watches

KILLS = int(os.environ.get("DUBAN_KILLS", "10"))
WRITERS = 8


class Writer(threading.Thread):
    def __init__(self, number, connect, stop):
        super().__init__(daemon=True)
        self.number = number
        self.connect = connect
        self.stop_event = stop
        self.acknowledged = {}  # request id → revision
        self.asked = 0
        self.repeated = 0
        self.wrong = []

    def run(self):
        try:
            self.case_id = self.insist(
                lambda c: c["inspector"].start(f"start-{self.number}", workflow="counter")
            ).case_id
            while not self.stop_event.is_set():
                task = self.insist(lambda c: c["owner"].open_task(self.case_id))
                self.asked += 1
                request_id = f"count-{self.number}-{self.asked}"
                receipt = self.insist(
                    lambda c: c["owner"].decide(request_id, task.id, "counted", last=request_id, timeout=5)
                )
                self.repeated += receipt.repeated
                self.acknowledged[request_id] = receipt.revision
        except Exception as error:  # noqa: BLE001: whatever it is, the test must see it
            self.wrong.append(repr(error))

    def insist(self, ask):
        """The same question until it is answered: what a client does that must know."""
        while True:
            try:
                return ask(self.connect())
            except grpc.RpcError as error:
                if error.code() not in (
                    grpc.StatusCode.UNAVAILABLE,
                    grpc.StatusCode.DEADLINE_EXCEEDED,
                    grpc.StatusCode.CANCELLED,
                ):
                    raise
                time.sleep(0.02)
            except ValueError:  # the channel was closed by the kill
                time.sleep(0.02)


class KillTest(unittest.TestCase):
    def setUp(self):
        self.server = Server().start()
        self.server.deploy()
        self.connect_all()

    def tearDown(self):
        self.server.stop()
        self.server.remove()

    def connect_all(self):
        self.clients = {person: self.server.client(person) for person in ("inspector", "owner")}

    def test_killed_under_load(self):
        seed = int(os.environ.get("DUBAN_SEED", time.time()))
        chance = random.Random(seed)
        print(f"seed {seed}", flush=True)
        stop = threading.Event()
        writers = [Writer(i, lambda: self.clients, stop) for i in range(WRITERS)]
        for writer in writers:
            writer.start()
        slowest_start = 0.0
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.2, 1.5))
            self.server.kill()
            began = time.monotonic()
            self.server.start()
            slowest_start = max(slowest_start, time.monotonic() - began)
            self.connect_all()
        time.sleep(0.5)
        stop.set()
        for writer in writers:
            writer.join(timeout=60)
            self.assertFalse(writer.is_alive())
            self.assertEqual(writer.wrong, [])
        lost, double = self.compare(writers)
        total = sum(len(w.acknowledged) for w in writers)
        repeated = sum(w.repeated for w in writers)
        print(
            f"{KILLS} kills, {total} decisions acknowledged, {repeated} found done after a kill, "
            f"slowest start {slowest_start:.2f} s: lost {lost}, double {double}",
            flush=True,
        )
        self.assertGreater(total, 0)
        self.assertEqual((lost, double), (0, 0))

    def compare(self, writers):
        lost = double = 0
        for writer in writers:
            self.assertEqual(len(writer.acknowledged), writer.asked)
            journal = self.journal(writer.case_id)
            decided = [e for e in journal if any(event.kind == "seat_decided" for event in e.events)]
            by_revision = {entry.revision for entry in decided}
            lost += sum(1 for revision in writer.acknowledged.values() if revision not in by_revision)
            double += len(decided) - writer.asked
            self.assertEqual([e.revision for e in journal], list(range(1, len(journal) + 1)))
            case = self.clients["inspector"].case(writer.case_id)
            self.assertEqual(case.data["count"], writer.asked)
            self.assertEqual(case.data["last"], f"count-{writer.number}-{writer.asked}")
            # The last question once more: the same answer, and nothing done.
            last = f"count-{writer.number}-{writer.asked}"
            closed = [t for t in self.closed_tasks(writer.case_id) if t.HasField("vote")][-1]
            receipt = self.clients["owner"].decide(last, closed.id, "counted", last=last)
            self.assertEqual((receipt.repeated, receipt.revision), (True, writer.acknowledged[last]))
        return lost, double

    def journal(self, case_id):
        entries, token = [], ""
        while True:
            page = self.clients["inspector"].cases.ListHistory(
                cases.ListHistoryRequest(case_id=case_id, page_size=1000, page_token=token)
            )
            entries += page.entries
            token = page.next_page_token
            if not token:
                return entries

    def closed_tasks(self, case_id):
        found, token = [], ""
        while True:
            page = self.clients["owner"].tasks.ListTasks(
                tasks.ListTasksRequest(
                    case_id=case_id, include_closed=True, page_size=1000, page_token=token
                )
            )
            found += page.tasks
            token = page.next_page_token
            if not token:
                return found


class StopTest(unittest.TestCase):
    def test_a_graceful_stop_finishes_what_is_under_way(self):
        server = Server().start()
        self.addCleanup(server.remove)
        server.deploy()
        stop = threading.Event()
        clients = {person: server.client(person) for person in ("inspector", "owner")}
        outcomes = []

        def write(number):
            while not stop.is_set():
                try:
                    outcomes.append(
                        clients["inspector"]
                        .start(f"stop-{number}-{len(outcomes)}-{time.monotonic()}", workflow="counter")
                        .case_id
                    )
                except grpc.RpcError as error:
                    outcomes.append(error.code())
                    return

        stream = clients["inspector"].watches.Watch(watches.WatchRequest(resume_token="start"), timeout=60)
        writers = [threading.Thread(target=write, args=(i,)) for i in range(4)]
        for writer in writers:
            writer.start()
        time.sleep(0.5)
        began = time.monotonic()
        server.process.terminate()
        self.assertEqual(server.process.wait(timeout=20), 0)
        self.assertLess(time.monotonic() - began, 7)
        stop.set()
        for writer in writers:
            writer.join()
        seen = []
        with self.assertRaises(grpc.RpcError) as ended:
            for response in stream:
                seen.append(response)
        self.assertEqual(ended.exception.code(), grpc.StatusCode.UNAVAILABLE)
        acknowledged = [o for o in outcomes if isinstance(o, str)]
        self.assertTrue(acknowledged)
        self.assertLessEqual(
            {o for o in outcomes if not isinstance(o, str)},
            {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED},
        )
        server.forget()
        server.start()
        client = server.client("inspector")
        for case_id in acknowledged:
            client.case(case_id)
        server.stop()


def tearDownModule():
    remove_generated()


if __name__ == "__main__":
    unittest.main()
