"""Breakers and pauses of outside services, shared by all processes through one small table."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from sessions_builder.models import ProviderState

RAG = "rag"
MODEL = "model"
FAILURES_TO_OPEN = 3
OPEN_SECONDS = 60
KNOWN_FOR_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Known:
    """The row as last read; `read_at` is a time.monotonic() value."""

    failures: int = 0
    open_until: datetime | None = None
    cooldown_until: datetime | None = None
    read_at: float = float("-inf")


class SharedBreaker:
    """Three failures in a row stop calls to a service for a minute, in every process; the next failure after it does
    so again.

    Safe for threads. Reads the table at most once a second and writes only when something changes.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._known = Known()
        self._lock = threading.Lock()

    def allow(self) -> bool:
        """Whether the service may be called now."""
        return _seconds_until(self._read().open_until) == 0

    def pause(self) -> float:
        """Seconds the service asked everybody to wait from now on; 0 when it did not."""
        return _seconds_until(self._read().cooldown_until)

    def record_success(self) -> None:
        """Forget earlier failures."""
        if self._read().failures:
            self._write(failures=0, open_until=None, reason="")

    def record_failure(self, cause: str) -> None:
        """Count a failure in a row; the third and each later one open the breaker."""
        failures = self._read().failures + 1
        opened = timezone.now() + timedelta(seconds=OPEN_SECONDS) if failures >= FAILURES_TO_OPEN else None
        self._write(failures=failures, open_until=opened, reason=cause[:40])

    def record_pause(self, seconds: float) -> None:
        """Ask all processes to leave the service alone for a while."""
        self._write(cooldown_until=timezone.now() + timedelta(seconds=seconds))

    def _read(self) -> Known:
        with self._lock:
            if time.monotonic() - self._known.read_at > KNOWN_FOR_SECONDS:
                self._known = self._load()
            return self._known

    def _load(self) -> Known:
        try:
            row = ProviderState.objects.filter(name=self.name).first()
        finally:
            connection.close()
        now = time.monotonic()
        return Known(read_at=now) if row is None else Known(row.failures, row.open_until, row.cooldown_until, now)

    def _write(self, **values: object) -> None:
        try:
            with transaction.atomic():
                ProviderState.objects.update_or_create(name=self.name, defaults={**values, "updated_at": Now()})
        finally:
            connection.close()
        known = {name: value for name, value in values.items() if name != "reason"}
        with self._lock:
            self._known = replace(self._known, **known)  # type: ignore[arg-type]


def _seconds_until(moment: datetime | None) -> float:
    return 0.0 if moment is None else max(0.0, (moment - timezone.now()).total_seconds())
