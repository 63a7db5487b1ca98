"""The parts of `oqs-1` that follow from minutes and section types: time, arc, active."""

from __future__ import annotations

from collections.abc import Mapping

from sessions_builder.pipeline.balance import BOUNDS
from sessions_builder.pipeline.prompt import section_range
from sessions_builder.pipeline.reading import ACTIVE, INPUT, Reading, active_minutes, trapezoid
from sessions_builder.pipeline.types import Section, SectionType

PASSIVE_FINE = 20
_PASSIVE_WORST = 40
BREAK_NEEDED_FROM = 120
LONGEST_STRETCH = 105
BANDS: Mapping[str, tuple[float, float, float, float, float]] = {
    "workshop": (0.10, 0.40, 0.80, 1.0, 0.5),
    "training": (0.10, 0.35, 0.75, 1.0, 0.5),
    "webinar": (0.03, 0.15, 0.55, 0.9, 0.3),
    "event": (0.03, 0.15, 0.60, 0.95, 0.4),
}
"""Share of active minutes that suits a session type, as a trapezoid."""


def time(reading: Reading, activities: Mapping[str, tuple[int, int]]) -> float:
    """0..10: 6 for the exact length (0 at 10 % off), 4 for the share of sections within their bounds."""
    off = abs(reading.total - reading.target) / (0.1 * reading.target)
    inside = sum(within_bounds(section, activities) for section in reading.sections)
    return 6 * max(0.0, 1 - off) + 4 * inside / len(reading.sections)


def within_bounds(section: Section, activities: Mapping[str, tuple[int, int]]) -> bool:
    bounds = BOUNDS[section.type]
    low, high = activities.get(section.activity.lower(), (bounds.low, bounds.high))
    return min(low, bounds.low) <= section.minutes <= max(high, bounds.high)


def arc(reading: Reading) -> float:
    """0..12: opener first, closing last, their shares, the number of sections, no long passive stretch, breaks."""
    first, last = reading.sections[0], reading.sections[-1]
    low, high = section_range(reading.target)
    passive = _longest_passive(reading)
    span = max(0, passive - PASSIVE_FINE) / (_PASSIVE_WORST - PASSIVE_FINE)
    return (
        2 * (first.type is SectionType.OPENER)
        + 2 * (last.type is SectionType.CLOSING)
        + trapezoid(first.minutes / reading.total, 0, 0.04, 0.15, 0.30)
        + trapezoid(last.minutes / reading.total, 0, 0.06, 0.20, 0.40)
        + 3 * trapezoid(len(reading.spoken), low - 2, low, high, high + 4, 0.2)
        + 2 * max(0.0, 1 - span)
        + (reading.target < BREAK_NEEDED_FROM or _longest_stretch(reading) <= LONGEST_STRETCH)
    )


def _longest_passive(reading: Reading) -> int:
    """Minutes of the longest run of inputs without an activity."""
    run = longest = 0
    for section in reading.sections:
        run = run + section.minutes if section.type in INPUT and not section.activity else 0
        longest = max(longest, run)
    return longest


def _longest_stretch(reading: Reading) -> int:
    """Minutes of the longest run without a break."""
    run = longest = 0
    for section in reading.sections:
        run = 0 if section.type is SectionType.BREAK else run + section.minutes
        longest = max(longest, run)
    return longest


def active(reading: Reading) -> float:
    """0..14: 7 for the share of active minutes, 4 for inputs that are soon put to use, 3 for three or more modes."""
    share = sum(map(active_minutes, reading.sections)) / reading.total
    modes = {section.mode for section in reading.spoken if section.mode}
    band = BANDS.get(reading.brief.session_type, BANDS["workshop"])
    return 7 * trapezoid(share, *band) + 4 * _inputs_put_to_use(reading) + 3 * min(1.0, len(modes) / 3)


def _inputs_put_to_use(reading: Reading) -> float:
    """Share of inputs followed by an active section within the next two; half when there is only activity."""
    types = [section.type for section in reading.sections]
    inputs = [place for place, kind in enumerate(types) if kind in INPUT]
    if not inputs:
        return 0.5 if any(kind in ACTIVE for kind in types) else 0.0
    return sum(any(kind in ACTIVE for kind in types[place + 1 : place + 3]) for place in inputs) / len(inputs)
