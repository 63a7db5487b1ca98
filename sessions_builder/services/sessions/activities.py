"""Activities of the library as sections of a session: a new one, or another way to spend one that is there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sessions_builder.errors import InvalidInput
from sessions_builder.models import TrainingSession
from sessions_builder.offline.activities import Activity
from sessions_builder.offline.composer import OUTER
from sessions_builder.offline.sections import activity_by_key, section_of
from sessions_builder.pipeline.balance import BOUNDS
from sessions_builder.pipeline.types import SectionType
from sessions_builder.pipeline.wire import section_to_wire
from sessions_builder.services.sessions.assessment import brief_of

Wire = dict[str, Any]


def section_with(session: TrainingSession, key: str, minutes: int | None, place: int) -> Wire:
    """The activity as a section of the session; without minutes it gets those usual for its type that it can fill.

    Raises InvalidInput for a key that is not in the library.
    """
    activity = _activity(key)
    usual = min(max(BOUNDS[activity.type].default, activity.minutes.low), activity.minutes.high)
    return section_to_wire(section_of(activity, brief_of(session), minutes=minutes or usual, place=place))


def with_activity(session: TrainingSession, section: Mapping[str, Any], key: str, place: int) -> Wire:
    """The section spent on another activity: same minutes, same objectives; its old text and citations go.

    An opening, a closing and a break stay what they are. Raises InvalidInput for a key that is not in the library.
    """
    activity = _activity(key)
    made = section_of(activity, brief_of(session), minutes=section["minutes"], subject=_subject(section), place=place)
    swapped = section_to_wire(made)
    if section["type"] in OUTER or activity.type in OUTER:
        swapped["type"] = section["type"]
    if section.get("activity") and not section["title"].startswith(section["activity"]):
        swapped["title"] = section["title"]
    if section.get("objectives"):
        swapped["objectives"] = section["objectives"]
    return {**section, **swapped}


def _activity(key: str) -> Activity:
    activity = activity_by_key(key)
    if activity is None:
        raise InvalidInput(fields={"activityKey": [f"There is no activity {key!r} in the library."]})
    return activity


def _subject(section: Mapping[str, Any]) -> str:
    """What the section is about, where its title says so after the name of its activity."""
    name, _, subject = section["title"].partition(": ")
    return subject if SectionType(section["type"]) not in OUTER and name == section.get("activity") else ""
