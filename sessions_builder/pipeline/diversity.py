"""How different outlines are from one another, 0 (the same) to 1, and which are nearly the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar

from sessions_builder.pipeline.reading import text_of
from sessions_builder.pipeline.types import Outline

T = TypeVar("T")

NEAR_DUPLICATE = 0.35
_SHINGLE = 3


@dataclass(frozen=True, slots=True)
class Diversity:
    """Distances over all pairs of a set, 0..1; `near_duplicates` are (later number, earlier number)."""

    mean: float
    minimum: float
    near_duplicates: tuple[tuple[int, int], ...]

    @property
    def repeats(self) -> Mapping[int, int]:
        """Each number that nearly repeats an earlier one, with the first it repeats."""
        return dict(reversed(self.near_duplicates))


def diversity(outlines: Mapping[int, Outline]) -> Diversity | None:
    """The diversity of outlines by variant number; None for fewer than two."""
    profiles = {number: _profile(outline) for number, outline in outlines.items()}
    pairs = {
        (later, earlier): _distance(profiles[earlier], profiles[later])
        for earlier, later in combinations(sorted(profiles), 2)
    }
    if not pairs:
        return None
    distances = pairs.values()
    near = tuple(pair for pair, found in pairs.items() if found < NEAR_DUPLICATE)
    return Diversity(round(sum(distances) / len(pairs), 3), min(distances), near)


def nearest(outline: Outline, others: Mapping[int, Outline]) -> int | None:
    """The number of the other outline this one nearly repeats (the closest one), or None."""
    near = [(found, number) for number, other in others.items() if (found := distance(outline, other)) < NEAR_DUPLICATE]
    return min(near)[1] if near else None


def room(outline: Outline, others: Mapping[int, Outline]) -> float:
    """The distance to the closest of the others, 0..1; 1 where there is none."""
    return min((distance(outline, other) for other in others.values()), default=1.0)


def distance(one: Outline, other: Outline) -> float:
    """0.35 wording (3-stem shingles) + 0.25 vocabulary + 0.20 order of section types + 0.20 activities, 0..1.

    Without activities in either, the other three count for more.
    """
    return _distance(_profile(one), _profile(other))


def edit_distance(one: Sequence[object], other: Sequence[object]) -> float:
    """Levenshtein distance over the longer length, 0..1."""
    row = list(range(len(other) + 1))
    for place, entry in enumerate(one, start=1):
        diagonal, row[0] = row[0], place
        for column, candidate in enumerate(other, start=1):
            cost = min(row[column] + 1, row[column - 1] + 1, diagonal + (entry != candidate))
            diagonal, row[column] = row[column], cost
    return row[-1] / max(len(one), len(other), 1)


def _distance(ours: _Profile, theirs: _Profile) -> float:
    parts = [
        (0.35, 1 - _jaccard(ours.shingles, theirs.shingles)),
        (0.25, 1 - _jaccard(ours.stems, theirs.stems)),
        (0.20, edit_distance(ours.types, theirs.types)),
    ]
    if ours.activities or theirs.activities:
        parts.append((0.20, 1 - _jaccard(ours.activities, theirs.activities)))
    return round(sum(weight * part for weight, part in parts) / sum(weight for weight, _ in parts), 3)


@dataclass(frozen=True, slots=True)
class _Profile:
    shingles: frozenset[tuple[str, ...]]
    stems: frozenset[str]
    types: Sequence[str]
    activities: frozenset[str]


def _profile(outline: Outline) -> _Profile:
    stems = [stem for section in outline.sections for stem in text_of(section).stems]
    runs = list(zip(*(stems[start:] for start in range(_SHINGLE)), strict=False))
    return _Profile(
        shingles=frozenset(runs or [tuple(stems)]),
        stems=frozenset(stems),
        types=[section.type.value for section in outline.sections],
        activities=frozenset(section.activity.lower() for section in outline.sections if section.activity),
    )


def _jaccard(one: frozenset[T], other: frozenset[T]) -> float:
    shared = len(one & other)
    joined = len(one) + len(other) - shared
    return shared / joined if joined else 1.0
