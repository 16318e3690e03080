"""What those who run the server rely on: metrics, the log, trace context, doctor, backup and restore."""

import json
import re
import socket
import sqlite3
import time
import unittest
import urllib.request

import grpc

from cli import DONE, REFUSED, duban
from harness import PEOPLE, Server, operators, refused, remove_generated, tasks

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = "00f067aa0ba902b7"
SECRET_WORD = "不可入日志"


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class Case(unittest.TestCase):
    def setUp(self):
        self.server = Server()

    def tearDown(self):
        self.server.stop()
        self.server.remove()

    def run_as(self, person, *words):
        return duban(*words, DUBAN_SERVER=self.server.address, DUBAN_TOKEN=self.server.tokens[person])

    def one_case_each(self):
        """One case that waits for its owner, one that has ended."""
        self.server.deploy()
        inspector, owner, head = (self.server.client(p) for p in ("inspector", "owner", "head"))
        waiting = inspector.start("waiting", place=SECRET_WORD).case_id
        ended = inspector.start("ended", place=SECRET_WORD).case_id
        owner.decide("submit", owner.open_task(ended).id, "submitted", measures=SECRET_WORD)
        head.decide("approve", head.open_task(ended).id, "approved", opinion=SECRET_WORD)
        return waiting, ended


class Metrics(Case):
    def setUp(self):
        super().setUp()
        self.port = free_port()
        self.server.write(more=f"[metrics]\nlisten = 127.0.0.1:{self.port}\n")

    def scrape(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=20) as answer:
            text = answer.read().decode()
        values = {}
        for line in text.splitlines():
            if line and not line.startswith("#"):
                name, value = line.rsplit(" ", 1)
                values[name] = float(value)
        return values, text

    def scrape_until(self, name):
        until = time.monotonic() + 60
        while time.monotonic() < until:
            values, _ = self.scrape()
            if name in values:
                return values
        raise AssertionError(f"{name} never came")

    def test_a_scrape_tells_what_happened(self):
        self.server.start()
        self.one_case_each()
        error = refused(self.server.client("clerk").start, "not-mine", place="x")
        self.assertEqual(error.code, grpc.StatusCode.PERMISSION_DENIED)
        values = self.scrape_until('duban_open_cases{workflow="hazard"}')
        self.assertEqual(values['duban_open_cases{workflow="hazard"}'], 1)
        self.assertEqual(values['duban_open_tasks{workflow="hazard"}'], 1)
        self.assertEqual(values['duban_overdue_tasks{workflow="hazard"}'], 0)
        self.assertEqual(values['duban_calls_total{code="OK",method="Decide"}'], 2)
        self.assertEqual(values['duban_calls_total{code="PERMISSION_DENIED",method="StartCase"}'], 1)
        self.assertEqual(values['duban_call_seconds_count{method="Decide"}'], 2)
        self.assertEqual(values['duban_steps_total{workflow="hazard"}'], 4)
        for name in ("duban_commit_seconds_count", "duban_batch_commands_count", "duban_batch_seconds_count",
                     "process_resident_memory_bytes"):
            self.assertGreater(values[name], 0, name)
        for name in ("duban_queue_commands", "duban_queue_oldest_seconds", "duban_queue_refused_total",
                     "duban_outbox_pending", "duban_outbox_oldest_seconds", "duban_dead_letters",
                     "duban_commit_failures_total", "duban_tasks_without_holder", "duban_watch_streams"):
            self.assertIn(name, values)

    def test_nothing_personal_is_a_label(self):
        self.server.start()
        case_id, _ = self.one_case_each()
        self.scrape_until('duban_open_cases{workflow="hazard"}')
        _, text = self.scrape()
        for word in (SECRET_WORD, case_id):
            self.assertNotIn(word, text)
        for person in PEOPLE:  # their ids are ordinary words
            self.assertNotIn(f'"{person}"', text)

    def test_only_on_this_machine(self):
        self.server.write(more="[metrics]\nlisten = 0.0.0.0:9464\n")
        ended = self.server.run()
        self.assertEqual(ended.returncode, 1)
        self.assertIn("[metrics] listen", ended.stderr)
        self.server.write()
        self.server.start()  # for tearDown


