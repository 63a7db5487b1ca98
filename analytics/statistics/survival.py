"""Times of which some have not ended: unfinished sessions are censored, not forgotten."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from analytics.statistics.distributions import chi_square_above


@dataclass(frozen=True, slots=True)
class Duration:
    """A time, and whether it ended (True) or was still running when we looked (False)."""

    time: float
    ended: bool


def kaplan_meier(durations: Sequence[Duration]) -> list[tuple[float, float]]:
    """Return the survival curve as (time, share not yet ended after it), one step per time at which something ended."""
    at_risk, share, curve = len(durations), 1.0, []
    for time, ended, left in _steps(durations):
        if ended:
            share *= 1 - ended / at_risk
            curve.append((time, share))
        at_risk -= ended + left
    return curve


def median_time(durations: Sequence[Duration]) -> float | None:
    """Return the first time by which half have ended, None when it never came to that."""
    for time, share in kaplan_meier(durations):
        if share <= 0.5 + 1e-12:
            return time
    return None


def log_rank(first: Sequence[Duration], second: Sequence[Duration]) -> tuple[float, float] | None:
    """Return chi-square (1 degree of freedom) and p of equal survival (Mantel 1966); None with nothing to compare."""
    ended_first = {time: ended for time, ended, _ in _steps(first)}
    at_risk_first, at_risk = len(first), len(first) + len(second)
    left_first = {time: ended + left for time, ended, left in _steps(first)}
    surplus = variance = 0.0
    for time, ended, left in _steps([*first, *second]):
        share = at_risk_first / at_risk
        surplus += ended_first.get(time, 0) - ended * share
        if at_risk > 1:
            variance += ended * share * (1 - share) * (at_risk - ended) / (at_risk - 1)
        at_risk_first -= left_first.get(time, 0)
        at_risk -= ended + left
    if math.isclose(variance, 0.0, abs_tol=1e-12):
        return None
    statistic = surplus**2 / variance
    return statistic, chi_square_above(statistic, 1)


def _steps(durations: Sequence[Duration]) -> list[tuple[float, int, int]]:
    """Each distinct time with how many ended and how many left unfinished at it."""
    steps: dict[float, list[int]] = {}
    for duration in durations:
        steps.setdefault(duration.time, [0, 0])[0 if duration.ended else 1] += 1
    return [(time, ended, left) for time, (ended, left) in sorted(steps.items())]
