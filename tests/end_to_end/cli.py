"""The command line `duban`, run as people and scripts run it."""

import json
import os
import pathlib
import subprocess

SOURCE = pathlib.Path(os.environ.get("DUBAN_SOURCE", pathlib.Path(__file__).resolve().parents[2]))
BINARY = pathlib.Path(os.environ.get("DUBAN_BINARY", SOURCE / "build" / "dev"))
DUBAN = BINARY / "bin" / "duban"

DONE, REFUSED, USAGE, UNREACHABLE, UNEXPECTED = range(5)


class Run:
    """One finished command."""

    def __init__(self, finished):
        self.code = finished.returncode
        self.out = finished.stdout
        self.error = finished.stderr

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def json_error(self):
        return json.loads(self.error)


def environment(**more):
    """Nothing of the caller's own settings."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("DUBAN_", "LC_")) and k not in ("LANG", "NO_COLOR")}
    return {**kept, "LANG": "C.UTF-8", **more}


def duban(*words, stdin=None, timeout=60, **variables):
    finished = subprocess.run([str(DUBAN), *map(str, words)], input=stdin, capture_output=True, text=True,
                              encoding="utf-8", timeout=timeout, env=environment(**variables))
    return Run(finished)
