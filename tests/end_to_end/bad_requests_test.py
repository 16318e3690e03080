"""What goes wrong is said: each wrong request and credential, with the error that it must give."""

import signal
import time
import unittest

import grpc

from harness import (
    Client,
    Refused,
    Server,
    cases,
    definitions,
    directory,
    operators,
    refused,
    remove_generated,
    struct_pb2,
    tasks,
    watches,
)

Code = grpc.StatusCode


class RequestTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server().start()
        cls.server.deploy()
        cls.inspector = cls.server.client("inspector")
        cls.owner = cls.server.client("owner")
        cls.clerk = cls.server.client("clerk")
        cls.case_id = cls.inspector.start("the-case", place="库房").case_id

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        cls.server.remove()

    def check(self, error, code, reason, field=None):
        self.assertEqual((error.code, error.reason), (code, reason), error.message)
        self.assertEqual(error.domain, "duban")
        self.assertTrue(error.refusal.message.zh and error.refusal.message.en)
        if field:
            self.assertTrue(any(field in v.field for v in error.violations), error.violations)

    def invalid(self, field, call, *arguments, **named):
        self.check(refused(call, *arguments, **named), Code.INVALID_ARGUMENT, "INVALID_DATA", field)

    def not_allowed(self, call, *arguments, **named):
        self.check(refused(call, *arguments, **named), Code.PERMISSION_DENIED, "NOT_ALLOWED")

    def test_credentials(self):
        for token in (None, "duban_wrong", "", "x" * 5000):
            error = refused(Client(grpc.insecure_channel(self.server.address), token).case, self.case_id)
            self.check(error, Code.UNAUTHENTICATED, "UNAUTHENTICATED")
        client = self.server.client("inspector")
        client.metadata = (("authorization", "Basic " + self.server.tokens["inspector"]),)
        self.check(refused(client.case, self.case_id), Code.UNAUTHENTICATED, "UNAUTHENTICATED")
        stream = Client(grpc.insecure_channel(self.server.address)).watches.Watch(watches.WatchRequest())
        self.check(refused(next, stream), Code.UNAUTHENTICATED, "UNAUTHENTICATED")

    def test_tokens_are_kept_as_hashes_only(self):
        text = (self.server.directory / "tokens").read_text()
        self.assertEqual(len(text.splitlines()), 5)
        self.assertNotIn("duban_", text)
        self.assertEqual((self.server.directory / "tokens").stat().st_mode & 0o777, 0o600)

    def test_a_token_that_was_taken_away(self):
        token = self.server.make_token("clerk")
        client = self.server.client(token=token)
        path = self.server.directory / "tokens"
        self._until(lambda: self._who(client) == "clerk")
        path.write_text("".join(line + "\n" for line in path.read_text().splitlines()[:-1]))
        self._until(lambda: self._who(client) is None)

    def _who(self, client):
        try:
            return client.directory.WhoAmI(directory.WhoAmIRequest()).id
        except grpc.RpcError:
            return None

    def _until(self, condition):
        end = time.monotonic() + 10
        while not condition():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.05)

    def test_request_ids(self):
        for request_id in ("", "x" * 129):
            self.invalid("request_id", self.inspector.start, request_id, place="a")
        self.inspector.start("x" * 128, place="a")
        self.inspector.start("reused", place="a")
        self.check(
            refused(self.inspector.start, "reused", place="b"), Code.ALREADY_EXISTS, "REQUEST_ID_REUSED"
        )

    def test_names_of_what_is_not_there(self):
        start = self.inspector.cases.StartCase
        request = cases.StartCaseRequest(request_id="n1", campaign="nowhere", workflow="hazard")
        self.check(refused(start, request), Code.NOT_FOUND, "UNKNOWN_CAMPAIGN")
        request = cases.StartCaseRequest(request_id="n2", campaign="end-to-end", workflow="nothing")
        self.check(refused(start, request), Code.NOT_FOUND, "UNKNOWN_WORKFLOW")
        for request in (
            cases.StartCaseRequest(request_id="n3", workflow="hazard"),
            cases.StartCaseRequest(request_id="n4", campaign="x" * 257, workflow="hazard"),
        ):
            self.invalid("campaign", start, request)

    def test_ids_that_are_none(self):
        for case_id in ("", "x", "0000000000000", "ZZZZZZZZZZZZZ", "界" * 10, self.case_id + "0"):
            self.check(refused(self.inspector.case, case_id), Code.NOT_FOUND, "UNKNOWN_CASE")
            self.check(refused(self.inspector.send, "i1", case_id, "e"), Code.NOT_FOUND, "UNKNOWN_CASE")
        for task_id in (
            "",
            "x",
            self.case_id,
            self.case_id + "-",
            self.case_id + "-999",
            "0000000000001-1",
        ):
            self.check(
                refused(self.owner.decide, "i2", task_id, "submitted"), Code.NOT_FOUND, "UNKNOWN_TASK"
            )
            self.check(
                refused(self.owner.tasks.GetTask, tasks.GetTaskRequest(task_id=task_id)),
                Code.NOT_FOUND,
                "UNKNOWN_TASK",
            )

    def test_a_foreign_case_is_not_known(self):
        task_id = self.owner.open_task(self.case_id).id
        absent = "0000000000001"
        for one, other in (
            (lambda i: self.clerk.case(i), "UNKNOWN_CASE"),
            (lambda i: self.clerk.cases.ListHistory(cases.ListHistoryRequest(case_id=i)), "UNKNOWN_CASE"),
            (lambda i: self.clerk.tasks.ListTasks(tasks.ListTasksRequest(case_id=i)), "UNKNOWN_CASE"),
            (
                lambda i: self.clerk.definitions.GetGraph(definitions.GetGraphRequest(case_id=i)),
                "UNKNOWN_CASE",
            ),
            (lambda i: next(self.clerk.watches.Watch(watches.WatchRequest(case_id=i))), "UNKNOWN_CASE"),
            (lambda i: self.clerk.send("f1", i, "hazard.withdrawn", reason="x"), "UNKNOWN_CASE"),
            (
                lambda i: self.clerk.decide(
                    "f2", task_id.replace(self.case_id, i), "submitted", measures="x"
                ),
                "UNKNOWN_TASK",
            ),
            (
                lambda i: self.clerk.tasks.GetTask(
                    tasks.GetTaskRequest(task_id=task_id.replace(self.case_id, i))
                ),
                "UNKNOWN_TASK",
            ),
        ):
            foreign, missing = refused(one, self.case_id), refused(one, absent)
            self.check(foreign, Code.NOT_FOUND, other)
            self.check(missing, Code.NOT_FOUND, other)
            self.assertEqual(foreign.message.replace(self.case_id, absent), missing.message)
            self.assertEqual((list(foreign.refusal.who), len(foreign.refusal.permitted)), ([], 0))
        self.assertEqual(len(self.clerk.cases.ListCases(cases.ListCasesRequest()).cases), 0)

    def test_who_may_start(self):
        error = refused(self.owner.start, "s1", place="a")
        self.check(error, Code.PERMISSION_DENIED, "NOT_ALLOWED")

    def test_data(self):
        self.invalid("place", self.inspector.start, "d1")
        self.invalid("place", self.inspector.start, "d2", place=7)
        self.invalid("place", self.inspector.start, "d3", place="x" * 101)
        self.invalid("plaice", self.inspector.start, "d4", place="a", plaice="b")
        self.invalid("level", self.inspector.start, "d5", place="a", level="huge")
        for count in (1001, -1, 1.5, 1e30):
            self.invalid("count", self.inspector.start, "d6", place="a", count=count)
        error = refused(self.inspector.start, "d7", place=7, level=8, count="9")
        self.assertEqual(len(error.violations), 3, error.violations)
        for number in (float("nan"), float("inf")):
            self.invalid("count", self.inspector.start, "d8", place="a", count=number)
        self.invalid("place", self.inspector.start, "d9", place="x" * (256 * 1024))
        deep = struct_pb2.Value(string_value="x")
        for _ in range(40):
            deep = struct_pb2.Value(list_value=struct_pb2.ListValue(values=[deep]))
        request = cases.SendEventRequest(request_id="d10", case_id=self.case_id, event="e", data=deep)
        self.invalid("data", self.inspector.cases.SendEvent, request)

    def test_sizes(self):
        task_id = self.owner.open_task(self.case_id).id
        self.invalid("opinion", self.owner.decide, "z1", task_id, "submitted", opinion="x" * 16385)
        self.invalid("outcome", self.owner.decide, "z2", task_id, "x" * 257)
        self.invalid("outcome", self.owner.decide, "z3", task_id, "")
        self.invalid("event", self.inspector.send, "z4", self.case_id, "")
        error = refused(self.owner.decide, "z5", task_id, "submitted", measures="x" * (5 * 1024 * 1024))
        self.assertEqual(error.code, Code.RESOURCE_EXHAUSTED)

    def test_pages(self):
        for size in (-1, 1001):
            for call in (
                lambda: self.inspector.cases.ListCases(cases.ListCasesRequest(page_size=size)),
                lambda: self.inspector.tasks.ListTasks(tasks.ListTasksRequest(page_size=size)),
                lambda: self.inspector.cases.ListHistory(
                    cases.ListHistoryRequest(case_id=self.case_id, page_size=size)
                ),
            ):
                self.invalid("page_size", call)
        good = self.inspector.cases.ListHistory(
            cases.ListHistoryRequest(case_id=self.case_id, page_size=1)
        ).next_page_token
        for token in ("x", "AAAA", "界", "A" * 10000, good[:-1], good + "A", good):
            self.invalid(
                "page_token", self.inspector.cases.ListCases, cases.ListCasesRequest(page_token=token)
            )
        for token in ("x", "START", good):
            self.invalid(
                "resume_token", next, self.inspector.watches.Watch(watches.WatchRequest(resume_token=token))
            )
        error = refused(self.owner.tasks.ListTasks, tasks.ListTasksRequest(include_closed=True))
        self.check(error, Code.INVALID_ARGUMENT, "INVALID_DATA", "include_closed")

    def test_streams_are_counted(self):
        client = self.server.client("clerk")
        streams = [
            client.watches.Watch(watches.WatchRequest(resume_token="start"), timeout=60) for _ in range(101)
        ]
        refusals = []
        # All 101 are open at once; exactly one too many.
        for stream in streams:
            stream.code_seen = None
            stream.add_callback(lambda stream=stream: refusals.append(stream.code()))
        self._until(lambda: len(refusals) == 1)
        self.assertEqual(refusals, [Code.RESOURCE_EXHAUSTED])
        for stream in streams:
            stream.cancel()
        self._until(lambda: len(refusals) == 101)

        def opens():
            stream = client.watches.Watch(watches.WatchRequest(case_id=self.case_id), timeout=5)
            return refused(next, stream).reason == "UNKNOWN_CASE"

        self._until(opens)

    def test_operators_only(self):
        self.not_allowed(self.owner.operator.ListDeadLetters, operators.ListDeadLettersRequest())
        self.not_allowed(self.owner.definitions.Deploy, definitions.DeployRequest())
        admin = self.server.client("admin")
        self.check(
            refused(admin.operator.RetryDeadLetter, operators.RetryDeadLetterRequest(id="x")),
            Code.NOT_FOUND,
            "UNKNOWN_DEAD_LETTER",
        )
        for name in ("", "../duban.db", "/etc/passwd", "a/b", ".hidden", "x" * 101, "a b", "数据"):
            self.invalid("name", admin.operator.Backup, operators.BackupRequest(name=name))
        self.assertEqual(
            len(admin.operator.ListDeadLetters(operators.ListDeadLettersRequest()).dead_letters), 0
        )

    def test_a_wrong_campaign_changes_nothing(self):
        admin = self.server.client("admin")
        before = len(admin.definitions.ListCampaigns(definitions.ListCampaignsRequest()).campaigns)
        wrong = "workflow: w\ncampaign: c\ninitial: nowhere\nstates: {a: {on: {x: b}}}\n"
        error = refused(admin.definitions.Deploy, definitions.DeployRequest(files={"campaign.yaml": wrong}))
        self.check(error, Code.INVALID_ARGUMENT, "INVALID_DATA", "campaign.yaml:")
        many = "workflow: w\ncampaign: c\nstates:\n" + "".join(
            f"  s{i}: {{on: {{go: missing{i}}}}}\n" for i in range(500)
        )
        error = refused(admin.definitions.Deploy, definitions.DeployRequest(files={"campaign.yaml": many}))
        self.check(error, Code.INVALID_ARGUMENT, "INVALID_DATA", "campaign.yaml:")
        self.assertIn("more", error.violations[-1].description)
        found = admin.definitions.Validate(
            definitions.ValidateRequest(files={"campaign.yaml": many})
        ).diagnostics
        self.assertGreaterEqual(len(found), 200)
        self.check(
            refused(admin.definitions.GetCampaign, definitions.GetCampaignRequest(campaign="c")),
            Code.NOT_FOUND,
            "UNKNOWN_CAMPAIGN",
        )
        self.assertEqual(
            len(admin.definitions.ListCampaigns(definitions.ListCampaignsRequest()).campaigns), before
        )


