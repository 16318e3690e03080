"""The front itself, whatever the method: health, reflection, what is refused before any handler is asked, callers that
go away, and the end of the server while everybody calls."""

import collections
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.request

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool
from grpc_tools import protoc

from harness import SOURCE, Server, cases, definitions, directory, refused, remove_generated, struct, tasks, watches

Code = grpc.StatusCode
STREAMS = 90  # of one person; the server takes 100
CALLS = 40    # under way at once while the server stops


def published(*folders):
    """The messages of gRPC's own services. Their package has the name of Python's gRPC, so they lie apart."""
    out = tempfile.mkdtemp(prefix="duban-proto-")
    sys.path.insert(0, out)
    for folder in folders:
        for file in (SOURCE / "proto" / "grpc" / folder).glob("*.proto"):
            if protoc.main(["protoc", f"-I{file.parent}", f"--python_out={out}", str(file)]) != 0:
                raise RuntimeError(f"{file} could not be compiled")
    return out


_PUBLISHED = published("health/v1", "reflection/v1alpha")

import health_pb2 as health  # noqa: E402
import reflection_pb2 as reflection  # noqa: E402

Health = health.HealthCheckResponse


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(test, condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        test.assertLess(time.monotonic(), end)
        time.sleep(0.05)


def begin(client, path, request, answer=bytes, **named):
    """A call of duban.v1 that goes on by itself."""
    method = client.channel.unary_unary(
        "/duban.v1." + path, lambda message: message.SerializeToString(),
        bytes if answer is bytes else answer.FromString)
    return method.future(request, metadata=client.metadata, **named)


class Bare:
    """A connection without credentials that sends and gets bytes, or messages of gRPC's own services."""

    def __init__(self, address, token=None):
        self.channel = grpc.insecure_channel(address, options=[("grpc.use_local_subchannel_pool", 1)])
        self.metadata = (("authorization", f"Bearer {token}"),) if token else ()

    def call(self, path, body=b"", **named):
        return self.channel.unary_unary(path)(body, metadata=self.metadata, timeout=10, **named)

    def check(self, service=""):
        asked = health.HealthCheckRequest(service=service).SerializeToString()
        return Health.FromString(self.call("/grpc.health.v1.Health/Check", asked)).status

    def watch_health(self, service=""):
        return self.channel.unary_stream(
            "/grpc.health.v1.Health/Watch", health.HealthCheckRequest.SerializeToString, Health.FromString
        )(health.HealthCheckRequest(service=service), timeout=30)

    def reflect(self, *questions):
        asked = (reflection.ServerReflectionRequest(**q) for q in questions)
        return list(self.channel.stream_stream(
            "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
            reflection.ServerReflectionRequest.SerializeToString,
            reflection.ServerReflectionResponse.FromString,
        )(asked, timeout=10))


class FrontTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.metrics = free_port()
        cls.server.write(more=f"[metrics]\nlisten = 127.0.0.1:{cls.metrics}\n")
        cls.server.start()
        cls.server.deploy()
        cls.bare = Bare(cls.server.address)
        cls.inspector = cls.server.client("inspector")

    @classmethod
    def tearDownClass(cls):
        cls.bare.channel.close()
        cls.server.stop()
        cls.server.remove()

    def healthy(self):
        self.assertEqual(self.bare.check(), Health.SERVING)
        self.inspector.cases.ListCases(cases.ListCasesRequest(), timeout=10)

    def named(self):
        return Bare(self.server.address, self.server.tokens["inspector"])

    def test_only_one_thread_polls(self):
        names = [
            (task / "comm").read_text().strip()
            for task in pathlib.Path(f"/proc/{self.server.process.pid}/task").iterdir()
        ]
        self.assertEqual(names.count("front"), 1, names)
        self.assertFalse([n for n in names if n.startswith(("nexting_thread", "grpcpp_sync"))], names)

    def test_health(self):
        self.assertEqual(self.bare.check(), Health.SERVING)
        self.assertEqual(self.bare.check("duban.v1.TaskService"), Health.SERVING)
        self.assertEqual(refused(self.bare.check, "duban.v1.Nothing").code, Code.NOT_FOUND)
        stream = self.bare.watch_health("duban.v1.Nothing")
        self.assertEqual(next(stream).status, Health.SERVICE_UNKNOWN)
        stream.cancel()

    def test_reflection_lists_and_finds(self):
        listed, by_name, symbol, again, missing, extension, numbers, empty = self.bare.reflect(
            {"list_services": "*"},
            {"file_by_filename": "google/rpc/status.proto"},
            {"file_containing_symbol": "duban.v1.TaskService.Decide"},
            {"file_containing_symbol": "duban.v1.TaskService"},
            {"file_containing_symbol": "duban.v1.Nothing"},
            {"file_containing_extension": {"containing_type": "duban.v1.Task", "extension_number": 7}},
            {"all_extension_numbers_of_type": "duban.v1.Task"},
            {},
        )
        names = [s.name for s in listed.list_services_response.service]
        self.assertEqual(names, sorted(names))
        self.assertIn("grpc.health.v1.Health", names)
        self.assertEqual(len([n for n in names if n.startswith("duban.v1.")]), 6)
        files = [descriptor_pb2.FileDescriptorProto.FromString(f)
                 for f in by_name.file_descriptor_response.file_descriptor_proto]
        self.assertEqual({f.name for f in files}, {"google/rpc/status.proto", "google/protobuf/any.proto"})
        self.assertGreater(len(symbol.file_descriptor_response.file_descriptor_proto), 1)
        self.assertEqual(len(again.file_descriptor_response.file_descriptor_proto), 0)  # sent before
        for nothing in (missing, extension):
            self.assertEqual(nothing.error_response.error_code, Code.NOT_FOUND.value[0])
        self.assertEqual(numbers.all_extension_numbers_response.base_type_name, "duban.v1.Task")
        self.assertEqual(empty.error_response.error_code, Code.INVALID_ARGUMENT.value[0])

    def test_every_published_method_is_served(self):
        [listed] = self.bare.reflect({"list_services": ""})
        pool = descriptor_pool.DescriptorPool()
        names = [s.name for s in listed.list_services_response.service]
        known = {}
        for answer in self.bare.reflect(*({"file_containing_symbol": n} for n in names)):
            for file in answer.file_descriptor_response.file_descriptor_proto:
                parsed = descriptor_pb2.FileDescriptorProto.FromString(file)
                known[parsed.name] = parsed

        def add(name):
            parsed = known.pop(name, None)
            for other in parsed.dependency if parsed else ():
                add(other)
            if parsed:
                pool.Add(parsed)

        for name in list(known):
            add(name)
        methods = 0
        for name in (n for n in names if n.startswith("duban.")):
            for method in pool.FindServiceByName(name).methods:
                methods += 1
                error = refused(self.bare.call, f"/{name}/{method.name}")
                self.assertEqual(error.code, Code.UNAUTHENTICATED, method.full_name)
        self.assertGreater(methods, 35)

    def test_methods_that_are_not_there(self):
        for path in ("/duban.v1.TaskService/Nothing", "/duban.v2.TaskService/Decide", "/", "/a/b/c"):
            error = refused(self.named().call, path)
            self.assertEqual((error.code, error.reason), (Code.UNIMPLEMENTED, "UNKNOWN_METHOD"), path)

    def test_bytes_that_are_no_request(self):
        for method in ("CaseService/StartCase", "CaseService/ListCases", "DirectoryService/WhoAmI",
                       "OperatorService/Backup"):
            for body in (b"\xff\xff\xff", b"\x0a\x7f", b"\x0a\x02\xc3\x28"):
                if method.endswith(("WhoAmI", "ListCases")) and body == b"\x0a\x02\xc3\x28":
                    continue  # an unknown field, or a field that is bytes to nobody
                error = refused(self.named().call, f"/duban.v1.{method}", body)
                self.assertEqual((error.code, error.reason), (Code.INVALID_ARGUMENT, "MALFORMED"), method)
        bare = self.named()
        silent = bare.channel.stream_unary("/duban.v1.CaseService/StartCase")
        error = refused(silent, iter(()), metadata=bare.metadata, timeout=10)
        self.assertEqual((error.code, error.reason), (Code.INVALID_ARGUMENT, "NO_REQUEST"))
        self.healthy()

    def test_sizes(self):
        request = cases.StartCaseRequest(request_id="large", campaign="x" * (5 << 20)).SerializeToString()
        self.assertEqual(refused(self.named().call, "/duban.v1.CaseService/StartCase", request).code,
                         Code.RESOURCE_EXHAUSTED)
        self.inspector.start("of-45-kb", workflow="counter", last="大" * 15_000)  # a reader parses it
        self.healthy()

    def test_callers_that_do_not_wait(self):
        """Cancelled at once, or with a deadline that is too near: the rest goes on."""
        for number in range(300):
            request = cases.StartCaseRequest(request_id=f"gone-{number}", campaign="end-to-end",
                                             workflow="counter")
            future = begin(self.inspector, "CaseService/StartCase", request, timeout=10)
            if number % 3:
                time.sleep(0.0005 * (number % 5))
            future.cancel()
            try:
                self.inspector.cases.ListCases(cases.ListCasesRequest(), timeout=0.0001)
            except grpc.RpcError as error:
                self.assertEqual(error.code(), Code.DEADLINE_EXCEEDED)
        self.healthy()

    def test_nothing_is_done_after_the_deadline(self):
        """Both workers are busy, the deadline passes while the call waits for one: its handler is not asked."""
        big = {f"w{i}.yaml": "workflow: w\n" + "# 说明\n" * 9_000 for i in range(40)}
        request = definitions.ValidateRequest(files=big)

        def late():
            """One call behind six turns of both workers, with time for two; whether it was as slow as meant."""
            begun, before = time.monotonic(), self.ended("Validate")
            self.inspector.definitions.Validate(request, timeout=120)
            turn = time.monotonic() - begun
            busy = [begin(self.inspector, "DefinitionService/Validate", request, timeout=120) for _ in range(12)]
            until(self, lambda: any(future.done() for future in busy), seconds=120)  # so they have arrived
            try:
                self.inspector.definitions.Validate(request, timeout=2 * turn)
                behind = False
            except grpc.RpcError as error:
                self.assertEqual(error.code(), Code.DEADLINE_EXCEEDED)
                behind = sum(not future.done() for future in busy) >= 4
            for future in busy:
                future.result()
            until(self, lambda: (self.ended("Validate") - before)["OK"] >= 13)
            time.sleep(turn)  # in which the late one would be done
            ended = self.ended("Validate") - before
            arrived = ended.total() == 14  # a busy machine may not even have sent it in its time
            if behind:
                self.assertEqual(ended["OK"], 13, ended)
            return behind and arrived

        self.assertTrue(any(late() for _ in range(10)))
        self.healthy()

    def metric(self, name):
        """The lines of a metric: what stands in its braces, and its value."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.metrics}/metrics", timeout=20) as answer:
            lines = answer.read().decode().splitlines()
        for line in lines:
            if line.startswith((name + " ", name + "{")):
                yield line[len(name):line.rindex(" ")], int(float(line.split()[-1]))

    def ended(self, method):
        """How the calls of a method ended, as the server counted them."""
        codes = collections.Counter()
        for labels, value in self.metric("duban_calls_total"):
            if f'method="{method}"' in labels:
                codes[labels.split('code="')[1].split('"')[0]] += value
        return codes

    def streams(self):
        [(_, streams)] = self.metric("duban_watch_streams")
        return streams

    def test_watchers_that_vanish(self):
        """Connections are cut, not closed; the server forgets their streams, and the person may open as many again."""
        watch = (
            "import sys, grpc, threading\n"
            "channel = grpc.insecure_channel(sys.argv[1])\n"
            "open_one = channel.unary_stream('/duban.v1.WatchService/Watch')\n"
            "streams = [open_one(b'\\x1a\\x05start', metadata=(('authorization', sys.argv[2]),))"
            " for _ in range(int(sys.argv[3]))]\n"
            "[next(s) for s in streams]\n"
            "print('open', flush=True)\n"
            "threading.Event().wait()\n"
        )
        self.assertEqual(watches.WatchRequest(resume_token="start").SerializeToString()[-5:], b"start")
        body = watches.WatchRequest(resume_token="start").SerializeToString()
        watch = watch.replace("b'\\x1a\\x05start'", repr(body))
        self.inspector.start("something-to-watch", place="a")
        for _ in range(3):
            one = subprocess.Popen(
                [sys.executable, "-c", watch, self.server.address, "Bearer " + self.server.tokens["inspector"],
                 str(STREAMS)], stdout=subprocess.PIPE, text=True)
            self.assertEqual(one.stdout.readline(), "open\n")
            self.assertGreaterEqual(self.streams(), STREAMS)
            self.inspector.start(f"seen-{one.pid}", place="b")
            one.kill()
            one.wait()
            one.stdout.close()
            until(self, lambda: self.streams() == 0)
        self.healthy()

    def test_health_watchers_are_bounded(self):
        bare = [Bare(self.server.address) for _ in range(3)]
        open_ones = [one.watch_health() for one in bare for _ in range(334)]
        codes = collections.Counter()
        for stream in open_ones:
            try:
                codes[next(stream).status] += 1
            except grpc.RpcError as error:
                codes[error.code()] += 1
        self.assertEqual(codes, {Health.SERVING: 1000, Code.RESOURCE_EXHAUSTED: 2})
        for one in bare:
            one.channel.close()

        def again():
            stream = self.bare.watch_health()
            try:
                return next(stream).status == Health.SERVING
            except grpc.RpcError:
                return False
            finally:
                stream.cancel()

        until(self, again)


class Load(threading.Thread):
    """Starts cases, reads and watches until nobody answers any more."""

    def __init__(self, client, number):
        super().__init__(daemon=True)
        self.client, self.number = client, number
        self.acknowledged, self.codes = [], collections.Counter()

    def run(self):
        asked = 0
        while self.codes[Code.UNAVAILABLE] + self.codes[Code.CANCELLED] == 0:
            asked += 1
            request = cases.StartCaseRequest(request_id=f"load-{self.number}-{asked}", campaign="end-to-end",
                                             workflow="counter")
            futures = [
                begin(self.client, "CaseService/StartCase", request, cases.StartCaseResponse, timeout=20),
                begin(self.client, "TaskService/ListTasks", tasks.ListTasksRequest(), timeout=20),
                begin(self.client, "DirectoryService/WhoAmI", directory.WhoAmIRequest(), timeout=20),
            ]
            for index, future in enumerate(futures):
                try:
                    answer = future.result()
                    if index == 0:
                        self.acknowledged.append(answer.receipt.case_id)
                except grpc.RpcError as error:
                    self.codes[error.code()] += 1


class StopTest(unittest.TestCase):
    def setUp(self):
        self.server = Server().start()
        self.server.deploy()

    def tearDown(self):
        self.server.stop()
        self.server.remove()

    def test_the_end_under_load(self):
        bare = Bare(self.server.address)
        watched = bare.watch_health()
        self.assertEqual(next(watched).status, Health.SERVING)
        stream = self.server.client("inspector").watches.Watch(watches.WatchRequest(resume_token="start"))
        loads = [Load(self.server.client("inspector"), number) for number in range(CALLS)]
        for load in loads:
            load.start()
        until(self, lambda: sum(len(load.acknowledged) for load in loads) > 200)
        begun = time.monotonic()
        self.server.process.send_signal(signal.SIGTERM)
        self.assertEqual(next(watched).status, Health.NOT_SERVING)
        self.assertEqual(refused(next, watched).code, Code.UNAVAILABLE)
        with self.assertRaises(grpc.RpcError) as ended:
            for _ in stream:
                pass
        self.assertEqual(ended.exception.code(), Code.UNAVAILABLE)
        self.assertEqual(self.server.process.wait(timeout=20), 0)
        self.assertLess(time.monotonic() - begun, 10)
        for load in loads:
            load.join(timeout=30)
            self.assertFalse(load.is_alive())
            self.assertLessEqual(set(load.codes), {Code.UNAVAILABLE, Code.CANCELLED})
        bare.channel.close()
        self.server.forget()
        self.server.start()
        client = self.server.client("inspector")
        for load in loads:
            for case_id in load.acknowledged[-3:]:
                self.assertEqual(client.case(case_id).id, case_id)


def tearDownModule():
    import shutil
    shutil.rmtree(_PUBLISHED, ignore_errors=True)
    remove_generated()


if __name__ == "__main__":
    os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")
    unittest.main()
