"""A PostgreSQL of a test's own, in a temporary directory, reached through a unix socket in it."""

import os
import pathlib
import shlex
import shutil
import subprocess
import tempfile


def programs():
    """Where the newest installed server is."""
    versions = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    if not versions:
        raise RuntimeError("no PostgreSQL: install the package postgresql")
    return versions[-1].parent


def unprivileged(*command):
    """As root a server refuses to run: it runs as the user postgres then."""
    line = " ".join(shlex.quote(str(word)) for word in command)
    return ["runuser", "-u", "postgres", "--", "sh", "-c", "cd / && " + line] if os.geteuid() == 0 else list(command)


class Postgres:
    def __init__(self, **settings):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="duban-pg-"))
        self.settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.directory),
            "recovery_init_sync_method": "syncfs",  # file by file takes seconds after a crash
            **settings,
        }
        if os.geteuid() == 0:
            shutil.chown(self.directory, "postgres")
        self._run(
            programs() / "initdb", "-D", self.directory / "data", "-A", "trust", "-U", "postgres",
            "-E", "UTF8", "--locale=C.UTF-8", "--no-sync",
        )
        self.control("start")

    def control(self, *how):
        """As pg_ctl does: control("restart", "-m", "immediate")."""
        options = " ".join(f"-c {key}={shlex.quote(value)}" for key, value in self.settings.items())
        self._run(
            programs() / "pg_ctl", "-D", self.directory / "data", "-w", "-s", "-l", self.directory / "log",
            "-o", options, *how,
        )

    def query(self, sql):
        return self._run(
            programs() / "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", self.directory, "-U", "postgres",
            "-c", sql,
        )

    def storage(self, more=""):
        """The section [storage] of a duband on it."""
        return f"plugin = postgres\nconnection = host={self.directory} user=postgres dbname=postgres\n{more}"

    def remove(self):
        try:
            self.control("stop", "-m", "immediate")
        finally:
            shutil.rmtree(self.directory, ignore_errors=True)

    @staticmethod
    def _run(*command):
        done = subprocess.run(
            unprivileged(*command), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, timeout=120,
        )
        if done.returncode != 0:
            raise RuntimeError(f"{command[0]}: {done.stdout}")
        return done.stdout
