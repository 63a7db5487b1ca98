from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sessions_builder.pipeline.balance import (
    BOUNDS,
    AllLocked,
    BalanceError,
    NoSections,
    Timed,
    TooFewMinutes,
    balance,
    rescale_steps,
)
from sessions_builder.pipeline.types import SectionType, Step

FOUR = (SectionType.OPENER, SectionType.TOPIC, SectionType.EXERCISE, SectionType.CLOSING)


def timed(*minutes: float | None, types: tuple[SectionType, ...] = FOUR, locked: tuple[int, ...] = ()) -> list[Timed]:
    return [Timed(type, value, place in locked) for place, (type, value) in enumerate(zip(types, minutes, strict=True))]


def test_it_works() -> None:
    assert balance(timed(12, 33, 28, 14), 90).minutes == (10, 35, 30, 15)


@pytest.mark.parametrize(
    ("sections", "target", "expected"),
    [
        (timed(*[10] * 7, types=(SectionType.TOPIC,) * 7), 90, (15, 15, 15, 15, 10, 10, 10)),
        (timed(10, 20, 10, 10), 47, (10, 17, 10, 10)),
        (timed(15, 30, 30, 15), 45, (10, 15, 15, 5)),
        (timed(0, 0, 0, 0), 90, (15, 35, 25, 15)),
        (timed(1, 200, 1, 1), 90, (15, 45, 15, 15)),
        (timed(15, 30, 30, 15, locked=(1,)), 60, (10, 30, 15, 5)),
        (timed(12, 33, 30, 15), 90, (12, 33, 30, 15)),
        (timed(None, math.nan, math.inf, -3), 90, balance(timed(0, 0, 0, 0), 90).minutes),
        (timed(12.4, 33, 30, 14.6, locked=(0, 3)), 90, (12, 33, 30, 15)),
        (timed(90, types=(SectionType.BREAK,)), 480, (480,)),
        (timed(5, 5, 5, types=FOUR[:3]), 15, (5, 5, 5)),
        (timed(5, 10, 10, 5), 15, (3, 5, 5, 2)),
    ],
)
def test_examples(sections: list[Timed], target: int, expected: tuple[int, ...]) -> None:
    assert balance(sections, target).minutes == expected


def test_an_authors_own_minutes_survive_bounds_or_not() -> None:
    assert balance(timed(1, 88, 1, 1), 91) == balance(timed(1, 88, 1, 1), 91)
    assert balance(timed(1, 88, 1, 1), 91).minutes == (1, 88, 1, 1)
    assert balance(timed(1, 88, 1, 1), 91).notes == ()


@pytest.mark.parametrize(
    ("sections", "target", "note"),
    [
        (timed(None, 30, 30, 15), 90, "Missing minutes were filled in."),
        (timed(15, 30, 30, 15), 20, "There is less time than these sections usually need."),
        (timed(15, 30, 30, 15), 480, "There is more time than these sections usually take."),
    ],
)
def test_what_was_bent_is_said(sections: list[Timed], target: int, note: str) -> None:
    assert note in balance(sections, target).notes


def test_inner_sections_are_stretched_before_opener_and_closing() -> None:
    opener, *_, closing = balance(timed(15, 30, 30, 15), 480).minutes
    assert (opener, closing) == (BOUNDS[SectionType.OPENER].high, BOUNDS[SectionType.CLOSING].high)


@pytest.mark.parametrize(
    ("sections", "target", "error"),
    [
        ([], 90, NoSections),
        (timed(15, 30, 30, 15, locked=(0, 1, 2, 3)), 60, AllLocked),
        (timed(15, 50, 30, 15, locked=(1,)), 52, TooFewMinutes),
        (timed(15, 500, 30, 15, locked=(1,)), 90, TooFewMinutes),
        (timed(5, 5, 5, 5), 3, TooFewMinutes),
        (timed(5, 5, 5, 5), 0, TooFewMinutes),
        (timed(5, 5, 5, 5), -90, TooFewMinutes),
    ],
)
def test_what_cannot_be(sections: list[Timed], target: int, error: type[BalanceError]) -> None:
    with pytest.raises(error):
        balance(sections, target)


def test_all_locked_at_the_target_is_fine() -> None:
    assert balance(timed(15, 30, 30, 15, locked=(0, 1, 2, 3)), 90).minutes == (15, 30, 30, 15)


def test_a_lock_without_minutes_holds_nothing() -> None:
    assert sum(balance(timed(15, None, 30, 15, locked=(1,)), 90).minutes) == 90


@pytest.mark.parametrize("count", range(1, 15))
def test_every_target_is_met(count: int) -> None:
    inner = [list(SectionType)[place % 11] for place in range(count)]
    for target in range(15, 481):
        minutes = balance([Timed(type, 7.0 + place) for place, type in enumerate(inner)], target).minutes
        assert sum(minutes) == target
        assert min(minutes) >= 1


proposals = st.none() | st.floats() | st.integers(min_value=-5, max_value=200) | st.floats(min_value=0.1, max_value=90)
sections = st.builds(Timed, st.sampled_from(SectionType), proposals, st.sampled_from([False, False, False, True]))


@settings(max_examples=500)
@given(st.lists(sections, min_size=1, max_size=14), st.integers(min_value=15, max_value=480))
def test_properties(given_sections: list[Timed], target: int) -> None:
    try:
        balanced = balance(given_sections, target)
    except (AllLocked, TooFewMinutes):
        assert any(section.locked for section in given_sections)
        return
    assert sum(balanced.minutes) == target
    assert min(balanced.minutes) >= 1
    assert balance(given_sections, target) == balanced
    for section, minutes in zip(given_sections, balanced.minutes, strict=True):
        if section.locked and section.minutes and section.minutes >= 1 and math.isfinite(section.minutes):
            assert minutes == math.floor(section.minutes + 0.5)
    again = [Timed(s.type, m, s.locked) for s, m in zip(given_sections, balanced.minutes, strict=True)]
    assert balance(again, target).minutes == balanced.minutes


@settings(max_examples=300)
@given(st.lists(st.sampled_from(SectionType), min_size=1, max_size=14), st.integers(min_value=15, max_value=480))
def test_bounds_hold_where_they_can(types: list[SectionType], target: int) -> None:
    bounds = [BOUNDS[type] for type in types]
    odd = target % 5
    low, high = sum(b.low for b in bounds), sum(b.high for b in bounds)
    minutes = balance([Timed(type, 20) for type in types], target).minutes
    if low <= target <= high and sum(minutes) != 20 * len(types):
        spare = sum(max(0, m - b.high) for m, b in zip(minutes, bounds, strict=True))
        assert spare <= odd
        assert all(m >= b.low for m, b in zip(minutes, bounds, strict=True))


@pytest.mark.parametrize(
    ("steps", "minutes", "expected"),
    [
        ((5, 10, 5), 40, (10, 20, 10)),
        ((5, 10, 5), 21, (5, 11, 5)),
        ((1, 98, 1), 10, (1, 8, 1)),
        ((5, None, 5), 30, (10, 10, 10)),
        ((None, None), 30, (None, None)),
        ((5, 5, 5), 2, (None, None, None)),
        ((), 10, ()),
        ((30,), 10, (10,)),
    ],
)
def test_steps_follow_their_section(
    steps: tuple[int | None, ...], minutes: int, expected: tuple[int | None, ...]
) -> None:
    rescaled = rescale_steps([Step(f"Step {place}", value) for place, value in enumerate(steps)], minutes)
    assert tuple(step.minutes for step in rescaled) == expected
    assert [step.text for step in rescaled] == [f"Step {place}" for place in range(len(steps))]
