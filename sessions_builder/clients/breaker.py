"""Circuit breaker and cooldown: what a client asks before it calls, and tells afterwards."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Protocol

FAILURES_TO_OPEN = 3
OPEN_SECONDS = 60.0


class Breaker(Protocol):
    """Asked before a call, told after it. Implementations are safe for threads."""

    def allow(self) -> bool:
        """Whether a call may be made now."""
        ...

    def record_success(self) -> None: ...

    def record_failure(self, cause: str) -> None: ...


class Cooldown(Protocol):
    """A pause a provider asked everybody to make. Asked and told on the event loop: implementations must not block."""

    def remaining(self) -> float:
        """Seconds to wait before the next call; 0 when there is no pause."""
        ...

    def start(self, seconds: float) -> None:
        """Note a pause of so many seconds from now; a longer one that is already running stays."""
        ...


class InMemoryBreaker:
    """Three failures in a row stop calls for a minute; then one trial call a minute until one succeeds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._open_until = 0.0

    def allow(self) -> bool:
        with self._lock:
            if self._failures < FAILURES_TO_OPEN:
                return True
            now = self._clock()
            if now < self._open_until:
                return False
            # Half open: this caller tries, the others wait for what becomes of it.
            self._open_until = now + OPEN_SECONDS
            return True

    def record_success(self) -> None:
        with self._lock:
            self._failures = 0

    def record_failure(self, cause: str) -> None:
        with self._lock:
            self._failures += 1
            if self._failures >= FAILURES_TO_OPEN:
                self._open_until = self._clock() + OPEN_SECONDS


class InMemoryCooldown:
    """The pause as this process knows it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until = 0.0

    def remaining(self) -> float:
        return max(0.0, self._until - self._clock())

    def start(self, seconds: float) -> None:
        self._until = max(self._until, self._clock() + seconds)
