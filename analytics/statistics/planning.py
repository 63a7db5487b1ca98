"""How many are needed before an answer can be expected: two-sided 5 %, power 80 % unless said."""

import math

from analytics.statistics.distributions import normal_quantile
from analytics.statistics.rates import ALPHA

POWER = 0.8


def needed_for_rates(first: float, second: float, alpha: float = ALPHA, power: float = POWER) -> int:
    """Return the number per arm that tells two rates apart (Fleiss, pooled variance under the null)."""
    z, w = normal_quantile(1 - alpha / 2), normal_quantile(power)
    middle = (first + second) / 2
    null = z * math.sqrt(2 * middle * (1 - middle))
    alternative = w * math.sqrt(first * (1 - first) + second * (1 - second))
    return math.ceil(((null + alternative) / (first - second)) ** 2)


def needed_for_means(difference: float, deviation: float, alpha: float = ALPHA, power: float = POWER) -> int:
    """Return the number per arm that shows a difference of means at this standard deviation."""
    return math.ceil(2 * ((normal_quantile(1 - alpha / 2) + normal_quantile(power)) * deviation / difference) ** 2)


def needed_for_ratio(ratio: float, log_deviation: float, alpha: float = ALPHA, power: float = POWER) -> int:
    """Return the number per arm that shows a ratio of geometric means at this standard deviation of logarithms."""
    return needed_for_means(math.log(ratio), log_deviation, alpha, power)


def needed_for_rate(rate: float, against: float = 0.5, alpha: float = ALPHA, power: float = POWER) -> int:
    """Return the sample that tells one rate from a fixed one."""
    z, w = normal_quantile(1 - alpha / 2), normal_quantile(power)
    spread = z * math.sqrt(against * (1 - against)) + w * math.sqrt(rate * (1 - rate))
    return math.ceil((spread / (rate - against)) ** 2)
