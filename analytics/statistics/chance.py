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


@dataclass(frozen=True, slots=True)
class PickSums:
    """What picks add up to: `expected` and `variance` for blind picks, `between` the sum of squared surpluses."""

    n: int
    observed: int
    expected: float
    variance: float
    clusters: int
    between: float


def chance_adjusted(picks: Sequence[Pick]) -> ChanceAdjusted:
    """Compare picks with blind ones: the sum of picks against a Poisson-binomial, by its normal approximation."""
    surplus: defaultdict[Hashable, float] = defaultdict(float)
    for pick in picks:
        surplus[pick.cluster] += pick.hit - pick.chance
    return chance_adjusted_sums(
        PickSums(
            n=len(picks),
            observed=sum(pick.hit for pick in picks),
            expected=math.fsum(pick.chance for pick in picks),
            variance=math.fsum(pick.chance * (1 - pick.chance) for pick in picks),
            clusters=len(surplus),
            # Under blind picking each person's surplus has mean 0, so the squares need no centring.
            between=math.fsum(value * value for value in surplus.values()),
        )
    )


def chance_adjusted_sums(sums: PickSums) -> ChanceAdjusted:
    """Compare picks, added up already, with blind ones."""
    surplus = sums.observed - sums.expected
    z = _ratio(surplus, sums.variance)
    clustered = _ratio(surplus, sums.between) if sums.clusters > 1 else None
    return ChanceAdjusted(
        n=sums.n,
        observed=sums.observed,
        expected=sums.expected,
        z=z,
        p_greater=None if z is None else normal_above(z),
        clusters=sums.clusters,
        clustered_z=clustered,
        clustered_p_greater=None if clustered is None else normal_above(clustered),
    )


def _ratio(surplus: float, variance: float) -> float | None:
    return surplus / math.sqrt(variance) if variance > 0 else None
