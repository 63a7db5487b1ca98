"""The tick: small recurring duties in one small process, so that none of them needs Redis or waits behind
generations.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog
from django.db import connection

log = structlog.get_logger(__name__)

ADVISORY_LOCK = 7_305_119_014
"""Any number nobody else uses: whoever holds it in the database is the one tick process."""


@dataclass(frozen=True, slots=True)
class Duty:
    """Something to be done every so many seconds. What is `long` may take more than a moment: nothing waits for it."""

    name: str
    every_seconds: float
    run: Callable[[], object]
    long: bool = False


class Rota:
    """Runs duties when they are due; one that fails is logged and does not hold up the others."""

    def __init__(self, duties: Sequence[Duty], clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._due = {duty.name: clock() for duty in duties}
        self._duties = duties

    def run_due(self, go_on: Callable[[], bool] = lambda: True) -> list[str]:
        """Run what is due, each duty only if it may `go_on`; return the names of the duties that failed."""
        due = (duty for duty in self._duties if go_on() and self._clock() >= self._due[duty.name])
        return [duty.name for duty in due if not self._run(duty)]

    def seconds_to_next(self) -> float:
        """Seconds until something is due, 0 when something is; infinitely many without duties."""
        return max(0.0, min(self._due.values(), default=math.inf) - self._clock())

    def _run(self, duty: Duty) -> bool:
        self._due[duty.name] = self._clock() + duty.every_seconds
        try:
            duty.run()
        except Exception:
            log.exception("Duty failed", duty=duty.name)
            return False
        return True


def hold_lock() -> bool:
    """Take, or notice that this connection still has, the lock of the one tick process."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
            " AND ((classid::bigint << 32) | objid::bigint) = %s) OR pg_try_advisory_lock(%s)",
            [ADVISORY_LOCK, ADVISORY_LOCK],
        )
        return bool(cursor.fetchone()[0])