class LoadTest(unittest.TestCase):
    """More than the server is set to hold."""

    def test_a_full_queue_says_when_to_come_again(self):
        server = Server(more="[engine]\nqueue = 1\nbatch = 1").start()
        self.addCleanup(server.remove)
        server.deploy()
        client = server.client("inspector")
        start = cases.StartCaseRequest(campaign="end-to-end", workflow="counter")
        stub = client.channel.unary_unary(
            "/duban.v1.CaseService/StartCase",
            request_serializer=cases.StartCaseRequest.SerializeToString,
            response_deserializer=cases.StartCaseResponse.FromString,
        )
        calls = []
        for i in range(500):
            start.request_id = f"load-{i}"
            calls.append(stub.future(start, timeout=20, metadata=client.metadata))
        started, overloaded = 0, []
        for call in calls:
            if call.code() == Code.OK:
                started += 1
            else:
                overloaded.append(Refused(call))
        self.assertTrue(started)
        self.assertTrue(overloaded)
        for error in overloaded:
            self.assertEqual((error.code, error.reason), (Code.RESOURCE_EXHAUSTED, "OVERLOADED"))
            self.assertGreater(error.retry.seconds + error.retry.nanos, 0)
        # What was refused was not done.
        listed = client.cases.ListCases(cases.ListCasesRequest(page_size=1000)).cases
        self.assertEqual(len(listed), started)
        server.stop()

    def test_the_organisation_is_read_again(self):
        server = Server().start()
        self.addCleanup(server.remove)
        path = server.directory / "organisation.yaml"
        text = path.read_text()
        clerk = server.client("clerk")

        def who():
            try:
                return clerk.directory.WhoAmI(directory.WhoAmIRequest()).name.en
            except grpc.RpcError as error:
                return error.code()

        def until(expected):
            end = time.monotonic() + 10
            while who() != expected:
                self.assertLess(time.monotonic(), end, who())
                time.sleep(0.05)

        until("Clerk (placeholder)")
        path.write_text(text.replace("Clerk (placeholder)", "Clerk of today"))
        server.process.send_signal(signal.SIGHUP)
        until("Clerk of today")
        path.write_text(text.replace("people:", "peeple:"))
        server.process.send_signal(signal.SIGHUP)
        time.sleep(0.3)
        self.assertEqual(who(), "Clerk of today")
        self.assertIn("not read again", (server.directory / "stderr").read_text())
        path.write_text(
            "\n".join(line for line in text.replace(", clerk]", "]").splitlines() if "  clerk:" not in line)
        )
        server.process.send_signal(signal.SIGHUP)
        until(Code.UNAUTHENTICATED)
        server.stop()


def tearDownModule():
    remove_generated()


if __name__ == "__main__":
    unittest.main()
