"""SIGKILL at any time: nothing that was acknowledged is lost, nothing happens twice."""

import json
import os
import random
import threading
import time
import unittest

import grpc

from harness import Server, cases, remove_generated, watches
from writers import Comparison, Counter, Starter

KILLS = int(os.environ.get("DUBAN_KILLS", "15"))
COUNTERS = 6
STARTERS = 3


class KillTest(unittest.TestCase):
    def setUp(self):
        self.server = Server().start()
        self.server.deploy()
        self.connect_all()

    def tearDown(self):
        self.server.stop()
        self.server.remove()

    def connect_all(self):
        self.clients = {person: self.server.client(person) for person in ("inspector", "owner", "head")}

    def test_killed_under_load(self):
        seed = int(os.environ.get("DUBAN_SEED", time.time()))
        chance = random.Random(seed)
        print(f"seed {seed}", flush=True)
        stop = threading.Event()
        writers = [Counter(i, lambda: self.clients, stop, self.server.directory) for i in range(COUNTERS)]
        writers += [Starter(i, lambda: self.clients, stop, self.server.directory) for i in range(STARTERS)]
        for writer in writers:
            writer.start()
        slowest_start = 0.0
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.1, 1.5))
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
        comparison = Comparison()
        for writer in writers:
            comparison.writer(self.clients["inspector"], writer)
        for counter in writers[:COUNTERS]:
            self.look_at(counter)
        self.wait_for_notifications(writers[COUNTERS:])
        self.server.stop()
        comparison.database(self.server.directory / "duban.db", writers)
        repeated = sum(writer.repeated for writer in writers)
        print(f"{repeated} found done after a kill, slowest start {slowest_start:.2f} s", flush=True)
        print(comparison.line("kills", KILLS), flush=True)
        self.assertGreater(comparison.acknowledged, 0)
        self.assertEqual(comparison.acknowledged, sum(writer.asked for writer in writers))
        self.assertEqual((comparison.lost, comparison.double), (0, 0))

    def look_at(self, counter):
        decisions = counter.asked - 1  # the first question started the case
        case = self.clients["inspector"].case(counter.case_id)
        self.assertEqual(case.data["count"], decisions)
        if decisions == 0:
            return
        # The last question once more: the same answer, and nothing done.
        last = counter.journal.read()[-1]
        self.assertEqual(case.data["last"], last["request"])
        closed = [t for t in self.clients["owner"].closed_tasks(counter.case_id) if t.HasField("vote")][-1]
        receipt = self.clients["owner"].decide(last["request"], closed.id, "counted", last=last["request"])
        self.assertEqual((receipt.repeated, receipt.revision), (True, last["revision"]))

    def wait_for_notifications(self, starters):
        """Whoever got a task was told, at least once and always under the same key."""
        wanted = {
            (line["case"], "owner" if line["revision"] == 1 else "head")
            for starter in starters
            for line in starter.journal.read()
            if line["revision"] < 3
        }
        deadline = time.monotonic() + 60
        while True:
            lines = (self.server.directory / "notifications.log").read_text(encoding="utf-8").splitlines()
            told, contents = set(), {}
            for line in lines:
                message = json.loads(line)
                told.add((message["case_id"], message["recipient"]))
                same = contents.setdefault(message["idempotency_key"], message)
                self.assertEqual(same["body"], message["body"])
            if wanted <= told:
                print(f"{len(lines)} messages told of {len(contents)}", flush=True)
                return
            self.assertLess(time.monotonic(), deadline, f"never told: {sorted(wanted - told)[:5]}")
            time.sleep(0.2)


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
