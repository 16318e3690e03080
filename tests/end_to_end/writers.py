"""Clients that must know: each asks its question until it is answered, and writes down what it was promised.

A counter decides the open task of a case of its own again and again, each time under a new request id. A
starter starts case after case and brings each to its end through two people. What was acknowledged goes into a
journal on the disk before the next question, so that it outlives everything; in the end it is compared
with what the server holds.
"""

import json
import os
import sqlite3
import threading
import time

import grpc


AGAIN = (
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.DEADLINE_EXCEEDED,
    grpc.StatusCode.CANCELLED,
    grpc.StatusCode.RESOURCE_EXHAUSTED,
)


class Journal:
    """Lines that are on the disk when `write` returns."""

    def __init__(self, path):
        self.path = path
        self.file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def write(self, request_id, receipt):
        line = json.dumps({"request": request_id, "case": receipt.case_id, "revision": receipt.revision})
        os.write(self.file, line.encode() + b"\n")
        os.fsync(self.file)

    def read(self):
        with open(self.path, encoding="utf-8") as lines:
            return [json.loads(line) for line in lines]


class Writer(threading.Thread):
    def __init__(self, number, connect, stop, directory):
        super().__init__(daemon=True)
        self.number = number
        self.connect = connect
        self.stop_event = stop
        self.journal = Journal(directory / f"promised-{type(self).__name__}-{number}")
        self.asked = 0
        self.repeated = 0
        self.wrong = []
        self.refusals = set()  # what the server said while it could not

    def run(self):
        try:
            self.work()
        except Exception as error:  # noqa: BLE001: whatever it is, the test must see it
            self.wrong.append(repr(error))

    def insist(self, ask):
        """The same question until it is answered."""
        while True:
            try:
                return ask(self.connect())
            except grpc.RpcError as error:
                if error.code() not in AGAIN:
                    raise
                self.refusals.add(error.details())
                time.sleep(0.02)
            except ValueError:  # the channel was closed by the kill
                time.sleep(0.02)

    def promised(self, request_id, ask):
        self.asked += 1
        receipt = self.insist(ask)
        self.repeated += receipt.repeated
        self.journal.write(request_id, receipt)
        return receipt


class Counter(Writer):
    case_id = None

    def work(self):
        first = f"start-{self.number}"
        self.case_id = self.promised(first, lambda c: c["inspector"].start(first, workflow="counter")).case_id
        while not self.stop_event.is_set():
            task = self.insist(lambda c: c["owner"].open_task(self.case_id))
            request_id = f"count-{self.number}-{self.asked}"
            self.promised(
                request_id,
                lambda c, t=task, r=request_id: c["owner"].decide(r, t.id, "counted", last=r, timeout=5),
            )


class Starter(Writer):
    started = 0

    def work(self):
        while not self.stop_event.is_set():
            self.started += 1
            name = f"hazard-{self.number}-{self.started}"
            case_id = self.promised(name, lambda c, n=name: c["inspector"].start(n, place=n)).case_id
            for person, outcome, form in (("owner", "submitted", {"measures": "m"}), ("head", "approved", {})):
                task = self.insist(lambda c, p=person: c[p].open_task(case_id))
                request_id = f"{name}-{person}"
                self.promised(
                    request_id,
                    lambda c, p=person, t=task, r=request_id, o=outcome, f=form: c[p].decide(
                        r, t.id, o, timeout=5, **f
                    ),
                )


class Comparison:
    """What was promised against what the server and its database hold."""

    def __init__(self):
        self.acknowledged = self.found = self.lost = self.double = 0

    def writer(self, client, writer):
        promised = writer.journal.read()
        self.acknowledged += len(promised)
        for case_id in {line["case"] for line in promised}:
            entries = client.history(case_id)
            revisions = [entry.revision for entry in entries]
            self.double += revisions != list(range(1, len(revisions) + 1))
            there = set(revisions)
            mine = [line for line in promised if line["case"] == case_id]
            kept = sum(1 for line in mine if line["revision"] in there)
            self.found += kept
            self.lost += len(mine) - kept
            # The journal holds the steps that were asked for, and no more: each is acknowledged but, at most, the
            # one under way when everything stopped.
            self.double += max(0, len(there) - len(mine) - (0 if writer.stop_event.is_set() else 1))
            self.double += len(mine) - len({line["revision"] for line in mine})

    def database(self, path, writers):
        """The file itself, when nothing has it open."""
        database = sqlite3.connect(path)
        try:
            sound = database.execute("PRAGMA integrity_check").fetchall()
            if sound != [("ok",)]:
                raise AssertionError(f"the database is damaged: {sound[:3]}")
            kept = {row[0] for row in database.execute("SELECT request_id FROM requests")}
        finally:
            database.close()
        asked = {line["request"] for writer in writers for line in writer.journal.read()}
        self.lost += len(asked - {key.split("/", 1)[1] for key in kept})

    def line(self, part, kills):
        return json.dumps(
            {
                "part": part,
                "kills": kills,
                "acknowledged": self.acknowledged,
                "found": self.found,
                "lost": self.lost,
                "double": self.double,
            }
        )
