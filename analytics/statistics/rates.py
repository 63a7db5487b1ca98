"""Shares of a sample and differences between two of them."""

import math
from collections.abc import Sequence

from analytics.statistics.distributions import normal_quantile, two_sided
from analytics.statistics.types import Counts, Interval

ALPHA = 0.05


def wilson(counts: Counts, alpha: float = ALPHA) -> Interval:
    """Return the score interval of a share (Wilson 1927); (0, 1) for an empty sample."""
    if counts.n == 0:
        return Interval(0.0, 1.0)
    n, share, z = counts.n, counts.share, normal_quantile(1 - alpha / 2)
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low = 0.0 if counts.hits == 0 else middle - half
    high = 1.0 if counts.hits == n else middle + half
    return Interval(low, high)


def newcombe(first: Counts, second: Counts, alpha: float = ALPHA) -> Interval:
    """Return the interval of first share minus second (Newcombe 1998, hybrid score without continuity correction)."""
    return stratified_difference([(first, second)], alpha)[1]


def stratified_difference(
    strata: Sequence[tuple[Counts, Counts]], alpha: float = ALPHA
) -> tuple[float, Interval, list[float]]:
    """Return the weighted difference of shares over strata, its interval, and the weight of each stratum.

    Weights are those of Mantel and Haenszel, n1·n2/(n1+n2); the interval recovers the variance of each
    share from its Wilson limits (Zou and Donner 2008), which is Newcombe's interval for one stratum.
    Strata with an empty side get weight 0. Raises ValueError when none is left.
    """
    raw = [a.n * b.n / (a.n + b.n) if a.n and b.n else 0.0 for a, b in strata]
    total = sum(raw)
    if total == 0:
        raise ValueError("No stratum has both sides.")
    weights = [weight / total for weight in raw]
    value = below = above = 0.0
    for weight, (first, second) in zip(weights, strata, strict=True):
        if weight == 0:
            continue
        a, b = wilson(first, alpha), wilson(second, alpha)
        value += weight * (first.share - second.share)
        below += weight**2 * ((first.share - a.low) ** 2 + (b.high - second.share) ** 2)
        above += weight**2 * ((a.high - first.share) ** 2 + (second.share - b.low) ** 2)
    return value, Interval(value - math.sqrt(below), value + math.sqrt(above)), weights


def pooled_z(first: Counts, second: Counts) -> tuple[float, float]:
    """Return z and the two-sided p-value of equal shares, with pooled variance; (0, 1) when nothing varies."""
    together = Counts(first.hits + second.hits, first.n + second.n)
    error = math.sqrt(together.share * (1 - together.share) * (1 / first.n + 1 / second.n))
    if error == 0:
        return 0.0, 1.0
    z = (first.share - second.share) / error
    return z, two_sided(z)


def difference_error(first: Counts, second: Counts) -> float:
    """Return the standard error of first share minus second, unpooled."""
    return math.sqrt(first.share * (1 - first.share) / first.n + second.share * (1 - second.share) / second.n)
