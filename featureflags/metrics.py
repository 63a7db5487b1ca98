"""Counting decisions for Prometheus."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import Counter

from featureflags.evaluation import Reason

EVALUATIONS = Counter(
    "session_builder_flag_evaluations", "Flag decisions by flag and reason.", labelnames=("flag", "reason")
)

# `labels()` takes a lock and builds a key every time; a decision is made in microseconds, so what counts is kept.
_children: dict[tuple[str, Reason], Callable[[], None]] = {}


def count_evaluation(flag: str, reason: Reason) -> None:
    """Count one decision. Unknown flags share one series: their keys come from outside and are without limit."""
    count = _children.get((flag, reason))
    if count is None:
        if reason is Reason.FLAG_UNKNOWN:
            EVALUATIONS.labels("", reason.value).inc()
            return
        count = _children[flag, reason] = EVALUATIONS.labels(flag, reason.value).inc
    count()
