"""The verbs of `duban` that speak to a server: what they print for people and for programs, what they say when refused."""

import json
import signal
import subprocess
import unittest

from cli import DONE, DUBAN, REFUSED, UNREACHABLE, USAGE, duban, environment
from harness import CAMPAIGN, Server, remove_generated
from tls_test import make_authority, make_certificate

START = "2022-05-16T09:00:00+08:00"


def tearDownModule():
    remove_generated()


class ServerTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server().start("--virtual-clock", START)
        cls.run_as("admin", "deploy", CAMPAIGN)

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        cls.server.remove()

    @classmethod
    def run_as(cls, person, *words, **more):
        token = cls.server.tokens[person] if person else ""
        return duban(*words, DUBAN_SERVER=cls.server.address, DUBAN_TOKEN=token, **more)

    def done(self, person, *words, **more):
        run = self.run_as(person, *words, **more)
        self.assertEqual(run.code, DONE, run.error)
        return run

    def json(self, person, *words):
        return self.done(person, *words, "--output", "json").json

    def start(self, *words):
        return self.json("inspector", "start", "end-to-end", "hazard", *(words or ("place=三号库房",)))["receipt"]["caseId"]

    def task(self, case):
        return self.json("owner", "tasks", "--case", case)["tasks"][0]["id"]


class Definitions(ServerTest):
    def test_deploying_again_changes_nothing(self):
        run = self.done("admin", "deploy", CAMPAIGN)
        self.assertIn("nothing changed", run.out)
        self.assertIn("hazard", run.out)
        answer = self.json("admin", "deploy", CAMPAIGN)
        self.assertTrue(answer["unchanged"])
        self.assertEqual(len(answer["campaign"]["digest"]), 64)

    def test_only_administrators_deploy(self):
        run = self.run_as("clerk", "deploy", CAMPAIGN)
        self.assertEqual(run.code, REFUSED)
        self.assertIn("[NOT_ALLOWED]", run.error)
        self.assertIn("admin Administrator (placeholder)", run.error)

    def test_errors_come_with_carets(self):
        folder = self.server.directory / "wrong"
        folder.mkdir(exist_ok=True)
        (folder / "campaign.yaml").write_text((CAMPAIGN / "campaign.yaml").read_text().replace("approved: closed", "approved: clsed"))
        run = self.run_as("admin", "deploy", folder)
        self.assertEqual(run.code, REFUSED)
        self.assertRegex(run.error, r"campaign\.yaml:\d+:\d+: error")
        self.assertIn("^~~", run.error)
        self.assertGreater(self.run_as("admin", "deploy", folder, "--output", "json").json_error["errors"], 0)

    def test_a_case_is_drawn_with_its_active_state(self):
        case = self.start()
        mermaid = self.done("inspector", "graph", "--case", case, "--format", "mermaid").out
        self.assertRegex(mermaid, r"class s\d+ active")
        self.assertIn("<svg", self.done("inspector", "graph", "--case", case).out)


