"""Child processes: started in their own session, ended by process id, nothing left behind."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import IO

from config.programs import Program
from config.settings import BASE_DIR

PR_SET_PDEATHSIG = 1
KILL_SECONDS = 5


@dataclass(slots=True)
class Child:
    """A running program."""

    program: Program
    process: subprocess.Popen[bytes]

    @property
    def running(self) -> bool:
        """Whether the process has not ended yet."""
        return self.process.poll() is None

    def ask_to_end(self) -> None:
        """Send SIGTERM: finish what is under way, then end."""
        if self.running:
            self.process.terminate()

    def wait(self, seconds: float) -> bool:
        """Return whether the process ended within that time."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def kill(self) -> None:
        """End the process and what it started, at once."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self.wait(KILL_SECONDS)


def start(program: Program, *, output: int | IO[bytes], environment: Mapping[str, str] | None = None) -> Child:
    """Start a program with our environment, its own variables, and the given ones on top; stderr goes to the output."""
    process = subprocess.Popen(
        program.command,
        cwd=BASE_DIR,
        env={**os.environ, "PYTHONUNBUFFERED": "1", **program.environment, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=_end_with_parent if sys.platform == "linux" else None,
    )
    return Child(program, process)


def stop(children: Iterable[Child]) -> list[str]:
    """End these children together; return the names of those that had to be killed when their grace was over."""
    asked = list(children)
    for child in asked:
        child.ask_to_end()
    killed = []
    for child in asked:
        if not child.wait(child.program.grace):
            killed.append(child.program.name)
        child.kill()  # also of one that ended well: no process of its session stays
    return killed


def _end_with_parent() -> None:
    """Have the kernel send SIGTERM when the parent dies without a chance to stop us."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
