#!/usr/bin/env python3
"""High availability with what operators run: two PostgreSQL under Patroni in synchronous mode, etcd, two duband.

The primary's machine "loses power" under load (Patroni and PostgreSQL killed), again and again; each time the standby
takes over, the service comes back by itself, and the dead one returns as the new standby. In the end the clients' own
journal is compared with the database. Needs Debian's packages postgresql, patroni and etcd-server; everything
listens on free ports of the loopback interface and lives in a temporary directory.

  ha.py [--kills N] [--seed N]
"""

import argparse
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

from cluster import Cluster, Writer, compare, remove_generated, until
from postgres import programs, unprivileged

WRITERS = 6


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Etcd:
    def __init__(self, directory):
        self.port, peer = free_port(), free_port()
        with open(directory / "etcd.log", "w") as log:
            self.process = subprocess.Popen(
                [
                    shutil.which("etcd"), "--name", "one", "--data-dir", directory / "etcd",
                    "--listen-client-urls", f"http://127.0.0.1:{self.port}",
                    "--advertise-client-urls", f"http://127.0.0.1:{self.port}",
                    "--listen-peer-urls", f"http://127.0.0.1:{peer}",
                    "--initial-advertise-peer-urls", f"http://127.0.0.1:{peer}",
                    "--initial-cluster", f"one=http://127.0.0.1:{peer}",
                ],
                stdout=log, stderr=log,
            )

    def stop(self):
        self.process.kill()
        self.process.wait()


