"""Two duband on one PostgreSQL: no decision lost or doubled, timers fire once, a node that dies is stood in for."""

import threading
import time
import unittest

from cluster import Cluster, Writer, compare, remove_generated, until
from postgres import Postgres


class TwoNodesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.postgres = Postgres()

    @classmethod
    def tearDownClass(cls):
        cls.postgres.remove()

    def setUp(self):
        self.schema = "s_" + self.id().rsplit("_", 1)[-1]
        self.cluster = Cluster(self.postgres.storage(f"schema = {self.schema}\nlease_ms = 3000"))
        self.addCleanup(self.cluster.remove)

    def started(self, number, workflow, **data):
        """Cases started on both nodes in turn."""
        clients = self.cluster.clients
        return [
            clients[i % len(clients)]["inspector"].start(f"{workflow}-{i}", workflow=workflow, **data).case_id
            for i in range(number)
        ]

    def test_both_decide_on_the_same_cases(self):
        ids = self.started(3, "counter")
        stop = threading.Event()
        writers = [
            Writer(f"writer-{i}-{node}", self.cluster, case_id, stop, prefer=node)
            for i, case_id in enumerate(ids)
            for node in (0, 1)
        ]
        for writer in writers:
            writer.start()
        time.sleep(6)
        stop.set()
        for writer in writers:
            writer.join(timeout=60)
            self.assertEqual(writer.wrong, [])
        total, lost, double = compare(self.cluster.clients[0]["inspector"], writers)
        races = sum(w.lost_races for w in writers)
        print(f"{total} decisions acknowledged, {races} races lost: lost {lost}, double {double}", flush=True)
        self.assertGreater(total, 0)
        self.assertGreater(races, 0)
        self.assertEqual((lost, double), (0, 0))

    def test_timers_fire_once_and_messages_are_sent_once(self):
        until(lambda: self.shares() == [32, 32])
        ids = self.started(40, "alarm", moment=500)
        until(lambda: all(self.rung(i) for i in ids))
        until(lambda: len(set(sum(self.cluster.notifications(), []))) == len(ids))
        self.check(ids)
        first, second = self.cluster.notifications()
        self.assertTrue(first and second, "both deliver")
        self.assertEqual(len(first + second), len(ids), "each once")
        for case_id in ids:
            entries = self.cluster.clients[0]["inspector"].history(case_id)
            kinds = [event.kind for entry in entries for event in entry.events]
            self.assertEqual(kinds.count("timer_fired"), 1)

    def test_a_killed_node_is_stood_in_for(self):
        until(lambda: self.shares() == [32, 32])
        ids = self.started(40, "alarm", moment=1500)
        self.cluster.nodes[0].kill()
        self.cluster.clients.pop(0)
        took = until(lambda: all(self.rung(i) for i in ids))
        owner = self.cluster.clients[0]["owner"]
        until(lambda: len(set(sum(self.cluster.notifications(), []))) == len(ids))
        print(f"the timers of the killed node had fired {took:.1f} s after it was killed", flush=True)
        self.check(ids)
        self.assertEqual(self.shares(), [64])
        task = owner.open_task(ids[0])
        self.assertFalse(owner.decide("answer", task.id, "answered").repeated)

    def shares(self):
        rows = self.postgres.query(
            f"SELECT count(*) FROM {self.schema}.parts WHERE node IN (SELECT node FROM {self.schema}.nodes) "
            "GROUP BY node ORDER BY 1"
        )
        return [int(n) for n in rows.split()]

    def rung(self, case_id):
        return any(s.id == "rung" for s in self.cluster.clients[0]["inspector"].case(case_id).states)

    def check(self, ids):
        for case_id in ids:
            case = self.cluster.clients[0]["inspector"].case(case_id)
            self.assertEqual(case.data["rung"], 1)
            self.assertEqual(case.revision, 2, "started, rung")


def tearDownModule():
    remove_generated()


if __name__ == "__main__":
    unittest.main()
