"""Starting a server process of our own and waiting for it."""

import pwd
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

POLL_SECONDS = 0.02


class EmbeddedServerError(SystemExit):
    """A server cannot be started here; the message is one sentence that says why and what to do."""


def spawn(
    command: Sequence[str], *, log: Path, directory: Path, account: pwd.struct_passwd | None = None
) -> subprocess.Popen[bytes]:
    """Start a server in its own session, so that a Ctrl-C meant for us does not reach it; output goes to the log.

    With `account` (we are root then) the server runs as that user and only in that user's group.
    """
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            cwd=directory,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )


def free_port() -> int:
    """Return a port of 127.0.0.1 that is free at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(ready: Callable[[], bool], *, seconds: float, alive: Callable[[], bool] = lambda: True) -> bool:
    """Return True as soon as `ready()` holds, False when time is up or `alive()` no longer holds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if ready():
            return True
        if not alive():
            return False
        time.sleep(POLL_SECONDS)
    return False
