"""Which activity goes where, and for how long: the skeleton of an outline before any sentence is written."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from sessions_builder.offline.activities import Activity, of_type
from sessions_builder.offline.arcs import Slot, slots_for
from sessions_builder.offline.dice import roll, seed_of
from sessions_builder.offline.fields import fields_of
from sessions_builder.offline.phrases import avoided_phrases
from sessions_builder.pipeline.balance import Timed, balance
from sessions_builder.pipeline.types import ARCS, STANDARD, Brief

SQUEEZE = 0.8
"""An activity may get this share of its least minutes and still be worth doing."""
SMALLEST_GROUP = 2
"""With a single participant the trainer is the partner."""
CROWD = 30
"""From so many people on, small groups in a webinar or at an event are more moving than talking."""


Rank = tuple[bool, int, bool, float, str]


@dataclass(frozen=True, slots=True)
class Place:
    """One section to be: its slot, its activity and its minutes."""

    slot: Slot
    activity: Activity
    minutes: int


@lru_cache(maxsize=64)
def plan(brief: Brief, number: int) -> tuple[Place, ...]:
    """The skeleton of one variant of the brief; its minutes sum to the brief's.

    No activity comes twice. Variants 1 to 4 are planned in order, each without the activities of those before it as
    long as others fit; the Standard Outline (0) stands alone.
    """
    earlier = range(1, number) if number != STANDARD else range(0)
    taken = {place.activity.key for other in earlier for place in plan(brief, other)}
    slots = slots_for(ARCS[number], brief.session_type, brief.duration_minutes)
    total = sum(slot.weight for slot in slots)
    shares = [Timed(slot.type, slot.weight * brief.duration_minutes / total) for slot in slots]
    minutes = balance(shares, brief.duration_minutes).minutes
    chooser = Chooser(brief, number, taken)
    return tuple(
        Place(slot, chooser.choose(slot, share, position / max(1, len(slots) - 1)), share)
        for position, (slot, share) in enumerate(zip(slots, minutes, strict=True))
    )


class Chooser:
    """Chooses activities for one outline and remembers what it chose."""

    def __init__(self, brief: Brief, number: int, taken: Collection[str], chosen: Collection[str] = ()) -> None:
        self.brief, self.number, self.taken = brief, number, taken
        self.seed = seed_of(brief)
        self.avoided = avoided_phrases(brief)
        self.fields = fields_of(brief)
        self.chosen = set(chosen)

    def choose(self, slot: Slot, minutes: int, progress: float) -> Activity:
        """The best activity for a slot. `progress` is 0 for the first section and 1 for the last."""
        candidates = [activity for activity in of_type(slot.library) if activity.key not in self.chosen]
        best = min(candidates, key=lambda activity: self._rank(activity, slot, minutes, progress))
        self.chosen.add(best.key)
        return best

    def _rank(
        self, activity: Activity, slot: Slot, minutes: int, progress: float
    ) -> tuple[bool, int, bool, float, str]:
        """Smaller is better: allowed, then fitting, then new to the set, then the closest in purpose and spirit."""
        return (
            any(activity.mentions(phrase) for phrase in self.avoided),
            self._misfit(activity, minutes),
            activity.key in self.taken,
            -self._merit(activity, slot, minutes, progress),
            activity.key,
        )

    def _misfit(self, activity: Activity, minutes: int) -> int:
        """How many of the hard conditions an activity breaks: place, group size, time."""
        brief = self.brief
        return (
            4 * (brief.online and not activity.online)
            + 2 * (max(brief.group_size, SMALLEST_GROUP) not in activity.group)
            + (activity.minutes.low * SQUEEZE > minutes)
        )

    def _merit(self, activity: Activity, slot: Slot, minutes: int, progress: float) -> float:
        score = 3.0 * len({*slot.purposes} & {*activity.purposes})
        score -= 3.0 * max(0, activity.minutes.low - minutes, minutes - activity.minutes.high) / minutes
        score -= 0.4 * max(0.0, activity.bloom.level - (2 + 4 * progress))
        score += self._spirit() * (activity.energy - 2)
        if activity.suits:
            score += 1.2 if self.fields.intersection(activity.suits) else -0.6
        if self.brief.session_type in ("webinar", "event") and self.brief.group_size > CROWD:
            score -= 3.0 * (activity.mode == "small_groups")
        return score + roll(self.seed, self.number, slot.type, activity.key)

    def _spirit(self) -> float:
        """How much liveliness counts: negative for a calm tone, positive for an energetic one."""
        energy = self.brief.tone.energy.casefold() if self.brief.tone else ""
        if any(word in energy for word in ("calm", "quiet", "low", "gentle")):
            return -0.6
        return 0.6 if any(word in energy for word in ("energ", "lively", "high", "upbeat")) else 0.0