class LogAndTrace(Case):
    def setUp(self):
        super().setUp()
        self.server.write(more="[log]\nlevel = debug\nfile = duban.log\n")
        self.server.start()

    def lines(self):
        text = (self.server.directory / "duban.log").read_text(encoding="utf-8")
        return text, [json.loads(line) for line in text.splitlines()]

    def call(self, traceparent):
        """The trailing metadata of a call with this traceparent."""
        channel = grpc.insecure_channel(self.server.address)
        self.server.channels.append(channel)
        list_tasks = channel.unary_unary("/duban.v1.TaskService/ListTasks",
                                         request_serializer=tasks.ListTasksRequest.SerializeToString,
                                         response_deserializer=tasks.ListTasksResponse.FromString)
        metadata = [("authorization", f"Bearer {self.server.tokens['owner']}"), ("traceparent", traceparent)]
        _, call = list_tasks.with_call(tasks.ListTasksRequest(), timeout=20, metadata=metadata)
        return dict(call.trailing_metadata())

    def test_every_line_is_json_and_holds_no_secret(self):
        self.one_case_each()
        refused(self.server.client(token="duban_" + "0" * 64).start, "nobody", place="x")
        self.run_as("admin", "backup")
        text, lines = self.lines()
        self.assertGreater(len(lines), 5)
        for line in lines:
            self.assertLessEqual({"ts", "level", "message"}, set(line))
            self.assertIn(line["level"], ("debug", "info", "warning", "error"))
        decided = [line for line in lines if line.get("request_id") == "approve"]
        self.assertEqual([(line["method"], line["code"]) for line in decided], [("Decide", "OK")])
        self.assertGreater(float(decided[0]["ms"]), 0)
        organisation = (self.server.directory / "organisation.yaml").read_text(encoding="utf-8")
        names = re.findall(r"name: \{zh: ([^,]+), en: ([^}]+)\}", organisation)
        self.assertEqual(len(names), len(PEOPLE))
        secrets = [SECRET_WORD, "duban_", "Bearer", *self.server.tokens.values(), *(n for pair in names for n in pair)]
        for secret in secrets:
            self.assertNotIn(secret, text)

    def test_trace_context_is_taken_over_and_answered(self):
        answered = self.call(f"00-{TRACE}-{PARENT}-01")["traceresponse"]
        match = re.fullmatch(rf"00-{TRACE}-([0-9a-f]{{16}})-01", answered)
        self.assertTrue(match, answered)
        self.assertNotEqual(match[1], PARENT)
        _, lines = self.lines()
        logged = [line for line in lines if line.get("trace_id") == TRACE]
        self.assertEqual([(x["span_id"], x["parent_id"], x["method"]) for x in logged], [(match[1], PARENT, "ListTasks")])

    def test_what_is_malformed_is_ignored(self):
        for wrong in ("", "x", f"00-{TRACE}-{PARENT}", f"ff-{TRACE}-{PARENT}-01", f"00-{'0' * 32}-{PARENT}-01",
                      f"00-{TRACE}-{'0' * 16}-01", f"00-{TRACE.upper()}-{PARENT}-01", f"00-{TRACE}-{PARENT}-01-more",
                      f"00_{TRACE}_{PARENT}_01", f"00-{TRACE}-{PARENT}-0g", "00-" + "a" * 5_000):
            self.assertNotIn("traceresponse", self.call(wrong), wrong)
        # A later version may be longer.
        self.assertIn("traceresponse", self.call(f"01-{TRACE}-{PARENT}-01-later"))


class DoctorTest(Case):
    def findings(self, run):
        found = {}
        for finding in run.json["findings"]:
            found.setdefault(finding["check"], []).append(finding)
        return found

    def test_a_healthy_server(self):
        self.server.start()
        self.one_case_each()
        run = self.run_as("admin", "doctor", "--output", "json")
        found = self.findings(run)
        for check in ("queue", "outbox", "calendar", "disk", "tasks", "clock"):
            self.assertIn(check, found)
        self.assertTrue(all(f["advice"]["zh"] for f in found["calendar"]))
        problems = [f for fs in found.values() for f in fs if f["severity"] == "SEVERITY_PROBLEM"]
        self.assertEqual([f for f in problems if f["check"] != "disk"], [])
        self.assertEqual(run.code, REFUSED if problems else DONE)
        self.assertIn("NOT_ALLOWED", self.run_as("clerk", "doctor").error)

    def test_a_task_that_nobody_can_take(self):
        self.server.start()
        waiting, _ = self.one_case_each()
        self.server.stop()
        path = self.server.directory / "organisation.yaml"
        path.write_text("\n".join(line for line in path.read_text().splitlines() if not line.startswith("  owner:")))
        self.server.start()
        run = self.run_as("admin", "doctor", "--output", "json")
        self.assertEqual(run.code, REFUSED)
        problem = [f for f in self.findings(run)["tasks"] if f["severity"] == "SEVERITY_PROBLEM"]
        self.assertEqual(len(problem), 1)
        self.assertTrue(problem[0]["ids"][0].startswith(waiting))
        said = self.run_as("admin", "doctor")
        self.assertIn("PROBLEM", said.out)
        self.assertIn("organisation.yaml", said.out)

    def test_a_database_without_a_server(self):
        self.server.start()
        self.one_case_each()
        database = self.server.directory / "duban.db"
        self.assertEqual(self.findings(duban("doctor", "--database", database, "--output", "json"))["integrity"][0]["severity"],
                         "SEVERITY_WARNING")  # in use
        self.server.stop()
        run = duban("doctor", "--database", database, "--output", "json")
        self.assertEqual((run.code, [f["severity"] for f in run.json["findings"]]), (DONE, ["SEVERITY_OK"] * 2))
        damage(database)
        run = duban("doctor", "--database", database)
        self.assertEqual(run.code, REFUSED)
        self.assertIn("damaged", run.out)
        self.assertIn("duban restore", run.out)
        database.write_bytes(b"")
        self.server.start()


