"""Keeping hold of generations: one thread per process extends all leases and tells jobs to stop.

A job waits on its own inbox. Results of writers arrive there, and so does an `Interruption`, so that cancelling,
losing the
lease and shutting down reach a job at once, whatever it is waiting for.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from queue import SimpleQueue
from typing import Any
from uuid import UUID

import structlog
from django.db import Error as DatabaseError
from django.db import connection

from sessions_builder import persistence

log = structlog.get_logger(__name__)

LOOK_SECONDS = 1.0
EXTEND_SECONDS = 10.0

Inbox = SimpleQueue[Any]


class Interruption(Enum):
    """Why a job has to stop before it is done."""

    CANCELLED = "cancelled"
    LEASE_LOST = "lease_lost"
    SWITCHED_OFF = "switched_off"
    SHUTDOWN = "shutdown"


class Stopped(Exception):
    """The job was interrupted before its work was done."""

    def __init__(self, why: Interruption) -> None:
        self.why = why
        super().__init__(why.value)


class LeaseKeeper:
    """Knows the leases this process holds. Its thread starts with the first lease and lives as long as the process."""

    def __init__(self, switched_off: Callable[[], bool] = lambda: False) -> None:
        self._inboxes: dict[UUID, Inbox] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._switched_off = switched_off
        self._stopping = False

    @contextmanager
    def hold(self, token: UUID) -> Iterator[Inbox]:
        """Keep the lease alive while the block runs; yields the inbox interruptions arrive in."""
        inbox: Inbox = SimpleQueue()
        with self._lock:
            self._inboxes[token] = inbox
            if self._thread is None:
                self._thread = threading.Thread(target=self._keep, name="lease-keeper", daemon=True)
                self._thread.start()
            if self._stopping:
                inbox.put(Interruption.SHUTDOWN)
        try:
            yield inbox
        finally:
            with self._lock:
                self._inboxes.pop(token, None)

    def interrupt_all(self, why: Interruption) -> None:
        """Tell every job of this process, and those that start after it, to stop."""
        with self._lock:
            self._stopping = why is Interruption.SHUTDOWN
            inboxes = list(self._inboxes.values())
        for inbox in inboxes:
            inbox.put(why)

    @property
    def held(self) -> int:
        """How many leases this process holds."""
        return len(self._inboxes)

    def _keep(self) -> None:
        extended = time.monotonic()
        while True:
            time.sleep(LOOK_SECONDS)
            due = time.monotonic() - extended >= EXTEND_SECONDS
            try:
                self._look(extend=due)
                extended = time.monotonic() if due else extended
            except DatabaseError as error:  # the leases last longer than a short outage
                log.warning("Leases could not be looked after", error=type(error).__name__)
            finally:
                connection.close()

    def _look(self, *, extend: bool) -> None:
        with self._lock:
            inboxes = dict(self._inboxes)
        if not inboxes:
            return
        if self._switched_off():
            self._tell(inboxes, set(inboxes), Interruption.SWITCHED_OFF)
        self._tell(inboxes, persistence.cancelled_leases(inboxes), Interruption.CANCELLED)
        if extend:
            self._tell(inboxes, set(inboxes) - persistence.extend_leases(inboxes), Interruption.LEASE_LOST)

    def _tell(self, inboxes: dict[UUID, Inbox], tokens: set[UUID], why: Interruption) -> None:
        for token in tokens:
            inboxes[token].put(why)
