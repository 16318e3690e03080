"""What a demonstration needs: a real duband on a virtual clock, people who use the command line, and a narrator.

The narrator follows `duban watch`, tells what each act led to, and keeps count of what was expected.
"""

import json
import os
import pathlib
import queue
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from datetime import datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))
PATIENCE = 60  # seconds until something that must come is missed


def instant(text):
    """2022-08-19 09:00, Chinese time, as the API writes it."""
    return text.replace(" ", "T") + ":00+08:00"


def local(rfc3339):
    """An instant of the API as Chinese time, without its fraction: 2022-08-19 09:00."""
    text = re.sub(r"\.\d+", "", rfc3339).replace("Z", "+00:00")
    return datetime.fromisoformat(text).astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def limit(rfc3339):
    """As local, but a midnight that ends a day is its 24:00."""
    moment = datetime.strptime(local(rfc3339), "%Y-%m-%d %H:%M")
    if (moment.hour, moment.minute) != (0, 0):
        return local(rfc3339)
    return (moment - timedelta(days=1)).strftime("%Y-%m-%d") + " 24:00"


class Refused(Exception):
    """A command that did not succeed; with the words that it said."""


class Duban:
    """The command line, one token per person."""

    def __init__(self, bin_dir, address, tokens):
        self.program = str(bin_dir / "duban")
        self.address = address
        self.tokens = tokens

    def start(self, person, *words, **options):
        kept = {k: v for k, v in os.environ.items() if not k.startswith("DUBAN_")}
        environment = {**kept, "DUBAN_SERVER": self.address, "DUBAN_TOKEN": self.tokens[person]}
        return subprocess.Popen([self.program, *words], env=environment, stdout=subprocess.PIPE, text=True, encoding="utf-8", **options)

    def say(self, person, *words):
        """Standard output of a command for people. Raises Refused."""
        process = self.start(person, *words, stderr=subprocess.PIPE)
        out, error = process.communicate(timeout=300)
        if process.returncode != 0:
            raise Refused(error.strip())
        return out

    def ask(self, person, *words):
        """The answer of a command for programs."""
        return json.loads(self.say(person, *words, "--output", "json", "--timeout", "240"))


class Server:
    """duband in a directory of its own."""

    def __init__(self, bin_dir, campaign, people, virtual_clock):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="duban-demo-"))
        self.process = None
        config = self.directory / "duban.ini"
        config.write_text(f"""[server]
listen = 127.0.0.1:0
tokens = tokens
[storage]
plugin = sqlite
path = duban.db
[directory]
organisation = {campaign}/organisation.yaml
calendar = {campaign}/calendar
[notify]
normal = log
urgent = log
[notifier.log]
plugin = log
path = notifications.log
""", encoding="utf-8")
        duband = str(bin_dir / "duband")
        self.tokens = {person: subprocess.run([duband, "token", person, "--config", str(config)], check=True,
                                              capture_output=True, text=True).stdout.strip() for person in people}
        self.errors = open(self.directory / "stderr", "w+", encoding="utf-8")
        self.process = subprocess.Popen([duband, "--config", str(config), "--virtual-clock", virtual_clock],
                                        stdout=subprocess.PIPE, stderr=self.errors, text=True)
        self.ready = self.process.stdout.readline().strip()
        found = re.match(r"duband \S+ listening on (\S+:\d+) \(plaintext, loopback only\)$", self.ready)
        if not found:
            self.errors.seek(0)
            said = self.errors.read()
            self.stop()
            raise RuntimeError(f"duband did not start: {self.ready}{said}")
        self.address = found.group(1)

    def delivered(self):
        """What the notifier of the log wrote: one message to one person each."""
        lines = (self.directory / "notifications.log").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]

    def stop(self, keep=False):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=30)
        self.errors.close()
        if not keep:
            shutil.rmtree(self.directory, ignore_errors=True)


class Follower:
    """Everything that is committed, as `duban watch` tells it."""

    def __init__(self, duban, person):
        self.process = duban.start(person, "watch", "--from", "start", "--output", "json", "--all")
        self.arrived = queue.Queue()
        self.seen = {}     # case → revision
        self.changes = []  # all of them
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.arrived.put(json.loads(line)["change"])

    def until(self, revisions):
        """The changes that came since the last call, once each case has reached its revision."""
        new = []
        deadline = time.monotonic() + PATIENCE
        while any(self.seen.get(case, 0) < revision for case, revision in revisions.items()):
            change = self.arrived.get(timeout=max(0.1, deadline - time.monotonic()))
            self.seen[change["caseId"]] = int(change["entry"]["revision"])
            new.append(change)
        self.changes += new
        return new

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=30)