class Cases(ServerTest):
    def test_from_start_to_end(self):
        run = self.done("inspector", "start", "end-to-end", "hazard", "place=三号库房", "level=major")
        case = run.out.split()[1].rstrip(",")
        self.assertIn("entered: rectifying", run.out)
        tasks = self.done("owner", "tasks").out
        self.assertIn("Rectify the hazard at 三号库房", tasks)
        self.assertIn("2022-05-19 24:00", tasks)
        run = self.done("owner", "decide", self.task(case), "submitted", "measures=123", "count=3")
        self.assertIn("entered: signing", run.out)
        data = self.json("inspector", "show", case)["case"]["data"]
        self.assertEqual((data["measures"], data["count"], data["level"]), ("123", 3, "major"))
        head = self.json("head", "tasks", "--case", case)["tasks"][0]["id"]
        run = self.done("head", "decide", head, "approved", "--opinion", "同意", "--language", "zh")
        self.assertIn("已办结：closed", run.out)
        self.assertIn("ended: closed", self.done("inspector", "cases", "--ended").out)

    def test_show_tells_states_deadline_basis_tasks_and_events(self):
        case = self.start()
        text = self.done("inspector", "show", case).out
        for words in ("Hazard at 三号库房", "● rectifying", "2022-05-19 24:00", "Test plan, art. 1", "Rectify the hazard",
                      "owner Owner (placeholder)", "hazard.withdrawn"):
            self.assertIn(words, text)
        text = self.done("inspector", "show", case, LANG="zh_CN.UTF-8").out
        self.assertIn("依据：试验方案 第一条", text)
        self.assertEqual(self.json("inspector", "show", case)["case"]["deadlines"][0]["state"], "rectifying")

    def test_columns_align_under_chinese(self):
        self.start()
        rows = self.done("owner", "tasks", "--language", "zh").out.splitlines()
        width = lambda text: sum(2 if ord(c) > 0x2E7F else 1 for c in text)
        starts = {width(row.split("owner")[0]) for row in rows[1:] if "owner" in row}
        self.assertEqual(len(starts), 1, rows)

    def test_history_is_a_story(self):
        case = self.start()
        text = self.done("inspector", "history", case).out
        self.assertIn("2022-05-16 09:00  inspector Inspector (placeholder)", text)
        self.assertIn('enters "Rectify"', text)
        self.assertNotIn("transition of", text)
        self.assertGreater(len(self.done("inspector", "history", case, "--all").out), len(text))
        entries = self.json("inspector", "history", case)["entries"]
        self.assertEqual(entries[0]["actor"], "inspector")

    def test_lists_are_cut_where_told(self):
        for _ in range(3):
            self.start()
        answer = self.json("inspector", "cases", "--workflow", "hazard", "--open", "--limit", "2")
        self.assertEqual(len(answer["cases"]), 2)
        self.assertTrue(answer["nextPageToken"])
        self.assertIn("--limit 0", self.done("inspector", "cases", "--limit", "1").out)
        self.assertFalse(self.json("inspector", "cases", "--limit", "0")["nextPageToken"])

    def test_data_as_json_from_a_file_and_from_standard_input(self):
        file = self.server.directory / "data.json"
        file.write_text(json.dumps({"place": "a", "count": 2}))
        words = ("start", "end-to-end", "hazard", "--output", "json")
        for more, stdin in ((["--data", f"@{file}"], None), (["--data", "-"], file.read_text())):
            case = self.done("inspector", *words, *more, "place=b", stdin=stdin).json["receipt"]["caseId"]
            self.assertEqual(self.json("inspector", "show", case)["case"]["data"]["place"], "b")


