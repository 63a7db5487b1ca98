"""Picks among cards when one kind of card is shown more often than others: how far they are from blind picking."""

import math
from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from analytics.statistics.distributions import normal_above


@dataclass(frozen=True, slots=True)
class Pick:
    """One choice: whether a card of the kind was taken, how many of the kind were shown, out of how many, by whom."""

    hit: bool
    of_kind: int
    shown: int
    cluster: Hashable = None

    @property
    def chance(self) -> float:
        return self.of_kind / self.shown


@dataclass(frozen=True, slots=True)
class ChanceAdjusted:
    """Picks against blind picking. `z` takes picks as independent, `clustered_z` takes only people as independent.

    The z and p values are None when they cannot be had: no pick whose outcome was open, or under two people.
    """

    n: int
    observed: int
    expected: float
    z: float | None
    p_greater: float | None
    clusters: int
    clustered_z: float | None
    clustered_p_greater: float | None


def chance_adjusted(picks: Sequence[Pick]) -> ChanceAdjusted:
    """Compare picks with blind ones: the sum of picks against a Poisson-binomial, by its normal approximation."""
    observed = sum(pick.hit for pick in picks)
    expected = math.fsum(pick.chance for pick in picks)
    variance = math.fsum(pick.chance * (1 - pick.chance) for pick in picks)
    surplus: defaultdict[Hashable, float] = defaultdict(float)
    for pick in picks:
        surplus[pick.cluster] += pick.hit - pick.chance
    # Under blind picking each person's surplus has mean 0, so the squares need no centring.
    between = math.fsum(value * value for value in surplus.values())
    z = _ratio(observed - expected, variance)
    clustered = _ratio(observed - expected, between) if len(surplus) > 1 else None
    return ChanceAdjusted(
        n=len(picks),
        observed=observed,
        expected=expected,
        z=z,
        p_greater=None if z is None else normal_above(z),
        clusters=len(surplus),
        clustered_z=clustered,
        clustered_p_greater=None if clustered is None else normal_above(clustered),
    )


def _ratio(surplus: float, variance: float) -> float | None:
    return surplus / math.sqrt(variance) if variance > 0 else None
