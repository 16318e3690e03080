"""PostgreSQL killed and started again under load from two duband: nothing acknowledged is lost, nothing is done
twice, and the service comes back by itself."""

import os
import threading
import time
import unittest

from cluster import Cluster, Writer, compare, remove_generated
from postgres import Postgres

RESTARTS = int(os.environ.get("DUBAN_RESTARTS", "4"))


class RestartTest(unittest.TestCase):
    def test_restarted_under_load(self):
        postgres = Postgres()
        self.addCleanup(postgres.remove)
        cluster = Cluster(postgres.storage())
        self.addCleanup(cluster.remove)
        inspector = cluster.clients[0]["inspector"]
        stop = threading.Event()
        writers = [
            Writer(f"writer-{i}", cluster, inspector.start(f"start-{i}", workflow="counter").case_id, stop, prefer=i)
            for i in range(6)
        ]
        for writer in writers:
            writer.start()
        slowest = 0.0
        for _ in range(RESTARTS):
            time.sleep(1)
            postgres.control("restart", "-m", "immediate")
            back = time.monotonic()
            before = [len(w.acknowledged) for w in writers]
            while any(len(w.acknowledged) <= n for w, n in zip(writers, before)) and not any(w.wrong for w in writers):
                self.assertLess(time.monotonic() - back, 60, "the service does not come back")
                time.sleep(0.02)
            slowest = max(slowest, time.monotonic() - back)
        stop.set()
        for writer in writers:
            writer.join(timeout=60)
            self.assertEqual(writer.wrong, [])
        total, lost, double = compare(inspector, writers)
        print(
            f"{RESTARTS} restarts, {total} decisions acknowledged, {sum(w.repeated for w in writers)} found done "
            f"afterwards, every writer served again within {slowest:.1f} s: lost {lost}, double {double}",
            flush=True,
        )
        self.assertGreater(total, 0)
        self.assertEqual((lost, double), (0, 0))


def tearDownModule():
    remove_generated()


if __name__ == "__main__":
    unittest.main()
