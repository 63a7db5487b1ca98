"""Counting decisions for Prometheus."""

from __future__ import annotations

import atexit
import os
import time
from collections import Counter as Tally
from collections import deque
from contextlib import suppress

from prometheus_client import Counter

from featureflags.evaluation import Reason

EVALUATIONS = Counter(
    "session_builder_flag_evaluations", "Flag decisions by flag and reason.", labelnames=("flag", "reason")
)
ADD_UP_SECONDS = 1.0
MOST_WAITING = 10_000

# A decision takes microseconds and so does a counter that processes share. So decisions are noted, which any thread may
# do at any time, and added up once a second, when somebody looks, and at the end.
_noted: deque[tuple[str, Reason]] = deque()
_added_up_at = float("-inf")


def count_evaluation(flag: str, reason: Reason) -> None:
    """Count one decision."""
    _noted.append((flag, reason))
    if time.monotonic() - _added_up_at > ADD_UP_SECONDS or len(_noted) > MOST_WAITING:
        add_up()


def add_up() -> None:
    """Put what was noted into the counters. Unknown flags share one series: their keys come from outside."""
    global _added_up_at
    _added_up_at = time.monotonic()
    tally: Tally[tuple[str, Reason]] = Tally()
    with suppress(IndexError):
        while True:
            flag, reason = _noted.popleft()
            tally["" if reason is Reason.FLAG_UNKNOWN else flag, reason] += 1
    for (flag, reason), number in tally.items():
        EVALUATIONS.labels(flag, reason.value).inc(number)


os.register_at_fork(after_in_child=_noted.clear)
atexit.register(add_up)
