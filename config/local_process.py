"""Starting a server of our own and waiting for it."""

import pwd
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryFile

POLL_SECONDS = 0.02


class EmbeddedServerError(SystemExit):
    """A server cannot be started here; the message is one sentence that says why and what to do."""


def run(
    command: Sequence[str], *, directory: Path, account: pwd.struct_passwd | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end and return what it printed.

    With `account` (we are root then) it runs as that user and only in that user's group. What it leaves running is in
    a session of its own, so that a Ctrl-C meant for us does not reach it.
    """
    with TemporaryFile("w+") as output:  # not a pipe: a server that stays would keep it open
        ended = subprocess.run(
            command,
            cwd=directory,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
            check=False,
        )
        output.seek(0)
        return subprocess.CompletedProcess(command, ended.returncode, output.read())


def free_port() -> int:
    """Return a port of 127.0.0.1 that is free at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(ready: Callable[[], bool], *, seconds: float) -> bool:
    """Return True as soon as `ready()` holds, False when time is up."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if ready():
            return True
        time.sleep(POLL_SECONDS)
    return False


def last_line(output: str) -> str:
    """Return the last line a command printed, which is where its reason stands."""
    return (output.strip().splitlines() or ["no reason given"])[-1].rstrip(".")