class Lines:
    """One step of a case in words: states entered, tasks, deadlines, children, and who was told what."""

    CAUSES = {"reminder": ("提醒", "reminds"), "escalation": ("升级告知", "escalates to"), "overdue": ("逾期告知", "overdue, tells")}

    def __init__(self, narrator, events):
        self.narrator = narrator
        self.told = []
        self.shape = [event["kind"] for event in events]
        self._states([e["text"] for e in events if e["kind"] == "state_entered"])
        for event in events:
            kind, text = event["kind"], event["text"]
            if kind in ("round_opened", "case_ended"):
                self.told.append((text["zh"], text["en"], None))
            elif kind == "candidates_added":
                self.told.append((text["zh"], text["en"], "33"))
            elif kind == "timer_set" and event["detail"]["kind"] == "due":
                self.told.append((text["zh"], text["en"], "35"))
        self._children([e["detail"] for e in events if e["kind"] == "child_started"])
        self._messages([e["detail"] for e in events if e["kind"] == "notified"])

    def _states(self, texts):
        if texts:
            self.told.append(("进入" + " › ".join(t["zh"].removeprefix("进入") for t in texts),
                              "enters " + " › ".join(t["en"].removeprefix("enters ") for t in texts), None))

    def _children(self, details):
        items = {}
        for detail in details:
            items.setdefault(detail["workflow"], []).append(detail["item"])
        for workflow, ids in items.items():
            named = [self.narrator.titles.get(i, {"zh": i, "en": i}) for i in ids if i]
            zh = "（" + "、".join(n["zh"] for n in named) + "）" if named else ""
            en = " (" + ", ".join(n["en"] for n in named) + ")" if named else ""
            self.told.append((f"启动 {workflow} {len(ids)} 件{zh}", f"starts {len(ids)} × {workflow}{en}", None))

    def _messages(self, details):
        """The same words to several people are one line; that a task waits stands with the task already."""
        told = {}
        for detail in details:
            if detail["cause"] != "task":
                told.setdefault((detail["subject"], detail["subject_en"], detail["urgent"], detail["cause"]), []).append(detail["recipient"])
        for (zh, en, urgent, cause), people in told.items():
            word = self.CAUSES.get(cause, ("通知", "tells"))
            mark = ("【急】", "URGENT ") if urgent else ("", "")
            self.told.append((f"✉ {mark[0]}{word[0]} {self.narrator.listed(people, 'zh')}：{zh}",
                              f"✉ {mark[1]}{word[1]} {self.narrator.listed(people, 'en')}: {en}", "32"))


class Narrator:
    """Tells the story in Chinese with English below, and counts what was expected."""

    def __init__(self, names, titles, language):
        self.names = names
        self.titles = titles  # of offices and enterprises
        self.language = language
        self.checks = 0
        self.failures = []
        self.colours = sys.stdout.isatty() and not os.environ.get("NO_COLOR")

    def paint(self, code, text):
        return f"\x1b[{code}m{text}\x1b[0m" if self.colours else text

    def both(self, zh, en, indent="", code=None):
        zh, en = zh.replace("（占位）", ""), en.replace(" (placeholder)", "")
        if self.language in ("zh", "both"):
            print(indent + (self.paint(code, zh) if code else zh))
        if self.language in ("en", "both"):
            print(indent + self.paint(code or "2", en))

    def scene(self, number, zh, en):
        print()
        self.both(f"【{number}】{zh}", f"({number}) {en}", code="1")

    def act(self, when, person, zh, en):
        name = self.names[person]
        self.both(f"{when}  {name['zh']}：{zh}", f"{' ' * len(when)}  {name['en']}: {en}", "  ", "36")

    def listed(self, people, language):
        return ("、" if language == "zh" else ", ").join(self.names.get(p, {}).get(language) or p for p in people)

    def tell(self, changes):
        """What the changes led to: one paragraph per case and moment, one line for cases that went the same way."""
        paragraphs = []
        for change in changes:
            lines = Lines(self, change["entry"]["events"])
            if not lines.told:
                continue
            at, case = local(change["entry"]["at"]), change["caseId"]
            last = paragraphs[-1] if paragraphs else None
            if last and (last["at"], last["case"]) == (at, case):
                last["lines"] += lines.told
            elif last and (last["at"], last["shape"]) == (at, (change["workflow"], lines.shape)):
                last["likewise"].append(change["caseTitle"])
            else:
                paragraphs.append({"at": at, "case": case, "shape": (change["workflow"], lines.shape), "title": change["caseTitle"],
                                   "lines": lines.told, "likewise": []})
        for paragraph in paragraphs:
            self._print(paragraph)

    def _print(self, paragraph):
        title, likewise = paragraph["title"], paragraph["likewise"]
        self.both(f"{paragraph['at']}  〔{title['zh']}〕", f"{' ' * 16}  [{title['en'] or title['zh']}]", "    ", "1")
        for zh, en, code in paragraph["lines"]:
            self.both(zh, en, "      → ", code)
        if likewise:
            self.both("同样：" + "、".join(t["zh"] for t in likewise), "likewise: " + "; ".join(t["en"] or t["zh"] for t in likewise), "      → ", "2")

    def expect(self, what, got, wanted):
        self.checks += 1
        if got == wanted:
            print("    " + self.paint("32", f"✓ {what}"))
            return
        self.failures.append(what)
        print("    " + self.paint("31", f"✗ {what}: expected {wanted!r}, was {got!r}"))

    def stopped(self, why):
        self.checks += 1
        self.failures.append("the story could not go on: " + why)

    def finish(self):
        print()
        if self.failures:
            print(f"demo: {len(self.failures)} of {self.checks} checks FAILED: {'; '.join(self.failures)}")
            return 1
        print(f"demo: {self.checks} checks passed")
        return 0


