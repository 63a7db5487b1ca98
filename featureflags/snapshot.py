"""The flags as this process knows them, checked against the database at most about once a second.

No background thread: it would die when a server forks. The check happens inside an evaluation, so a process that
decides nothing costs nothing and still checks before its next decision.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from typing import Protocol

import structlog
from django.core.exceptions import SynchronousOnlyOperation
from django.db import Error as DatabaseFailure

from featureflags.loading import Snapshot, Stamp, borrowed_connection, load_snapshot, read_stamp
from featureflags.presence import PresenceRecorder

CHECK_SECONDS = 0.7
"""Well under a second, so that with saving and reading a change is everywhere a second after Save was pressed."""

FIRST_LOAD_WAIT_SECONDS = 2.0

log = structlog.get_logger(__name__)


class Recorder(Protocol):
    """Somebody who wants to know which version this process decides with."""

    def adopted(self, stamp: Stamp, last_used: float | None) -> None: ...

    def still_deciding(self, now: float) -> None: ...

    def leave(self) -> None: ...


class SnapshotStore:
    """Holds the last snapshot and keeps it fresh. Safe for threads and forks."""

    def __init__(
        self,
        *,
        read: Callable[[], Stamp | None] = read_stamp,
        load: Callable[[Stamp], Snapshot] = load_snapshot,
        recorder: Recorder | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._read, self._load, self._clock = read, load, clock
        self._recorder: Recorder = recorder or PresenceRecorder(clock)
        self._snapshot = Snapshot()
        self._check_at = float("-inf")
        self._used_at: float | None = None
        self._adopt_process()

    def current(self) -> Snapshot:
        """Return the snapshot to decide with. Never raises for a database that is away: the last one, or none."""
        now = self._clock()
        if now >= self._check_at or self._pid != os.getpid():
            self._refresh(now)
        self._used_at = now
        return self._snapshot

    def expire(self) -> None:
        """Check again at the next evaluation; called after a write of this process."""
        self._check_at = float("-inf")

    def forget(self) -> None:
        """Drop the snapshot, as in a process that has just started."""
        self._snapshot = Snapshot()
        self.expire()

    def leave(self) -> None:
        """Count this process no longer among those that follow: it decides nothing any more."""
        self._recorder.leave()

    def _adopt_process(self) -> None:
        self._pid = os.getpid()
        # A lock that another thread held at the fork would stay locked in the child for ever.
        self._lock = threading.Lock()

    def _refresh(self, now: float) -> None:
        if self._pid != os.getpid():
            self._adopt_process()
            self._used_at = None
            self.expire()
        # Who finds another thread checking goes on with the last snapshot, and waits only if there is none.
        wait = FIRST_LOAD_WAIT_SECONDS if self._snapshot.stamp is None else 0
        if not (self._lock.acquire(timeout=wait) if wait else self._lock.acquire(blocking=False)):
            return
        try:
            if now >= self._check_at:
                self._check_at = now + CHECK_SECONDS
                self._check(now)
        finally:
            self._lock.release()

    def _check(self, now: float) -> None:
        try:
            with borrowed_connection():
                stamp = self._read()
                if stamp is not None and stamp != self._snapshot.stamp:
                    self._snapshot = self._load(stamp)
                    self._recorder.adopted(stamp, self._used_at)
                self._recorder.still_deciding(now)
        except (DatabaseFailure, SynchronousOnlyOperation) as error:
            log.warning("Flags could not be read", error=type(error).__name__, version=self._snapshot.version)


store = SnapshotStore()
