"""Means of two samples, of pairs, and of times on the logarithmic scale."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from analytics.statistics.distributions import student_above, student_quantile
from analytics.statistics.rates import ALPHA
from analytics.statistics.types import Difference, Interval, Summary


def summary_of(values: Sequence[float]) -> Summary:
    """Return n, mean and sample variance; raises ValueError under two values."""
    n = len(values)
    if n < 2:
        raise ValueError("A variance needs two values.")
    mean = math.fsum(values) / n
    return Summary(n, mean, math.fsum((value - mean) ** 2 for value in values) / (n - 1))


def welch(first: Summary, second: Summary, alpha: float = ALPHA, margin: float = 0.0) -> Difference:
    """Compare two means without assuming equal variances (Welch 1947). Raises ValueError when nothing varies."""
    a, b = first.variance / first.n, second.variance / second.n
    if a + b == 0:
        raise ValueError("Neither sample varies.")
    df = (a + b) ** 2 / (a * a / (first.n - 1) + b * b / (second.n - 1))
    return _student(first.mean - second.mean, math.sqrt(a + b), df, alpha, margin)


def paired(differences: Sequence[float], alpha: float = ALPHA, margin: float = 0.0) -> Difference:
    """Test the mean of differences within pairs. Raises ValueError under two pairs or when nothing varies."""
    return one_sample(summary_of(differences), alpha, margin)


def one_sample(summary: Summary, alpha: float = ALPHA, margin: float = 0.0) -> Difference:
    """Test a mean against a margin. Raises ValueError when nothing varies."""
    if summary.variance == 0:
        raise ValueError("The sample does not vary.")
    return _student(summary.mean, math.sqrt(summary.variance / summary.n), summary.n - 1, alpha, margin)


@dataclass(frozen=True, slots=True)
class GeometricRatio:
    """Ratio of geometric means, first over second: 0.8 is "20 % faster". `p_below`: "the ratio is below the goal"."""

    ratio: float
    interval: Interval
    p: float
    p_below: float


def geometric_ratio(
    first: Sequence[float], second: Sequence[float], alpha: float = ALPHA, goal: float = 1.0
) -> GeometricRatio:
    """Compare positive times by Welch's test of their logarithms. Raises ValueError on values that are not positive."""
    logs = [summary_of([math.log(value) for value in sample]) for sample in (first, second)]
    return ratio_of_logs(logs[0], logs[1], alpha, goal)


def ratio_of_logs(first: Summary, second: Summary, alpha: float = ALPHA, goal: float = 1.0) -> GeometricRatio:
    """Compare two samples of times given as summaries of their natural logarithms."""
    found = welch(first, second, alpha, margin=math.log(goal))
    interval = Interval(math.exp(found.interval.low), math.exp(found.interval.high))
    return GeometricRatio(math.exp(found.value), interval, found.p, 1 - found.p_greater)


def _student(value: float, error: float, df: float, alpha: float, margin: float) -> Difference:
    statistic = (value - margin) / error
    half = student_quantile(1 - alpha / 2, df) * error
    return Difference(
        value=value,
        interval=Interval(value - half, value + half),
        statistic=statistic,
        df=df,
        p=min(1.0, 2 * student_above(abs(statistic), df)),
        p_greater=student_above(statistic, df),
    )
