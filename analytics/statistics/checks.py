"""Is the sample what it should be, and do several tests still hold together?"""

from collections.abc import Sequence

from analytics.statistics.distributions import chi_square_above

SAMPLE_RATIO_ALARM = 0.001


def sample_ratio(counts: Sequence[int], weights: Sequence[float]) -> float:
    """Return the p-value of the arms having been filled by these weights (chi-square); flag it below 0.001.

    Arms of weight 0 are left out; 1.0 when there is nothing to compare.
    """
    arms = [(count, weight) for count, weight in zip(counts, weights, strict=True) if weight > 0]
    total, mass = sum(count for count, _ in arms), sum(weight for _, weight in arms)
    if total == 0 or len(arms) < 2:
        return 1.0
    expected = [total * weight / mass for _, weight in arms]
    statistic = sum((count - due) ** 2 / due for (count, _), due in zip(arms, expected, strict=True))
    return chi_square_above(statistic, len(arms) - 1)


def holm(p_values: Sequence[float]) -> list[float]:
    """Return the p-values adjusted for being several (Holm 1979), in the order given."""
    adjusted = [0.0] * len(p_values)
    worst = 0.0
    for rank, index in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        worst = max(worst, min(1.0, p_values[index] * (len(p_values) - rank)))
        adjusted[index] = worst
    return adjusted