class Member:
    """One PostgreSQL under one Patroni: a machine that can lose power and come back."""

    def __init__(self, name, directory, etcd):
        self.name, self.directory = name, directory / name
        self.directory.mkdir()
        if os.geteuid() == 0:
            shutil.chown(self.directory, "postgres")
        self.port, self.rest = free_port(), free_port()
        self.config = self.directory / "patroni.json"  # YAML holds JSON
        access = {"username": "postgres", "password": "test"}
        settings = {
            "scope": "duban-test", "name": name,
            "restapi": {"listen": f"127.0.0.1:{self.rest}", "connect_address": f"127.0.0.1:{self.rest}"},
            "etcd3": {"hosts": f"127.0.0.1:{etcd.port}"},
            "bootstrap": {
                "dcs": {
                    "ttl": 20, "loop_wait": 2, "retry_timeout": 5, "synchronous_mode": True,
                    "postgresql": {
                        "use_pg_rewind": True, "use_slots": True,
                        "parameters": {
                            "max_connections": 100, "shared_buffers": "32MB", "wal_log_hints": "on",
                            "recovery_init_sync_method": "syncfs", "wal_keep_size": "256MB",
                        },
                    },
                },
                "initdb": [{"encoding": "UTF8"}, {"locale": "C.UTF-8"}, "data-checksums"],
            },
            "postgresql": {
                "listen": f"127.0.0.1:{self.port}", "connect_address": f"127.0.0.1:{self.port}",
                "data_dir": str(self.directory / "data"), "bin_dir": str(programs()),
                "pgpass": str(self.directory / "pgpass"),
                "authentication": {
                    "superuser": access, "replication": {"username": "replicator", "password": "test"}, "rewind": access,
                },
                "parameters": {"unix_socket_directories": str(self.directory)},
                "pg_hba": ["local all all trust", "host all all 127.0.0.1/32 trust",
                           "host replication all 127.0.0.1/32 trust"],
                "remove_data_directory_on_diverged_timelines": True,
            },
            "watchdog": {"mode": "off"},
        }
        self.config.write_text(json.dumps(settings))
        self.process = None

    def start(self):
        with open(self.directory / "patroni.log", "a") as log:
            self.process = subprocess.Popen(
                unprivileged(shutil.which("patroni"), self.config), stdout=log, stderr=log, start_new_session=True,
            )

    def power_off(self):
        """Nothing of it gets to say a word: Patroni and every process of PostgreSQL are killed."""
        pid_file = self.directory / "data" / "postmaster.pid"
        postmaster = int(pid_file.read_text().split()[0]) if pid_file.exists() else None
        os.killpg(self.process.pid, signal.SIGKILL)
        if postmaster:
            children = pathlib.Path(f"/proc/{postmaster}/task/{postmaster}/children")
            family = [postmaster, *(int(p) for p in children.read_text().split())] if children.exists() else []
            for pid in family:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
        self.process.wait()
        self.process = None

    def is_(self, role):
        """Patroni's own answer: "primary", "synchronous", "replica"."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.rest}/{role}", timeout=3) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False


class Pair:
    def __init__(self, directory):
        self.etcd = Etcd(directory)
        self.members = [Member(name, directory, self.etcd) for name in ("north", "south")]
        self.members[0].start()
        until(lambda: self.members[0].is_("primary"), 180)
        self.members[1].start()
        until(self.whole, 180)

    def whole(self):
        return any(m.is_("primary") for m in self.members) and any(m.is_("synchronous") for m in self.members)

    def primary(self):
        return next(m for m in self.members if m.is_("primary"))

    def storage(self):
        hosts = ",".join("127.0.0.1" for _ in self.members)
        ports = ",".join(str(m.port) for m in self.members)
        return f"plugin = postgres\nconnection = host={hosts} port={ports} user=postgres dbname=postgres\n"

    def stop(self):
        for member in self.members:
            if member.process is not None:
                member.power_off()
        self.etcd.stop()


def watch_service(writers, since):
    """Seconds from `since` until every writer has been answered again."""
    before = [len(w.acknowledged) for w in writers]
    until(lambda: all(len(w.acknowledged) > n for w, n in zip(writers, before)) or any(w.wrong for w in writers), 180)
    return time.monotonic() - since


def torture(pair, kills, chance):
    cluster = Cluster(pair.storage())
    stop = threading.Event()
    writers = []
    try:
        inspector = cluster.clients[0]["inspector"]
        for i in range(WRITERS):
            case_id = inspector.start(f"start-{i}", workflow="counter").case_id
            writers.append(Writer(f"writer-{i}", cluster, case_id, stop, prefer=i))
        for writer in writers:
            writer.start()
        outages = []
        for number in range(1, kills + 1):
            time.sleep(chance.uniform(2, 5))
            dead = pair.primary()
            began = time.monotonic()
            dead.power_off()
            outages.append(watch_service(writers, began))
            print(f"kill {number}: {dead.name} was the primary; served again after {outages[-1]:.1f} s", flush=True)
            dead.start()
            until(pair.whole, 180)
        time.sleep(2)
    finally:
        stop.set()
        for writer in writers:
            writer.join(timeout=120)
        try:
            wrong = [w.wrong for w in writers if w.wrong]
            total, lost, double = compare(cluster.clients[0]["inspector"], writers)
        finally:
            cluster.remove()
    return {
        "test": "ha", "kills": kills, "acknowledged": total, "found": total - lost, "lost": lost, "double": double,
        "found_done_afterwards": sum(w.repeated for w in writers), "wrong": wrong,
        "slowest_back_s": round(max(outages, default=0.0), 1),
    }


def main():
    arguments = argparse.ArgumentParser(description="Kills the primary of a Patroni pair under load.")
    arguments.add_argument("--kills", type=int, default=3)
    arguments.add_argument("--seed", type=int, default=int(time.time()))
    options = arguments.parse_args()
    for program in ("etcd", "patroni"):
        if not shutil.which(program):
            sys.exit(f"{program} is missing: install the packages patroni and etcd-server")
    print(f"seed {options.seed}", flush=True)
    directory = pathlib.Path(tempfile.mkdtemp(prefix="duban-ha-"))
    directory.chmod(0o755)
    pair = None
    try:
        pair = Pair(directory)
        result = torture(pair, options.kills, random.Random(options.seed))
    finally:
        if pair:
            pair.stop()
        shutil.rmtree(directory, ignore_errors=True)
        remove_generated()
    print(json.dumps(result), flush=True)
    sys.exit(0 if result["lost"] == 0 and result["double"] == 0 and not result["wrong"] and result["acknowledged"] else 1)


if __name__ == "__main__":
    main()
