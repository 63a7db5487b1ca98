"""The activity library is complete and says what it promises."""

from __future__ import annotations

import string
from collections import Counter

import pytest

from sessions_builder.offline import frames
from sessions_builder.offline.activities import MODES, Activity, find, library, of_type
from sessions_builder.offline.fields import FIELDS
from sessions_builder.pipeline.types import SectionType


def test_it_works() -> None:
    counts = Counter(activity.type for activity in library())
    assert len(library()) >= 55
    assert counts[SectionType.PRESENTATION] >= 5
    assert counts[SectionType.INSPIRATION] >= 5
    assert set(counts) == set(SectionType) - {SectionType.CUSTOM}


@pytest.mark.parametrize("activity", library(), ids=lambda activity: activity.key)
def test_every_activity_is_complete(activity: Activity) -> None:
    assert activity.mode in MODES
    assert 1 <= activity.minutes.low < activity.minutes.high
    assert 1 <= activity.group.low < activity.group.high
    assert activity.energy in (1, 2, 3)
    assert set(activity.suits) <= set(FIELDS)
    assert len(activity.description.split()) >= 12
    assert len(activity.note.split()) >= 8
    if activity.type is not SectionType.BREAK:
        assert len(activity.steps) >= 3
        assert activity.prompts
    placeholders = {name for prompt in activity.prompts for _, name, _, _ in string.Formatter().parse(prompt) if name}
    assert placeholders <= {"topic"}


def test_names_are_unique() -> None:
    assert len({activity.name.lower() for activity in library()}) == len(library())


def test_find_asks_for_everything_given() -> None:
    found = find(SectionType.EXERCISE, minutes=10, group_size=400, online=True)
    assert {activity.key for activity in found} == {"solo_application", "live_poll_cases"}
    assert set(find(SectionType.BREAK)) == set(of_type(SectionType.BREAK))


def test_every_frame_can_be_filled() -> None:
    words = dict.fromkeys(("topic", "category", "audience"), "x")
    for sentences in frames.LINKS.values():
        assert all("{" not in sentence.format(**words) for sentence in sentences)
