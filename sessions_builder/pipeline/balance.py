"""Minutes that always add up to exactly the target, and change as little as the bounds of each type allow."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sessions_builder.pipeline.types import SectionType, Step

STEP = 5


class BalanceError(ValueError):
    """The minutes cannot be made to fit."""


class NoSections(BalanceError):
    """There are no sections to share the minutes."""


class AllLocked(BalanceError):
    """Every section is locked and their minutes are not the target."""


class TooFewMinutes(BalanceError):
    """There are fewer minutes than sections that need at least one."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Minutes of a section type: what it gets when nothing is known, and the range it stays in where possible."""

    default: int
    low: int
    high: int


BOUNDS: Mapping[SectionType, Bounds] = {
    SectionType.OPENER: Bounds(10, 5, 20),
    SectionType.TOPIC: Bounds(25, 10, 45),
    SectionType.EXERCISE: Bounds(20, 10, 60),
    SectionType.DISCUSSION: Bounds(15, 5, 40),
    SectionType.PRESENTATION: Bounds(20, 5, 30),
    SectionType.VIDEO: Bounds(10, 3, 20),
    SectionType.INSPIRATION: Bounds(10, 3, 20),
    SectionType.ASSESSMENT: Bounds(10, 5, 30),
    SectionType.BREAK: Bounds(10, 5, 20),
    SectionType.CLOSING: Bounds(10, 5, 20),
    SectionType.CUSTOM: Bounds(15, 5, 60),
}
OUTER = frozenset({SectionType.OPENER, SectionType.CLOSING, SectionType.BREAK})
"""Types that stay short: they are stretched last and never get the odd minutes while another section can."""


