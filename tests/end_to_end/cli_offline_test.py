"""What `duban` does without a server: lint, schema, graph, import, help, completion; and its exit codes."""

import json
import pathlib
import subprocess
import tempfile
import unittest

from cli import DONE, DUBAN, REFUSED, SOURCE, UNREACHABLE, USAGE, duban, environment

CAMPAIGN = SOURCE / "workflows" / "safety-inspection-2022"
GOOD = """workflow: leave
title: {zh: 请假, en: Leave}
initial: asking
states:
  asking:
    title: {zh: 申请, en: Asking}
    task: {title: {zh: 填写, en: Fill in}, for: starter}
    on: {submitted: done}
  done: {final: true}
"""
WRONG = GOOD.replace("submitted: done", "submitted: dne").replace("for: starter", "fro: starter")
SCXML = """<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" name="light" datamodel="ecmascript" initial="red">
  <state id="red"><transition event="go" target="green"/>{script}</state>
  <state id="green"><transition event="stop" target="red"/></state>
</scxml>
"""


class Folder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="duban-cli-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path


class Lint(Folder):
    def test_a_good_file_passes_with_a_summary(self):
        run = duban("lint", self.write("leave.yaml", GOOD))
        self.assertEqual((run.code, run.out), (DONE, "0 errors, 0 warnings\n"))

    def test_every_error_is_shown_with_its_line_and_a_caret(self):
        path = self.write("leave.yaml", WRONG)
        run = duban("lint", path)
        self.assertEqual(run.code, REFUSED)
        self.assertIn(f"{path}:7:", run.out)
        self.assertIn(f"{path}:8:", run.out)
        self.assertIn("    on: {submitted: dne}", run.out)
        self.assertIn("^~~", run.out)
        self.assertRegex(run.out.splitlines()[-1], r"^[2-9] errors, \d+ warnings?$")
        self.assertEqual(run.error, "")

    def test_it_speaks_chinese_where_the_environment_does(self):
        path = self.write("leave.yaml", WRONG)
        self.assertIn("个错误", duban("lint", path, LANG="zh_CN.UTF-8").out.splitlines()[-1])
        self.assertIn("个错误", duban("lint", path, "--language", "zh").out.splitlines()[-1])
        self.assertIn("errors", duban("lint", path, "--language=en", LANG="zh_CN.UTF-8").out.splitlines()[-1])

    def test_json_is_one_object(self):
        found = duban("lint", self.write("leave.yaml", WRONG), "--output", "json").json
        self.assertEqual(found["errors"], len([d for d in found["diagnostics"] if d["severity"] == "error"]))
        first = found["diagnostics"][0]
        self.assertEqual({"severity", "code", "file", "line", "column", "length", "source", "message", "hint"}, set(first))
        self.assertGreater(first["line"], 0)
        self.assertTrue(first["message"]["zh"] and first["message"]["en"])

    def test_a_folder_is_a_campaign_and_paths_lead_to_its_files(self):
        self.write("phases/leave.yaml", WRONG)
        self.write("campaign.yaml", GOOD.replace("workflow: leave", "campaign: office\nworkflow: main"))
        run = duban("lint", self.folder)
        self.assertEqual(run.code, REFUSED)
        self.assertIn(f"{self.folder}/phases/leave.yaml:8:", run.out)

    def test_the_shipped_campaign_passes(self):
        run = duban("lint", CAMPAIGN)
        self.assertEqual(run.code, DONE, run.out)

    def test_what_is_not_there_is_wrong_usage(self):
        run = duban("lint", self.folder / "nothing.yaml")
        self.assertEqual(run.code, USAGE)
        self.assertIn("nothing.yaml", run.error)

    def test_no_colours_where_nobody_sees_them(self):
        self.assertNotIn("\x1b", duban("lint", self.write("leave.yaml", WRONG)).out)


class Schema(unittest.TestCase):
    def test_it_is_a_json_schema(self):
        schema = duban("schema").json
        self.assertEqual(schema["$schema"], "https://json-schema.org/draft/2020-12/schema")

    def test_the_shipped_one_is_this_one(self):
        shipped = SOURCE / "workflows" / "schema" / "workflow.v1.json"
        self.assertEqual(duban("schema").json, json.loads(shipped.read_text(encoding="utf-8")))