def damage(path):
    """Overwrites a page in the middle."""
    size = path.stat().st_size
    with open(path, "r+b") as file:
        file.seek(size // 2 // 4096 * 4096)
        file.write(b"\xa5" * 4096)


class BackupAndRestore(Case):
    def setUp(self):
        super().setUp()
        self.server.start()
        self.waiting, self.ended = self.one_case_each()
        self.assertEqual(self.run_as("admin", "backup", "copy.db").code, DONE)
        self.copy = self.server.directory / "backups" / "copy.db"
        self.database = self.server.directory / "duban.db"
        owner = self.server.client("owner")
        owner.decide("later", owner.open_task(self.waiting).id, "submitted", measures="y")

    def test_the_copy_is_the_state_of_its_moment(self):
        in_use = duban("restore", self.copy, self.database, "--force")
        self.assertEqual(in_use.code, REFUSED)
        self.assertIn("stop it first", in_use.error)
        self.server.stop()
        there = duban("restore", self.copy, self.database)
        self.assertEqual(there.code, REFUSED)
        self.assertIn("--force", there.error)
        done = duban("restore", self.copy, self.database, "--force")
        self.assertEqual((done.code, done.error), (DONE, ""))
        kept = list(self.server.directory.glob("duban.db.before-restore-*"))
        self.assertEqual(len([k for k in kept if k.suffix not in ("-wal", "-shm")]), 1)
        self.assertEqual(list(self.server.directory.glob("*.restoring*")), [])
        self.server.start()
        self.assertEqual(len(self.server.client("owner").tasks.ListTasks(tasks.ListTasksRequest()).tasks), 1)
        self.assertEqual(self.server.client("admin").case(self.ended).outcome, "closed")

    def test_what_is_not_whole_is_refused_and_changes_nothing(self):
        self.server.stop()
        before = self.database.read_bytes()
        good, digest = self.copy.read_bytes(), self.copy.with_suffix(".db.sha256")

        def refuses(word):
            run = duban("restore", self.copy, self.database, "--force")
            self.assertEqual(run.code, REFUSED, run.out)
            self.assertIn(word, run.error)
            self.assertEqual(self.database.read_bytes(), before)
            self.assertEqual(list(self.server.directory.glob("*.restoring*")), [])

        damage(self.copy)
        refuses("sha256")
        digest.unlink()
        refuses("damaged")
        self.copy.write_bytes(b"no database, but long enough to have a header " * 100)
        refuses("restoring")
        self.copy.write_bytes(good)
        with sqlite3.connect(self.copy) as database:
            database.execute("PRAGMA user_version = 4711")
        database.close()
        refuses("4711")
        self.copy.unlink()
        refuses("copy.db")
        self.server.start()

    def test_without_a_directory_there_are_no_backups(self):
        self.server.stop()
        config = self.server.config.read_text().replace("[backup]\ndirectory = backups\n", "")
        self.server.config.write_text(config)
        self.server.start()
        error = refused(self.server.client("admin").operator.Backup, operators.BackupRequest(name="x.db"))
        self.assertEqual((error.code, error.reason), (grpc.StatusCode.FAILED_PRECONDITION, "NO_BACKUP_DIRECTORY"))


def tearDownModule():
    remove_generated()


if __name__ == "__main__":
    unittest.main()
