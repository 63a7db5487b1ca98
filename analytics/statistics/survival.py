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
    merged = [(d.time, d.ended, True) for d in first] + [(d.time, d.ended, False) for d in second]
    risk = {True: len(first), False: len(second)}
    surplus = variance = 0.0
    for time in sorted({time for time, _, _ in merged}):
        here = [(ended, group) for at, ended, group in merged if at == time]
        deaths = sum(ended for ended, _ in here)
        total = risk[True] + risk[False]
        if deaths and total > 1:
            share = risk[True] / total
            surplus += sum(ended for ended, group in here if group) - deaths * share
            variance += deaths * share * (1 - share) * (total - deaths) / (total - 1)
        for group in (True, False):
            risk[group] -= sum(found is group for _, found in here)
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
