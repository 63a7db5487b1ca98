"""Starts processes of `tests.featureflags.decider` and reads what they report."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
NO_REDIS = "redis://127.0.0.1:1/0"


class Deciders:
    """Processes that decide on a database and report into one pipe."""

    def __init__(self, database_url: str) -> None:
        self._database_url = database_url
        self._reading, self._writing = os.pipe()
        self._rest = b""
        self._waiting: list[dict[str, Any]] = []
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self, process_role: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Start one as this kind of process. There is no Redis for it: flags do without."""
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": self._database_url,
            "REDIS_URL": NO_REDIS,
            "PROCESS_ROLE": process_role,
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.featureflags.decider", *arguments],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=self._writing,
            start_new_session=True,  # so that the forked ones can be ended together with it
        )
        self.processes.append(process)
        return process

    def reports(self, event: str, number: int, seconds: float) -> list[dict[str, Any]]:
        """Return the next `number` reports of this kind; the others wait for their turn."""
        until = time.monotonic() + seconds
        found: list[dict[str, Any]] = []
        while len(found) < number:
            kept = [report for report in self._waiting if report["event"] == event][: number - len(found)]
            found += kept
            self._waiting = [report for report in self._waiting if report not in kept]
            if len(found) < number:
                left = until - time.monotonic()
                assert left > 0, f"{len(found)} of {number} reports {event}; others: {self._waiting}"
                self._read(left)
        return found

    def _read(self, seconds: float) -> None:
        if select.select([self._reading], [], [], seconds)[0]:
            *lines, self._rest = (self._rest + os.read(self._reading, 65536)).split(b"\n")
            self._waiting += [json.loads(line) for line in lines]

    def close(self) -> None:
        for process in self.processes:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
        os.close(self._reading)
        os.close(self._writing)