class Graph(unittest.TestCase):
    def test_dot_and_mermaid(self):
        dot = duban("graph", CAMPAIGN, "re-inspection", "--format", "dot")
        self.assertEqual(dot.code, DONE, dot.error)
        self.assertTrue(dot.out.startswith("digraph"))
        mermaid = duban("graph", CAMPAIGN, "re-inspection", "--format", "mermaid", "--language", "zh")
        self.assertIn("stateDiagram-v2", mermaid.out)
        self.assertIn("整改", mermaid.out)

    def test_svg_through_graphviz_into_a_file(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "a.svg"
            run = duban("graph", CAMPAIGN, "judicial-referral", "--file", file)
            self.assertEqual((run.code, run.out), (DONE, ""), run.error)
            self.assertIn("<svg", file.read_text(encoding="utf-8"))

    def test_without_graphviz_it_says_what_to_do(self):
        run = duban("graph", CAMPAIGN, "re-inspection", PATH="/nowhere")
        self.assertEqual(run.code, USAGE)
        self.assertIn("apt install graphviz", run.error)

    def test_an_unknown_workflow_names_those_there_are(self):
        run = duban("graph", CAMPAIGN, "referral")
        self.assertEqual(run.code, USAGE)
        self.assertIn("judicial-referral", run.error)

    def test_neither_folder_nor_case(self):
        self.assertEqual(duban("graph").code, USAGE)
        self.assertEqual(duban("graph", CAMPAIGN).code, USAGE)


class Import(Folder):
    def test_scxml_becomes_yaml_that_lint_accepts(self):
        run = duban("import", "scxml", self.write("light.scxml", SCXML.format(script="")))
        self.assertEqual(run.code, DONE, run.error)
        self.assertIn("workflow: light", run.out)
        linted = duban("lint", self.write("light.yaml", run.out))
        self.assertIn("\n0 errors" if "warning:" in linted.out else "0 errors", linted.out)

    def test_standard_input(self):
        run = duban("import", "scxml", "-", stdin=SCXML.format(script=""))
        self.assertIn("green", run.out)

    def test_what_the_language_cannot_say_is_refused_by_its_name(self):
        scxml = SCXML.format(script="<onentry><script>x = 1</script></onentry>")
        run = duban("import", "scxml", self.write("light.scxml", scxml))
        self.assertEqual((run.code, run.out), (REFUSED, ""))
        self.assertIn("script", run.error)
        self.assertIn("[scxml-unsupported]", run.error)


class CommandLine(unittest.TestCase):
    VERBS = ("lint", "schema", "graph", "import", "deploy", "start", "send", "tasks", "decide", "show", "history", "watch",
             "cases", "whoami", "clock", "dead-letters", "backup", "restore", "doctor", "completion", "version")

    def test_every_help_ends_with_examples(self):
        for verb in self.VERBS:
            with self.subTest(verb):
                run = duban(verb, "--help")
                self.assertEqual(run.code, DONE)
                self.assertRegex(run.out, rf"Examples:\n  (source <\()?duban {verb}")
                self.assertIn("例：", duban(verb, "--help", "--language", "zh").out)

    def test_the_help_lists_every_verb_and_the_exit_codes(self):
        text = duban("--help").out
        for verb in self.VERBS:
            self.assertRegex(text, rf"\n  {verb} ")
        self.assertIn("Exit codes: 0 done; 1 refused", text)

    def test_wrong_usage_is_2(self):
        for words in ([], ["fly"], ["decide"], ["tasks", "--nothing"], ["tasks", "--output", "xml"], ["tasks", "--timeout", "0"],
                      ["start", "campaign", "workflow", "nokey", "--server", "127.0.0.1:1"],
                      ["start", "campaign", "workflow", "--data", "[1]", "--server", "127.0.0.1:1"],
                      ["whoami", "--token-file", "/nowhere/token"], ["whoami", "--cert", "a.pem"]):
            with self.subTest(words):
                self.assertEqual(duban(*words).code, USAGE)

    def test_no_server_is_3_and_a_write_says_how_to_repeat_it(self):
        run = duban("tasks", "--server", "127.0.0.1:1")
        self.assertEqual(run.code, UNREACHABLE)
        self.assertIn("127.0.0.1:1", run.error)
        self.assertNotIn("--request-id", run.error)
        run = duban("decide", "X-1", "approved", "--server", "127.0.0.1:1", "--request-id", "mine")
        self.assertEqual(run.code, UNREACHABLE)
        self.assertIn("--request-id mine", run.error)

    def test_the_environment_names_the_server(self):
        self.assertIn("127.0.0.1:2", duban("tasks", DUBAN_SERVER="127.0.0.1:2").error)

    def test_errors_as_json(self):
        run = duban("tasks", "--server", "127.0.0.1:1", "--output", "json")
        self.assertEqual((run.json_error["code"], run.json_error["exitCode"]), ("UNAVAILABLE", UNREACHABLE))

    def test_the_version(self):
        self.assertRegex(duban("version").out, r"^duban \d+\.\d+\.\d+\n$")
        self.assertIn("version", duban("version", "--output", "json").json)


class Completion(unittest.TestCase):
    def complete(self, *words):
        script = (f'source <({DUBAN} completion bash); COMP_WORDS=({" ".join(words)}); COMP_CWORD=$((${{#COMP_WORDS[@]}}-1)); '
                  '_duban; echo "${COMPREPLY[@]}"')
        run = subprocess.run(["bash", "-euc", script], capture_output=True, text=True, check=True, env=environment())
        return run.stdout.split()

    def test_bash_loads_it_and_completes(self):
        self.assertEqual(self.complete("duban", "dec"), ["decide"])
        self.assertEqual(self.complete("duban", "decide", "--opi"), ["--opinion"])
        self.assertEqual(self.complete("duban", "--output", "''"), ["table", "json"])
        self.assertEqual(self.complete("duban", "dead-letters", "ret"), ["retry"])
        self.assertEqual(self.complete("duban", "graph", "--format", "''"), ["svg", "mermaid", "dot"])
        self.assertEqual(self.complete("duban", "completion", "ba"), ["bash"])

    def test_what_a_verb_takes_comes_from_its_grammar(self):
        script = duban("completion", "bash").out
        self.assertNotIn("--from)", script, "a date or a token: nothing to choose from")
        self.assertRegex(script, r"[ |]--people[|)]", "a script is a file")
        self.assertIn("--resubmit) words=\"rerun back", script)
        self.assertRegex(script, r"[ |]restore[|)]", "its words are files")

    def test_zsh_has_one_too(self):
        self.assertTrue(duban("completion", "zsh").out.startswith("#compdef duban\n"))

    def test_other_shells_are_wrong_usage(self):
        self.assertEqual(duban("completion", "fish").code, USAGE)


if __name__ == "__main__":
    unittest.main()