class Refusals(ServerTest):
    def test_the_same_request_is_answered_again_and_another_body_refused(self):
        case = self.start()
        task = self.task(case)
        words = ("decide", task, "submitted", "measures=x", "--request-id", f"r-{case}")
        first = self.json("owner", *words)["receipt"]
        again = self.json("owner", *words)["receipt"]
        self.assertEqual((first["revision"], first["repeated"], again["revision"], again["repeated"]),
                         (again["revision"], False, first["revision"], True))
        self.assertIn("nothing was done twice", self.done("owner", *words).out)
        run = self.run_as("owner", "decide", task, "submitted", "measures=y", "--request-id", f"r-{case}")
        self.assertEqual(run.code, REFUSED)
        self.assertIn("[REQUEST_ID_REUSED]", run.error)

    def test_already_decided_tells_the_decision_that_stands(self):
        case = self.start()
        task = self.task(case)
        self.done("owner", "decide", task, "submitted", "measures=x", "--opinion", "办妥")
        run = self.run_as("owner", "decide", task, "submitted", "measures=z", "--language", "zh")
        self.assertEqual(run.code, REFUSED)
        for words in ("[ALREADY_DECIDED]", "已有的决定：submitted", "owner 业主（占位）", "2022-05-16 09:00", "意见：办妥"):
            self.assertIn(words, run.error)

    def test_who_may_is_named(self):
        case = self.start()
        run = self.run_as("inspector", "decide", self.task(case), "submitted", "measures=x")
        self.assertEqual(run.code, REFUSED)
        self.assertIn("[NOT_ALLOWED]", run.error)
        self.assertIn("who may: owner Owner (placeholder)", run.error)

    def test_an_event_that_is_not_taken_tells_what_would_be(self):
        run = self.run_as("inspector", "send", self.start(), "hazard.exploded")
        self.assertEqual(run.code, REFUSED)
        self.assertIn("[EVENT_NOT_TAKEN]", run.error)
        self.assertIn("permitted now:", run.error)
        self.assertIn("hazard.withdrawn (rectifying) by inspector Inspector (placeholder)", run.error)

    def test_a_reason_where_one_is_required(self):
        case = self.start()
        self.assertIn("[REASON_REQUIRED]", self.run_as("inspector", "send", case, "hazard.withdrawn").error)
        self.assertIn("ended: withdrawn", self.done("inspector", "send", case, "hazard.withdrawn", "--reason", "重复").out)

    def test_each_wrong_field_is_named(self):
        run = self.run_as("inspector", "start", "end-to-end", "hazard", "count=many")
        self.assertEqual(run.code, REFUSED)
        self.assertRegex(run.error, r"\n  (data\.)?count: ")
        self.assertRegex(run.error, r"\n  (data\.)?place: ")
        violations = self.run_as("inspector", "start", "end-to-end", "hazard", "count=many", "--output", "json").json_error["violations"]
        self.assertEqual(len(violations), 2)

    def test_a_stale_revision(self):
        case = self.start()
        run = self.run_as("owner", "decide", self.task(case), "submitted", "measures=x", "--expected-revision", "99")
        self.assertEqual(run.code, REFUSED)
        self.assertIn("revision now: 1", run.error)

    def test_what_there_is_not(self):
        for words in (["show", "0000000000000"], ["start", "nothing", "hazard"], ["decide", "0000000000000-1", "approved"]):
            with self.subTest(words):
                run = self.run_as("inspector", *words, "--output", "json")
                self.assertEqual((run.code, run.json_error["code"]), (REFUSED, "NOT_FOUND"))

    def test_without_a_valid_token(self):
        self.assertEqual(self.run_as(None, "tasks").code, UNREACHABLE)
        run = duban("tasks", "--server", self.server.address, "--token", "wrong")
        self.assertEqual(run.code, UNREACHABLE)
        self.assertIn("--token", run.error)

    def test_the_token_may_stand_in_a_file(self):
        file = self.server.directory / "token"
        file.write_text(self.server.tokens["head"] + "\n")
        run = duban("whoami", "--server", self.server.address, "--token-file", file, DUBAN_TOKEN="wrong")
        self.assertTrue(run.out.startswith("head  Head (placeholder)"), run.out)
        self.assertEqual(duban("whoami", DUBAN_SERVER=self.server.address, DUBAN_TOKEN_FILE=str(file)).code, DONE)

    def test_no_answer_in_time(self):
        self.server.process.send_signal(signal.SIGSTOP)  # it is there, and says nothing
        try:
            run = self.run_as("inspector", "start", "end-to-end", "hazard", "place=x", "--timeout", "0.5", "--request-id", "late")
        finally:
            self.server.process.send_signal(signal.SIGCONT)
        self.assertEqual(run.code, UNREACHABLE)
        self.assertIn("--request-id late", run.error)


class Watching(ServerTest):
    def test_from_the_start_so_many_changes(self):
        case = self.start()
        text = self.done("inspector", "watch", case, "--from", "start", "--count", "1").out
        self.assertIn(case, text)
        self.assertIn('enters "Rectify"', text)

    def test_new_changes_come_and_an_interrupt_ends_it_well(self):
        case = self.start()
        watching = subprocess.Popen([DUBAN, "watch", case, "--output", "json", "--from", "start"], stdout=subprocess.PIPE, text=True,
                                    env=environment(DUBAN_SERVER=self.server.address, DUBAN_TOKEN=self.server.tokens["inspector"]))
        self.assertEqual(json.loads(watching.stdout.readline())["change"]["entry"]["revision"], "1")
        self.done("owner", "decide", self.task(case), "submitted", "measures=x")
        line = json.loads(watching.stdout.readline())
        self.assertEqual((line["change"]["caseId"], line["change"]["entry"]["actor"]), (case, "owner"))
        watching.send_signal(signal.SIGINT)
        self.assertEqual(watching.wait(timeout=20), DONE)
        watching.stdout.close()

    def test_a_token_that_is_not_ours(self):
        self.assertEqual(self.run_as("inspector", "watch", "--from", "nonsense").code, REFUSED)


