"""Each process writes down which version it decides with: the proof that a change has arrived everywhere."""

from __future__ import annotations

import os
import socket
import uuid
from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.db import connection, transaction

from featureflags.loading import Stamp
from featureflags.models import ProcessVersion

REPORT_SECONDS = 10.0

_RECORD = """
INSERT INTO featureflags_processversion (process, label, version, lag_ms, adopted_at, seen_at)
VALUES (%(process)s, %(label)s, %(version)s, 0, clock_timestamp(), clock_timestamp())
ON CONFLICT (process) DO UPDATE SET
    seen_at = EXCLUDED.seen_at,
    version = EXCLUDED.version,
    adopted_at = CASE WHEN featureflags_processversion.version = EXCLUDED.version
        THEN featureflags_processversion.adopted_at ELSE EXCLUDED.adopted_at END,
    lag_ms = CASE WHEN featureflags_processversion.version = EXCLUDED.version THEN featureflags_processversion.lag_ms
        ELSE GREATEST(0, LEAST(2147483647, 1000 * (
            EXTRACT(EPOCH FROM clock_timestamp() - %(changed_at)s::timestamptz) - %(unused)s)))::int END
"""


class PresenceRecorder:
    """Records the version of this process when it changes, and every 10 seconds while the process decides."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._pid = 0
        self._stamp: Stamp | None = None
        self._last_used: float | None = None
        self._report_at = float("-inf")

    def adopted(self, stamp: Stamp, last_used: float | None) -> None:
        """Take note of a new version; `last_used` is when (on the clock) the one before was last decided with."""
        self._stamp = stamp
        self._last_used = last_used
        self._report_at = float("-inf")

    def still_deciding(self, now: float) -> None:
        """Write the row if it is due. Inside a transaction it waits for the commit, so that it holds no row lock."""
        if self._pid != os.getpid():
            self._pid = os.getpid()
            self._process, self._label = uuid.uuid4(), process_label()
            self._report_at = float("-inf")
        if self._stamp is None or now < self._report_at:
            return
        record = partial(self._record, self._stamp, self._last_used, now)
        if connection.in_atomic_block:
            transaction.on_commit(lambda: record(), robust=True)
        else:
            record()

    def leave(self) -> None:
        """Take back what this process wrote down: it ends, and who has ended is not idle."""
        if self._pid == os.getpid():
            ProcessVersion.objects.filter(process=self._process).delete()

    def _record(self, stamp: Stamp, last_used: float | None, now: float) -> None:
        unused = 0.0 if last_used is None else self._clock() - last_used
        with connection.cursor() as cursor:
            cursor.execute(
                _RECORD,
                {
                    "process": self._process,
                    "label": self._label,
                    "version": stamp.version,
                    "changed_at": stamp.changed_at,
                    "unused": unused,
                },
            )
        self._report_at = now + REPORT_SECONDS


def process_label() -> str:
    """Return what staff recognise a process by: its role, machine and process id."""
    return f"{settings.PROCESS_ROLE} on {socket.gethostname()} (process {os.getpid()})"[:200]
