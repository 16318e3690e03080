"""A flood from one client: it is refused at once and told when to come again, others are answered as if it were not
there, and the server's memory stays bounded."""

import collections
import threading
import time
import unittest

import grpc

from harness import Refused, Server, cases, refused, remove_generated, struct, watches

FLOODERS = 3
IN_FLIGHT = 400  # of each flooder
LARGE = "大" * 5_000
DECISIONS = 15
MEMORY_MIB = 600


class Flood(threading.Thread):
    """Asks as fast as it can, with many calls under way, and never waits when it is refused."""

    def __init__(self, client, number, stop):
        super().__init__(daemon=True)
        self.client, self.number, self.stop_event = client, number, stop
        self.codes = collections.Counter()
        self.retry = []

    def run(self):
        stub = self.client.channel.unary_unary(
            "/duban.v1.CaseService/StartCase",
            request_serializer=cases.StartCaseRequest.SerializeToString,
            response_deserializer=cases.StartCaseResponse.FromString,
        )
        room = threading.Semaphore(IN_FLIGHT)
        asked = 0
        while not self.stop_event.is_set():
            room.acquire()
            asked += 1
            request = cases.StartCaseRequest(request_id=f"flood-{self.number}-{asked}", campaign="end-to-end",
                                             workflow="counter", data=struct(last=LARGE))
            future = stub.future(request, timeout=30, metadata=self.client.metadata)
            future.add_done_callback(lambda done: (self.codes.update([done.code()]), room.release()))


def resident_mib(process):
    with open(f"/proc/{process.pid}/status") as status:
        return int(next(line for line in status if line.startswith("VmRSS")).split()[1]) // 1024


class AdmissionTest(unittest.TestCase):
    def setUp(self):
        self.server = Server()

    def tearDown(self):
        self.server.stop()
        self.server.remove()

    def test_a_flood_does_not_keep_others_from_deciding(self):
        self.server.write(more="[engine]\nqueue = 64\nbatch = 16\n")
        self.server.start()
        self.server.deploy()
        owner = self.server.client("owner")
        case_id = self.server.client("inspector").start("quiet", workflow="counter").case_id
        stop = threading.Event()
        floods = [Flood(self.server.client("inspector"), n, stop) for n in range(FLOODERS)]
        for flood in floods:
            flood.start()
        try:
            overloaded = self.insist_on_overload()
            for n in range(DECISIONS):
                receipt = owner.decide(f"count-{n}", owner.open_task(case_id).id, "counted", timeout=30)
                self.assertFalse(receipt.repeated)
            memory = resident_mib(self.server.process)
        finally:
            stop.set()
            for flood in floods:
                flood.join(timeout=60)
        self.assertEqual(owner.case(case_id).data.fields["count"].number_value, DECISIONS)
        self.assertLess(memory, MEMORY_MIB)
        self.assertEqual((overloaded.code, overloaded.reason), (grpc.StatusCode.RESOURCE_EXHAUSTED, "OVERLOADED"))
        self.assertGreater(overloaded.retry.seconds + overloaded.retry.nanos, 0)
        codes = sum((flood.codes for flood in floods), collections.Counter())
        self.assertGreater(codes[grpc.StatusCode.RESOURCE_EXHAUSTED], 0, codes)

    def insist_on_overload(self):
        """The flooding person's own call: sooner or later it meets the full queue."""
        inspector = self.server.client("inspector")
        until = time.monotonic() + 120
        number = 0
        while time.monotonic() < until:
            number += 1
            try:
                inspector.start(f"own-{number}", workflow="counter")
            except grpc.RpcError as error:
                if error.code() == grpc.StatusCode.RESOURCE_EXHAUSTED:
                    return Refused(error)
                raise
        raise AssertionError("the flood never filled the queue")

    def test_streams_of_one_person_are_limited(self):
        self.server.start()
        clerk = self.server.client("clerk")
        streams = [clerk.watches.Watch(watches.WatchRequest(resume_token="start"), timeout=60) for _ in range(102)]
        self.addCleanup(lambda: [stream.cancel() for stream in streams])
        until = time.monotonic() + 30
        while sum(stream.done() for stream in streams) < 2 and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(0.5)  # and no more than these two
        ended = [stream for stream in streams if stream.done()]
        self.assertEqual([refused(next, stream).reason for stream in ended], ["TOO_MANY_STREAMS"] * 2)

    def test_a_message_has_a_largest_size(self):
        self.server.write(server="max_message_bytes = 65536\n")
        self.server.start()
        error = refused(self.server.client("inspector").start, "large", place="x" * 70_000)
        self.assertEqual(error.code, grpc.StatusCode.RESOURCE_EXHAUSTED)


def tearDownModule():
    remove_generated()


if __name__ == "__main__":
    unittest.main()