class Stage:
    """Acts of people, the clock, and what came of them."""

    def __init__(self, duban, narrator, operator):
        self.duban = duban
        self.narrator = narrator
        self.operator = operator
        self.follower = Follower(duban, operator)
        self.now = None
        self.last = []  # changes of the last act

    def catch_up(self, tell):
        listed = self.duban.ask(self.operator, "cases", "--limit", "0")["cases"]
        self.last = self.follower.until({case["id"]: int(case["revision"]) for case in listed})
        if tell:
            self.narrator.tell(self.last)
        return self.last

    def clock(self, when, tell=True):
        """Moves the virtual clock to `when`; whatever was due on the way happens at its own time."""
        self.duban.ask(self.operator, "clock", "--advance-to", instant(when))
        self.now = when
        return self.catch_up(tell)

    def _acted(self, person, words, zh, en, tell):
        if tell:
            self.narrator.act(self.now, person, zh, en)
        receipt = self.duban.ask(person, *words)["receipt"]
        self.catch_up(tell)
        return receipt

    def start(self, person, campaign, workflow, zh, en, *data):
        return self._acted(person, ["start", campaign, workflow, *data], zh, en, True)["caseId"]

    def send(self, person, case, event, zh, en, *data, reason=None, tell=True):
        words = ["send", case, event, *data] + (["--reason", reason] if reason else [])
        return self._acted(person, words, zh, en, tell)

    def task(self, person, case, state):
        """The open task of a state that waits for this person."""
        tasks = self.duban.ask(person, "tasks", "--case", case)["tasks"]
        for task in tasks:
            if task["stateId"] == state and task["state"] == "TASK_STATE_OPEN" and person in task["candidates"]:
                return task
        raise Refused(f"{person} has no open task {state} in {case}: {[(t['stateId'], t['candidates']) for t in tasks]}")

    def decide(self, person, case, state, outcome, zh="", en="", opinion=None, tell=True, **form):
        task = self.task(person, case, state)
        words = ["decide", task["id"], outcome, "--data", json.dumps(form)] + (["--opinion", opinion] if opinion else [])
        title = task["title"]
        chosen = next(o["title"] for o in task["outcomes"] if o["id"] == outcome)
        said = f"：“{opinion}”" if opinion else ""
        return self._acted(person, words, f"{zh or title['zh']} —— {chosen['zh']}{said}", f"{en or title['en']} — {chosen['en']}{said}", tell)

    def operate(self, person, verb, case, state, zh, en, *words):
        """Something other than a decision that is done to the person's task."""
        return self._acted(person, [verb, self.task(person, case, state)["id"], *words], zh, en, True)

    def holders(self, case, state):
        """Who has the open tasks of a state."""
        return {person for task in self.case(case)["tasks"] if task["stateId"] == state and task["state"] == "TASK_STATE_OPEN"
                for person in task["candidates"]}

    def refused(self, person, *words):
        """A command that must be refused: the words it says."""
        try:
            self.duban.say(person, *words)
        except Refused as refusal:
            return str(refusal)
        return ""

    def case(self, case):
        return self.duban.ask(self.operator, "show", case)["case"]

    def leaves(self, case):
        return sorted(state["id"] for state in self.case(case)["states"] if state["leaf"])

    def child(self, case, slot, item=None):
        found = [c for c in self.case(case)["children"] if c["slot"] == slot and (item is None or c["item"] == item)]
        return found[-1]["caseId"]

    def _notified(self, case, cause):
        for change in self.last:
            for event in change["entry"]["events"]:
                if event["kind"] == "notified" and case in (None, change["caseId"]) and event["detail"]["cause"] in cause:
                    yield local(change["entry"]["at"]), event["detail"]

    def told(self, case=None, cause=("notify", "overdue", "escalation")):
        """Who was told in the last act, and whether urgently; tasks and reminders aside."""
        return {(detail["recipient"], detail["urgent"]) for _, detail in self._notified(case, cause)}

    def times(self, case, cause=("notify", "overdue", "escalation")):
        """When, in order."""
        return sorted({at for at, _ in self._notified(case, cause)})

    def deadline(self, case, state):
        """When it is due, and the words of derivation and basis."""
        for found in self.case(case)["deadlines"]:
            if found["state"] == state:
                return limit(found["due"]), found["derivation"]["zh"], found["basis"]["zh"]
        return None, "", ""
