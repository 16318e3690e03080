"""Several real duband on one database, clients with a journal of their own, and the comparison of both."""

import json
import pathlib
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "end_to_end"))

import grpc  # noqa: E402
import harness  # noqa: E402
from harness import definitions, remove_generated  # noqa: E402, F401

HERE = pathlib.Path(__file__).resolve().parent
LATER = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED)
LOST_THE_RACE = ("ALREADY_DECIDED", "TASK_CLOSED", "STALE_REVISION")


class Cluster:
    """`nodes` servers on the storage that the section [storage] describes."""

    def __init__(self, storage, nodes=2):
        self.nodes = [harness.Server(storage=storage) for _ in range(nodes)]
        try:
            self.start()
            self.deploy()
        except BaseException:
            self.remove()
            raise

    def start(self):
        for node in self.nodes:
            if node.process is None:
                node.start()
        self.clients = [
            {person: node.client(person) for person in ("inspector", "owner", "admin")} for node in self.nodes
        ]

    def deploy(self):
        counter = harness.CAMPAIGN / "counter.yaml"
        files = {p.name: p.read_text() for p in [*sorted((HERE / "campaign").glob("*.yaml")), counter]}
        files["organisation.yaml"] = (harness.CAMPAIGN / "organisation.yaml").read_text()
        self.clients[0]["admin"].definitions.Deploy(definitions.DeployRequest(files=files))

    def notifications(self):
        """Idempotency keys, as each node's notifier saw them."""
        seen = []
        for node in self.nodes:
            log = node.directory / "notifications.log"
            lines = log.read_text().splitlines() if log.exists() else []
            seen.append([json.loads(line)["idempotency_key"] for line in lines])
        return seen

    def remove(self):
        for node in self.nodes:
            node.remove()


class Writer(threading.Thread):
    """Decides the open task of a case again and again, on one node after the other, each time under a new request
    id, and keeps a journal of what was acknowledged. The same question is asked until it is answered."""

    def __init__(self, name, cluster, case_id, stop, prefer=0):
        super().__init__(daemon=True)
        self.label, self.cluster, self.case_id, self.stop_event = name, cluster, case_id, stop
        self.turn = prefer
        self.acknowledged = {}  # request id → revision
        self.asked = self.repeated = self.lost_races = 0
        self.longest = 0.0  # seconds from a question to its answer
        self.wrong = []

    def client(self):
        clients = self.cluster.clients
        return clients[self.turn % len(clients)]["owner"]

    def run(self):
        try:
            while not self.stop_event.is_set():
                self.turn += 1
                task = self.insist(lambda c: c.open_task(self.case_id))
                self.asked += 1
                request_id = f"{self.label}-{self.asked}"
                began = time.monotonic()
                receipt = self.insist(
                    lambda c: c.decide(request_id, task.id, "counted", last=request_id, timeout=5)
                )
                self.longest = max(self.longest, time.monotonic() - began)
                if receipt is None:
                    self.lost_races += 1
                    continue
                self.repeated += receipt.repeated
                self.acknowledged[request_id] = receipt.revision
        except Exception as error:  # noqa: BLE001: whatever it is, the test must see it
            self.wrong.append(repr(error))

    def insist(self, ask):
        while True:
            try:
                return ask(self.client())
            except grpc.RpcError as error:
                if harness.Refused(error).reason in LOST_THE_RACE:
                    return None
                if error.code() not in LATER:
                    raise
                time.sleep(0.02)
            except ValueError:  # the channel was closed by a kill
                time.sleep(0.02)
            self.turn += 1  # the other node may answer


def compare(client, writers):
    """(acknowledged, lost, double) of the counting cases that the writers wrote to."""
    total = lost = double = 0
    for case_id in {w.case_id for w in writers}:
        acknowledged = {}
        for writer in writers:
            if writer.case_id == case_id:
                acknowledged.update(writer.acknowledged)
        entries = client.history(case_id)
        decided = [e for e in entries if any(event.kind == "seat_decided" for event in e.events)]
        revisions = {e.revision for e in decided}
        assert [e.revision for e in entries] == list(range(1, len(entries) + 1))
        total += len(acknowledged)
        lost += sum(1 for revision in acknowledged.values() if revision not in revisions)
        lost += len(acknowledged) - len(set(acknowledged.values()))
        double += max(0, len(decided) - len(acknowledged))
        assert client.case(case_id).data["count"] == len(decided)
    return total, lost, double


def until(condition, patience=90):
    """Seconds that passed until the condition held."""
    began = time.monotonic()
    while not condition():
        if time.monotonic() - began > patience:
            raise AssertionError("it did not come about in time")
        time.sleep(0.05)
    return time.monotonic() - began
