"""Two tests for data that people look at again and again; plain Python.

Sequential test: asymptotic confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, "Time-uniform
central limit theory and asymptotic confidence sequences" (2021). Looking as often as one likes keeps its error rate.
Sample ratio: Pearson's chi-square test of goodness of fit.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

TUNED_FOR = 5000
"""Number of observations at which the confidence sequence is tightest."""


@dataclass(frozen=True, slots=True)
class Arm:
    """How many of `size` observations were successes."""

    successes: int
    size: int

    @property
    def rate(self) -> float:
        """The share of successes, 0-1; the arm must not be empty."""
        return self.successes / self.size

    def as_dict(self) -> dict[str, int]:
        """Return the arm as JSON."""
        return {"successes": self.successes, "size": self.size}


def mixture_scale(alpha: float = 0.05, tuned_for: int = TUNED_FOR) -> float:
    """Return the scale rho of the mixture that makes the sequence tightest after `tuned_for` observations."""
    log_alpha = -2 * math.log(alpha)
    return math.sqrt((log_alpha + math.log(log_alpha + 1)) / tuned_for)


def always_valid_p_value(
    estimate: float, standard_error: float, size: int, *, alpha: float = 0.05, tuned_for: int = TUNED_FOR
) -> float:
    """Return the two-sided p-value (0-1) of "the effect is zero", valid at every look.

    `standard_error` is that of `estimate` after `size` observations. No spread at all says nothing: 1.
    """
    if size <= 0 or standard_error <= 0:
        return 1.0
    scale = mixture_scale(alpha, tuned_for) ** 2
    growth = size * scale + 1
    exponent = scale * estimate**2 * size / (2 * growth * standard_error**2)
    # 700 is just below where exp() overflows; the p-value is zero for every purpose long before.
    return min(1.0, math.sqrt(growth) * math.exp(-min(700.0, exponent)))


def worse_than_control_p_value(treatment: Arm, control: Arm) -> float:
    """Return the always-valid p-value of "the treatment's rate is not lower", 1 when it is not lower."""
    if not treatment.size or not control.size or treatment.rate >= control.rate:
        return 1.0
    variance = sum(_smoothed(arm) * (1 - _smoothed(arm)) / arm.size for arm in (treatment, control))
    return always_valid_p_value(treatment.rate - control.rate, math.sqrt(variance), treatment.size + control.size)


def sample_ratio_p_value(counts: Sequence[int], weights: Sequence[float]) -> float:
    """Return the p-value (0-1) of "the two arms were filled by these weights"; arms of weight zero are left out."""
    planned = [(count, weight) for count, weight in zip(counts, weights, strict=True) if weight > 0]
    total, weight_sum = sum(count for count, _ in planned), sum(weight for _, weight in planned)
    if len(planned) != 2 or total == 0:
        return 1.0
    expected = [total * weight / weight_sum for _, weight in planned]
    statistic = sum((count - mean) ** 2 / mean for (count, _), mean in zip(planned, expected, strict=True))
    return math.erfc(math.sqrt(statistic / 2))  # upper tail of chi-square with one degree of freedom


def _smoothed(arm: Arm) -> float:
    """Return the rate with one success and one failure added: 0 of 10 is not proof of never."""
    return (arm.successes + 1) / (arm.size + 2)
