"""Signs of life: a process says every ten seconds that it runs, and at its end that it ended as it should."""

from __future__ import annotations

import os
import resource
import socket
import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from django.db import Error as DatabaseError
from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone

from featureflags import flags
from sessions_builder.models import ProcessHeartbeat

log = structlog.get_logger(__name__)

BEAT_SECONDS = 10.0
GOODBYE_SECONDS = 2.0
"""Longer than writing a row takes; a database that is away holds up no process that ends."""

STATM = Path("/proc/self/statm")


def beat(kind: str, **details: Any) -> None:
    """Leave a sign of life of this process."""
    values = {"kind": kind, "seen_at": Now(), "ended_at": None, "details": details}
    ProcessHeartbeat.objects.update_or_create(name=_name(kind), defaults=values)


def say_goodbye(kind: str) -> None:
    """Note that this process ends in order: only who vanishes without is silent, or idle with the flags."""
    ProcessHeartbeat.objects.filter(name=_name(kind)).update(ended_at=Now())
    flags.leave()


def forget_old_beats() -> int:
    """Drop the signs of life of processes that have been silent for a day; return how many."""
    deleted, _ = ProcessHeartbeat.objects.filter(seen_at__lt=timezone.now() - timedelta(days=1)).delete()
    return deleted


def memory() -> dict[str, int]:
    """Resident memory in MB, where the system tells it (Linux)."""
    try:
        pages = int(STATM.read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return {}
    return {"memoryMb": pages * resource.getpagesize() // 2**20}


class SignsOfLife:
    """A thread that beats for its process and says goodbye when told that it ends; `details` go with each beat."""

    def __init__(self, kind: str, details: Callable[[], Mapping[str, Any]]) -> None:
        self._kind, self._details = kind, details
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._go_on, name=f"{kind}-beat", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def end(self) -> None:
        """Say goodbye after the last beat."""
        self._ended.set()
        self._thread.join(GOODBYE_SECONDS)

    def _go_on(self) -> None:
        while not self._ended.is_set():
            self._leave(lambda: beat(self._kind, **self._details()))
            self._ended.wait(BEAT_SECONDS)
        self._leave(lambda: say_goodbye(self._kind))

    def _leave(self, sign: Callable[[], None]) -> None:
        try:
            sign()
        except DatabaseError as error:
            log.warning("No sign of life could be left", error=type(error).__name__)
        finally:
            connection.close()


def _name(kind: str) -> str:
    return f"{kind}:{socket.gethostname()}:{os.getpid()}"
