"""Advice that follows from minutes and section types: time, arc, active."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sessions_builder.pipeline.balance import BOUNDS
from sessions_builder.pipeline.hints import Add, Change, Fit, Hint, Move, quoted
from sessions_builder.pipeline.prompt import section_range
from sessions_builder.pipeline.quality_structure import (
    BANDS,
    BREAK_NEEDED_FROM,
    LONGEST_STRETCH,
    PASSIVE_FINE,
    within_bounds,
)
from sessions_builder.pipeline.reading import ACTIVE, INPUT, Reading, active_minutes
from sessions_builder.pipeline.schema import MODES
from sessions_builder.pipeline.types import SectionType

PREFERRED_MODES = ("pairs", "small_groups", "plenary", "individual")


def time(reading: Reading, activities: Mapping[str, tuple[int, int]]) -> Iterator[Hint]:
    """Minutes that do not add up, and sections shorter or longer than suits them."""
    if reading.total != reading.target:
        message = f"The sections take {reading.total} of {reading.target} minutes."
        yield Hint("time", message, fix=Fit(), label=f"Fit to {reading.target} minutes")
    for place, section in enumerate(reading.sections):
        if not within_bounds(section, activities):
            bounds = BOUNDS[section.type]
            span = f"{bounds.low} to {bounds.high} minutes suit this type of section"
            yield Hint("time", f"{quoted(section)} takes {section.minutes}; {span}.", place)


def arc(reading: Reading) -> Iterator[Hint]:
    """What is missing at the ends, too few or too many sections, long stretches of listening or without a break."""
    types = [section.type for section in reading.sections]
    yield from _ends(types)
    low, high = section_range(reading.target)
    count = len(reading.spoken)
    if not low <= count <= high:
        yield Hint("arc", f"{low} to {high} sections suit {reading.target} minutes; there are {count}.")
    yield from _passive(reading)
    yield from _unbroken(reading)


def _ends(types: list[SectionType]) -> Iterator[Hint]:
    last = len(types) - 1
    if types[0] is not SectionType.OPENER:
        if SectionType.OPENER in types:
            move = Move(types.index(SectionType.OPENER), 0)
            yield Hint("arc", "The opening does not come first.", move.place, move, "Move the opening to the start")
        else:
            add = Add(SectionType.OPENER, ("hook", "objectives"), 0)
            message = "The session has no opening: nothing draws people in and names the goal."
            yield Hint("arc", message, 0, add, "Add an opening")
    if types[last] is not SectionType.CLOSING:
        if SectionType.CLOSING in types:
            move = Move(types.index(SectionType.CLOSING), last)
            yield Hint("arc", "The closing does not come last.", move.place, move, "Move the closing to the end")
        else:
            add = Add(SectionType.CLOSING, ("transfer",), last + 1)
            message = "The session has no closing: nobody says what they will do next."
            yield Hint("arc", message, last, add, "Add a closing")


def _passive(reading: Reading) -> Iterator[Hint]:
    """The longest run of input without an activity; a discussion inside it, or after it, breaks it up."""
    start = longest = run = first = 0
    for place, section in enumerate(reading.sections):
        if section.type in INPUT and not section.activity:
            first = first if run else place
            run += section.minutes
        else:
            run = 0
        if run > longest:
            longest, start = run, first
    if longest > PASSIVE_FINE:
        where = quoted(reading.sections[start])
        add = Add(SectionType.DISCUSSION, ("practice",), start + 1)
        yield Hint(
            "arc", f"{longest} minutes of listening in a row, from {where} on.", start, add, "Add a short discussion"
        )


def _unbroken(reading: Reading) -> Iterator[Hint]:
    """A long session without a break where it would be time for one."""
    if reading.target < BREAK_NEEDED_FROM:
        return
    run = 0
    begun = 0
    for place, section in enumerate(reading.sections):
        if section.type is SectionType.BREAK:
            run, begun = 0, place + 1
            continue
        run += section.minutes
        if run > LONGEST_STRETCH:
            middle = begun + (place + 1 - begun) // 2
            add = Add(SectionType.BREAK, ("break",), max(1, middle))
            yield Hint("arc", f"More than {LONGEST_STRETCH} minutes without a break.", begun, add, "Add a break")
            return


def active(reading: Reading) -> Iterator[Hint]:
    """How much people do, input nothing is made of, and ways of working together that are missing."""
    share = sum(map(active_minutes, reading.sections)) / reading.total
    _, least, most, *_ = BANDS.get(reading.brief.session_type, BANDS["workshop"])
    kind = reading.brief.session_type
    if share < least:
        message = f"People are active for {_percent(share)} of the time; from {_percent(least)} on suits a {kind}."
        yield Hint("active", message, fix=_practice_after_input(reading), label="Add an exercise")
    elif share > most:
        message = f"People are active for {_percent(share)} of the time; up to {_percent(most)} suits a {kind}."
        yield Hint("active", message)
    yield from _unused_input(reading)
    yield from _modes(reading)


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _practice_after_input(reading: Reading) -> Add:
    inputs = [place for place, section in enumerate(reading.sections) if section.type in INPUT]
    position = inputs[-1] + 1 if inputs else max(1, len(reading.sections) - 1)
    return Add(SectionType.EXERCISE, ("practice", "feedback"), position)


def _unused_input(reading: Reading) -> Iterator[Hint]:
    types = [section.type for section in reading.sections]
    for place, section in enumerate(reading.sections):
        if section.type in INPUT and not any(kind in ACTIVE for kind in types[place + 1 : place + 3]):
            add = Add(SectionType.EXERCISE, ("practice",), place + 1)
            yield Hint(
                "active", f"Nothing is done with {quoted(section)} soon after it.", place, add, "Add an exercise"
            )


def _modes(reading: Reading) -> Iterator[Hint]:
    used = {section.mode for section in reading.spoken if section.mode}
    if len(used) >= 3:
        return
    free = [mode for mode in PREFERRED_MODES if mode not in used and mode in MODES]
    for place, section in enumerate(reading.sections):
        if section in reading.content and not section.mode and free:
            mode = free.pop(0)
            words = mode.replace("_", " ")
            message = f"{quoted(section)} does not say how people work: alone, in pairs, in groups, together."
            yield Hint("active", message, place, Change(place, {"mode": mode}), f"Work: {words}")
    if used and all(section.mode for section in reading.content):
        yield Hint("active", "Fewer than three ways of working together; change one, for example to pairs.")