@dataclass(frozen=True, slots=True)
class Timed:
    """A section as the balancer sees it; `minutes` may be anything a model or an author can type."""

    type: SectionType
    minutes: float | None
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Balanced:
    """Whole minutes per section, in order, summing to the target; `notes` say in words what had to be bent."""

    minutes: tuple[int, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Share:
    """One unlocked section: its proposal, its range, and whether it is an inner one."""

    weight: Fraction
    low: int
    high: int
    inner: bool


def balance(sections: Sequence[Timed], target: int) -> Balanced:
    """Minutes for each section, ≥ 1 each, that sum to exactly `target` (minutes); deterministic and idempotent.

    Proposals that are whole and already sum to the target stay as they are. Otherwise each section gets its proposal
    times one common factor, clamped to its type's bounds, in steps of 5 minutes where that is possible.
    Raises NoSections, AllLocked or TooFewMinutes.
    """
    if not sections:
        raise NoSections("There are no sections to share the minutes.")
    kept = [_locked_minutes(section) for section in sections]
    if _is_exact(sections, kept, target):
        return Balanced(
            tuple(int(section.minutes or 0) if m is None else m for section, m in zip(sections, kept, strict=True))
        )
    free = [place for place, minutes in enumerate(kept) if minutes is None]
    available = target - sum(minutes for minutes in kept if minutes is not None)
    if not free:
        raise AllLocked("Every section is locked and their minutes are not the target.")
    if available < len(free):
        raise TooFewMinutes(f"{max(0, available)} minutes are left for {len(free)} sections.")
    notes = ["Missing minutes were filled in."] if any(_unknown(section.minutes) for section in sections) else []
    shares, relaxed = _relax([_share(sections[place]) for place in free], available)
    for place, minutes in zip(free, _distribute(shares, available), strict=True):
        kept[place] = minutes
    return Balanced(tuple(minutes or 0 for minutes in kept), (*notes, *relaxed))


def rescale_steps(steps: Sequence[Step], minutes: int) -> tuple[Step, ...]:
    """The steps with their minutes scaled to sum to the section's `minutes`; unchanged when no step has any.

    A step without minutes among others counts as an average one. With fewer minutes than steps, none keeps minutes.
    """
    given = [step.minutes for step in steps if step.minutes]
    if not given or (len(given) == len(steps) and sum(given) == minutes):
        return tuple(steps)
    if minutes < len(steps):
        return tuple(Step(step.text) for step in steps)
    average = Fraction(sum(given), len(given))
    shares = [_Share(Fraction(step.minutes or average), 1, minutes, inner=True) for step in steps]
    return tuple(Step(step.text, share) for step, share in zip(steps, _fill(shares, minutes), strict=True))


def _unknown(minutes: float | None) -> bool:
    return minutes is None or isinstance(minutes, bool) or not math.isfinite(minutes) or minutes <= 0


def _locked_minutes(section: Timed) -> int | None:
    """A locked section's minutes, rounded half up; None for a free section, and for a lock on no number at all."""
    if not section.locked or section.minutes is None or _unknown(section.minutes):
        return None
    return max(1, math.floor(section.minutes + 0.5))


def _is_exact(sections: Sequence[Timed], locked: Sequence[int | None], target: int) -> bool:
    total = 0.0
    for section, minutes in zip(sections, locked, strict=True):
        if minutes is None:
            if section.minutes is None or _unknown(section.minutes) or section.minutes != int(section.minutes):
                return False
            minutes = int(section.minutes)
        total += minutes
    return total == target


def _share(section: Timed) -> _Share:
    bounds = BOUNDS[section.type]
    minutes = section.minutes
    weight = Fraction(bounds.default) if minutes is None or _unknown(minutes) else Fraction(str(minutes))
    return _Share(weight, bounds.low, bounds.high, section.type not in OUTER)


def _relax(shares: list[_Share], available: int) -> tuple[list[_Share], list[str]]:
    """The shares with bounds that can hold the available minutes, and what was given up for it."""
    notes: list[str] = []
    if sum(share.low for share in shares) > available:
        notes.append("There is less time than these sections usually need.")
        shares = [_Share(share.weight, 1, share.high, share.inner) for share in shares]
    if sum(share.high for share in shares) < available:
        notes.append("There is more time than these sections usually take.")
        stretched = [_Share(s.weight, s.low, available if s.inner else s.high, s.inner) for s in shares]
        if sum(share.high for share in stretched) < available:
            stretched = [_Share(share.weight, share.low, available, share.inner) for share in shares]
        shares = stretched
    return shares, notes


def _distribute(shares: Sequence[_Share], available: int) -> list[int]:
    """Whole minutes per share: in units of 5 where the bounds allow, the odd minutes on the longest inner section."""
    step = STEP
    units = _in_units(shares, step)
    if not sum(unit.low for unit in units) <= available // step <= sum(unit.high for unit in units):
        step = 1
        units = _in_units(shares, step)
    minutes = [unit * step for unit in _fill(units, available // step)]
    odd = available - sum(minutes)
    if odd:
        inner = [place for place, share in enumerate(shares) if share.inner] or list(range(len(shares)))
        minutes[max(inner, key=lambda place: (minutes[place], -place))] += odd
    return minutes


def _in_units(shares: Sequence[_Share], step: int) -> list[_Share]:
    units = []
    for share in shares:
        low = -(-share.low // step)
        units.append(_Share(share.weight, low, max(low, share.high // step, 1), share.inner))
    return units


def _fill(shares: Sequence[_Share], count: int) -> list[int]:
    """Water-filling: the exact λ with Σ clamp(λ·weight, low, high) = count, then rounded to whole units.

    λ lies between two breakpoints, where some share meets one of its bounds. With L the least common multiple of the
    weights every breakpoint is a whole number of 1/L, so the search needs nothing but integers.
    """
    weights = _whole_weights(shares)
    scale = math.lcm(*weights)

    def at(factor: int, denominator: int = 1) -> list[int]:
        """Each share at λ = factor/(L·denominator), in units of 1/(L·denominator)."""
        unit = scale * denominator
        return [min(max(factor * w, s.low * unit), s.high * unit) for w, s in zip(weights, shares, strict=True)]

    bounds = ((bound, w) for w, share in zip(weights, shares, strict=True) for bound in (share.low, share.high))
    points = sorted({bound * (scale // w) for bound, w in bounds})
    place = bisect_left(points, count * scale, hi=len(points) - 1, key=lambda point: sum(at(point)))
    above, below = points[place], points[place - 1] if place else 0
    total_above, total_below = sum(at(above)), sum(at(below))
    rise = total_above - total_below
    if rise == 0:
        return _round_to(count, at(above), scale, weights, shares)
    factor = below * rise + (above - below) * (count * scale - total_below)
    return _round_to(count, at(factor, rise), scale * rise, weights, shares)


def _whole_weights(shares: Sequence[_Share]) -> list[int]:
    """The weights as integers in the same proportions."""
    scale = math.lcm(*(share.weight.denominator for share in shares))
    return [share.weight.numerator * (scale // share.weight.denominator) for share in shares]


def _round_to(
    count: int, exact: Sequence[int], unit: int, weights: Sequence[int], shares: Sequence[_Share]
) -> list[int]:
    """Floors of exact/unit, then the largest remainders up (ties: the larger proposal, then the earlier)."""
    whole = [value // unit for value in exact]
    order = sorted(range(len(whole)), key=lambda at: (-(exact[at] % unit), -weights[at], at))
    left = count - sum(whole)
    while left > 0:
        for place in order:
            if left and whole[place] < shares[place].high:
                whole[place] += 1
                left -= 1
    return whole
