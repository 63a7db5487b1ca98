"""Intervals that stay true however often somebody looks."""

import math
from collections.abc import Callable

from analytics.statistics.distributions import log_beta
from analytics.statistics.rates import ALPHA
from analytics.statistics.types import Counts, Interval

EDGE = 1e-12
HALVINGS = 200
MOST = 100_000


def beta_binomial_sequence(counts: Counts, alpha: float = ALPHA, a: float = 1.0, b: float = 1.0) -> Interval:
    """Return the time-uniform confidence interval of one rate: all rates a beta(a, b) mixture cannot bet against.

    A rate p stays in while B(a+k, b+n-k) / B(a, b) < p^k (1-p)^(n-k) / alpha (Robbins 1970; Howard et al. 2021).
    """
    if counts.n == 0:
        return Interval(0.0, 1.0)
    excluded = _betting_against(counts.hits, counts.n - counts.hits, alpha, a, b)
    low = 0.0 if counts.hits == 0 else _border(EDGE, counts.share, excluded)
    high = 1.0 if counts.hits == counts.n else _border(1 - EDGE, counts.share, excluded)
    return Interval(low, high)


def needed_to_leave(share: float, rate: float, alpha: float = ALPHA) -> int | None:
    """Return from how many on the sequence of this share leaves a rate (0 < rate < 1) out, were the share to stay.

    None when that takes more than a hundred thousand: the share is as good as the rate.
    """
    return _needed(lambda n: _betting_against(share * n, (1 - share) * n, alpha)(rate))


def needed_for_effect(value: float, error: float, n: int, *, planned: int, alpha: float = ALPHA) -> int | None:
    """Return from how many units on the sequence leaves 0 out, were the effect and the spread of its n units to stay.

    None when that takes more than a hundred thousand.
    """

    def leaves_zero_out(units: int) -> bool:
        interval, _ = asymptotic_sequence(value, error * math.sqrt(n / units), units, planned=planned, alpha=alpha)
        return 0.0 not in interval

    return _needed(leaves_zero_out)


def asymptotic_sequence(
    value: float, error: float, n: int, *, planned: int, alpha: float = ALPHA
) -> tuple[Interval, float]:
    """Return an always-valid interval and p-value for an effect with this standard error after n units.

    Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2024), tightest when n is about `planned`. It is
    asymptotic: nobody should be shown it below some dozens of units an arm.
    """
    log_alpha = -2 * math.log(alpha)
    rho = math.sqrt((log_alpha + math.log(log_alpha + 1)) / planned)
    growth = n * rho * rho + 1
    width = error * math.sqrt(2 * growth * math.log(math.sqrt(growth) / alpha) / n) / rho
    if error == 0:
        return Interval(value, value), 1.0 if value == 0 else 0.0
    squared = (value / error) ** 2
    log_evidence = rho * rho * n * squared / (2 * growth) - math.log(growth) / 2
    return Interval(value - width, value + width), min(1.0, math.exp(-log_evidence))


def _betting_against(
    hits: float, misses: float, alpha: float, a: float = 1.0, b: float = 1.0
) -> Callable[[float], bool]:
    """Whether a rate is left out by what was counted; a share of n need not fall on a whole hit."""
    mixture = log_beta(a + hits, b + misses) - log_beta(a, b) + math.log(alpha)
    return lambda rate: mixture > hits * math.log(rate) + misses * math.log1p(-rate)


def _needed(decides: Callable[[int], bool]) -> int | None:
    """Double until it decides, then halve the way back."""
    enough = 1
    while not decides(enough):
        if enough > MOST:
            return None
        enough *= 2
    few = enough // 2
    while enough - few > 1:
        middle = (few + enough) // 2
        few, enough = (few, middle) if decides(middle) else (middle, enough)
    return enough if enough <= MOST else None


def _border(outside: float, inside: float, excluded: Callable[[float], bool]) -> float:
    """Halve the way between a point outside and one inside until they meet."""
    for _ in range(HALVINGS):
        middle = (outside + inside) / 2
        if excluded(middle):
            outside = middle
        else:
            inside = middle
    return inside
