"""Name lookup with a deadline: the operating system's has none, and can block a thread for half a minute."""

from __future__ import annotations

import socket
import threading
import time
from queue import Empty, SimpleQueue


class NameLookupFailed(OSError):
    """The name could not be resolved in time, or does not exist."""


def addresses_of(name: str, port: int, deadline: float) -> tuple[str, ...]:
    """The IP addresses of a host, in the system's order, before `deadline` (time.monotonic()). Raises NameLookupFailed.

    A lookup that hangs is left behind in a daemon thread, which ends when the system gives up.
    """
    try:
        return _lookup(name, port, socket.AI_NUMERICHOST)
    except socket.gaierror:
        answer: SimpleQueue[tuple[str, ...] | OSError] = SimpleQueue()
    threading.Thread(target=_lookup_into, args=(answer, name, port), name="name-lookup", daemon=True).start()
    try:
        found = answer.get(timeout=max(0.0, deadline - time.monotonic()))
    except Empty:
        raise NameLookupFailed(f"looking up {name} took too long") from None
    if isinstance(found, OSError):
        raise NameLookupFailed(f"{name} could not be looked up") from found
    return found


def _lookup_into(answer: SimpleQueue[tuple[str, ...] | OSError], name: str, port: int) -> None:
    try:
        answer.put(_lookup(name, port, 0))
    except (OSError, UnicodeError) as error:
        answer.put(error if isinstance(error, OSError) else OSError(str(error)))


def _lookup(name: str, port: int, flags: int) -> tuple[str, ...]:
    found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM, flags=flags)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