class Operators(ServerTest):
    def test_whoami(self):
        self.assertIn("administrator", self.done("admin", "whoami").out)
        text = self.done("head", "whoami", "--language", "zh").out
        for words in ("局长（占位）", "岗位：", "科室：safety 安全科"):
            self.assertIn(words, text)

    def test_the_virtual_clock(self):
        case = self.start()
        self.assertRegex(self.done("admin", "clock").out, r"^2022-\d\d-\d\d \d\d:\d\d \(virtual clock\)\n$")
        self.assertEqual(self.run_as("admin", "clock", "--advance-to", "tomorrow").code, USAGE)
        self.assertIn("[NOT_ALLOWED]", self.run_as("clerk", "clock", "--advance-to", "2022-06-01T00:00:00+08:00").error)
        run = self.done("admin", "clock", "--advance-to", "2022-05-25T09:00:00+08:00")
        self.assertRegex(run.out, r"2022-05-25 09:00, clocks fired: [1-9]")
        self.assertEqual(self.run_as("admin", "clock", "--advance-to", "2022-05-24T09:00:00+08:00").code, REFUSED)
        self.assertIn("2022-05-19 24:00", self.done("inspector", "show", case).out)

    def test_dead_letters(self):
        self.assertIn("no dead letters", self.done("admin", "dead-letters", "list").out)
        self.assertEqual(self.json("admin", "dead-letters", "list")["deadLetters"], [])
        self.assertEqual(self.run_as("admin", "dead-letters", "retry", "0000000000000-1").code, REFUSED)
        self.assertIn("[NOT_ALLOWED]", self.run_as("clerk", "dead-letters", "list").error)

    def test_a_backup_is_a_file_on_the_server_and_never_overwrites(self):
        path = self.server.directory / "backups" / "backup.db"
        self.assertIn(str(path), self.done("admin", "backup", "backup.db").out)
        self.assertGreater(path.stat().st_size, 0)
        self.assertEqual(self.run_as("admin", "backup", "backup.db").code, REFUSED)
        self.assertRegex(self.json("admin", "backup")["path"], r"/backups/duban-\d{8}T\d{6}Z\.db$")


class Tls(unittest.TestCase):
    def start(self, more=""):
        server = Server()
        self.addCleanup(server.remove)
        make_authority(server.directory)
        make_certificate(server.directory, "server", "localhost", "DNS:localhost,IP:127.0.0.1")
        make_certificate(server.directory, "head", "head")
        server.write(server=f"tls_certificate = server.pem\ntls_key = server.key\n{more}")
        return server.start()

    def test_with_an_authority_and_a_token(self):
        server = self.start()
        words = ("whoami", "--server", server.address, "--token", server.tokens["owner"])
        self.assertTrue(duban(*words, "--ca", server.directory / "ca.pem").out.startswith("owner  "))
        run = duban(*words)
        self.assertEqual((run.code, len(run.error.splitlines())), (UNREACHABLE, 1))

    def test_a_client_certificate_says_who_asks(self):
        server = self.start("tls_client_ca = ca.pem")
        words = ("whoami", "--server", server.address, "--ca", server.directory / "ca.pem")
        run = duban(*words, "--cert", server.directory / "head.pem", "--key", server.directory / "head.key")
        self.assertTrue(run.out.startswith("head  "), run.error)
        self.assertEqual(duban(*words).code, UNREACHABLE)


class Restart(unittest.TestCase):
    def test_a_watch_goes_on_where_it_stopped(self):
        server = Server().start()
        self.addCleanup(server.remove)
        run = lambda person, *words: duban(*words, "--output", "json", DUBAN_SERVER=server.address, DUBAN_TOKEN=server.tokens[person])
        self.assertEqual(run("admin", "deploy", CAMPAIGN).code, DONE)
        case = run("inspector", "start", "end-to-end", "hazard", "place=x").json["receipt"]["caseId"]
        watching = subprocess.Popen([DUBAN, "watch", "--from", "start", "--count", "2", "--output", "json"], stdout=subprocess.PIPE, text=True,
                                    env=environment(DUBAN_SERVER=server.address, DUBAN_TOKEN=server.tokens["inspector"]))
        self.assertEqual(json.loads(watching.stdout.readline())["change"]["caseId"], case)
        server.stop()
        server.write(listen=server.address)
        server.start()
        self.assertEqual(run("inspector", "send", case, "hazard.withdrawn", "--reason", "x").code, DONE)
        self.assertEqual(json.loads(watching.stdout.readline())["change"]["entry"]["revision"], "2")
        self.assertEqual(watching.wait(timeout=20), DONE)
        watching.stdout.close()


if __name__ == "__main__":
    unittest.main()
