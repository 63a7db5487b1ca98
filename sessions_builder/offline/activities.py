"""The activity library: what people do in a session, with the minutes and group sizes it works for."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

from sessions_builder.pipeline.types import SectionType

PURPOSES = ("hook", "objectives", "recall", "input", "demo", "practice", "feedback", "check", "transfer", "break")
MODES = ("plenary", "small_groups", "pairs", "individual")


class Bloom(StrEnum):
    """Levels of Bloom's taxonomy as revised by Anderson and Krathwohl (2001), lowest first."""

    REMEMBER = "remember"
    UNDERSTAND = "understand"
    APPLY = "apply"
    ANALYZE = "analyze"
    EVALUATE = "evaluate"
    CREATE = "create"

    @property
    def level(self) -> int:
        """0 for remember … 5 for create."""
        return list(Bloom).index(self)


@dataclass(frozen=True, slots=True)
class Range:
    """From least to most, both included."""

    low: int
    high: int

    def __contains__(self, value: int) -> bool:
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class Activity:
    """One way to spend part of a session. "{topic}" in a text stands for what the section is about."""

    key: str
    name: str
    type: SectionType
    mode: str
    minutes: Range
    group: Range
    bloom: Bloom
    energy: int
    """1 calm … 3 lively."""
    online: bool
    purposes: tuple[str, ...]
    description: str
    steps: tuple[tuple[int, str], ...]
    """Share of the section's time, and what to do."""
    materials: tuple[str, ...]
    note: str
    prompts: tuple[str, ...]
    circle: int = 4
    """People who work together when it is done in small groups."""
    suits: tuple[str, ...] = ()
    """Fields it is made for, see `fields`; empty when it suits any."""

    def mentions(self, phrase: str) -> bool:
        """Whether the phrase (case-folded) is in its name or description."""
        return phrase in self.name.casefold() or phrase in self.description.casefold()


@cache
def library() -> tuple[Activity, ...]:
    """Every activity, in the order of the library's files. Raises ValueError for a file that is not as it should be."""
    folder = resources.files(__package__) / "library"
    found: list[Activity] = []
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        kind, _, suffix = file.name.partition(".")
        if suffix == "toml":
            found += _read(kind, tomllib.loads(file.read_text("utf-8"))["activity"])
    keys = [activity.key for activity in found]
    if len(set(keys)) < len(keys):
        raise ValueError(f"activity keys used twice: {sorted({key for key in keys if keys.count(key) > 1})}")
    return tuple(found)


@cache
def of_type(kind: SectionType) -> tuple[Activity, ...]:
    """The activities for one section type."""
    return tuple(activity for activity in library() if activity.type is kind)


def find(
    kind: SectionType | None = None, minutes: int | None = None, group_size: int | None = None, online: bool = False
) -> tuple[Activity, ...]:
    """Activities that suit all that is given: section type, minutes, people in the room; `online` keeps those that work
    in a video call."""
    return tuple(
        activity
        for activity in library()
        if (kind is None or activity.type is kind)
        and (minutes is None or minutes in activity.minutes)
        and (group_size is None or group_size in activity.group)
        and (activity.online or not online)
    )


@cache
def minutes_by_name() -> Mapping[str, tuple[int, int]]:
    """Least and most minutes of every activity, by its name in lower case."""
    return {activity.name.lower(): (activity.minutes.low, activity.minutes.high) for activity in library()}


def _read(kind: str, entries: Sequence[Mapping[str, Any]]) -> list[Activity]:
    return [_activity(SectionType(kind), entry) for entry in entries]


def _activity(kind: SectionType, entry: Mapping[str, Any]) -> Activity:
    unknown = {*entry["purposes"]} - {*PURPOSES}
    if unknown or entry["mode"] not in MODES:
        raise ValueError(f"activity {entry['key']}: unknown purpose or mode {unknown or entry['mode']}")
    return Activity(
        key=entry["key"],
        name=entry["name"],
        type=kind,
        mode=entry["mode"],
        minutes=Range(*entry["minutes"]),
        group=Range(*entry["group"]),
        bloom=Bloom(entry["bloom"]),
        energy=entry["energy"],
        online=entry["online"],
        purposes=tuple(entry["purposes"]),
        description=entry["description"],
        steps=tuple((share, text) for share, text in entry["steps"]),
        materials=tuple(entry["materials"]),
        note=entry["note"],
        prompts=tuple(entry["prompts"]),
        circle=entry.get("circle", 4),
        suits=tuple(entry.get("suits", ())),
    )
