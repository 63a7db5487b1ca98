"""A polite limit for clients that ask in a loop. Every process counts for itself, in memory."""

from __future__ import annotations

import math
import threading
import time
from collections import Counter
from collections.abc import Callable

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

WINDOW_SECONDS = 10.0


class RequestCounter:
    """Counts requests by user within the current window. Safe for threads; forgets everything with each window."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._window = 0
        self._counts: Counter[object] = Counter()

    def add(self, who: object) -> int:
        """Count one request; return how many this user has made in the window."""
        window = int(self._clock() // WINDOW_SECONDS)
        with self._lock:
            if window != self._window:
                self._window = window
                self._counts.clear()
            self._counts[who] += 1
            return self._counts[who]

    def seconds_left(self) -> int:
        """Return the whole seconds until the window ends, 1-10."""
        return max(1, math.ceil(WINDOW_SECONDS - self._clock() % WINDOW_SECONDS))


requests = RequestCounter()


class PoliteThrottle(BaseThrottle):
    """Allows a user `limit` requests within ten seconds per process; beyond it 429 with `Retry-After`."""

    limit = 1000

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Count the request and say whether it may go on."""
        return requests.add(request.user.pk) <= self.limit

    def wait(self) -> float:
        """Return the seconds to wait, for `Retry-After`."""
        return float(requests.seconds_left())
