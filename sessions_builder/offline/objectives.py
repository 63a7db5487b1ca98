"""Learning objectives: an observable verb, the subject, and a condition."""

from __future__ import annotations

from collections.abc import Sequence

from sessions_builder.offline.activities import Bloom
from sessions_builder.offline.dice import shuffled
from sessions_builder.offline.frames import GOAL_OBJECTIVES, OBJECTIVES
from sessions_builder.offline.phrases import Action, capitalised
from sessions_builder.offline.plan import Place
from sessions_builder.offline.words import INVISIBLE_VERBS
from sessions_builder.pipeline.types import SectionType

PRACTISED = frozenset({SectionType.EXERCISE, SectionType.ASSESSMENT})


class Objectives:
    """Objectives for one outline; none of them twice."""

    def __init__(self, seed: str, number: int, actions: Sequence[Action]) -> None:
        self.seed, self.number = seed, number
        self.actions = [action for action in actions if _first_word(action.base) not in INVISIBLE_VERBS]
        self.direct = list(shuffled(seed, f"goal objective {number}", GOAL_OBJECTIVES))
        self.open = {level: list(shuffled(seed, f"objective {number} {level}", OBJECTIVES[level])) for level in Bloom}
        self.practised = 0

    def for_section(self, place: Place, subject: str) -> str:
        """What people can do after this section: the outcome itself in every other practice, else by its level."""
        if place.slot.type in PRACTISED and self.actions:
            self.practised += 1
            if self.practised % 2 and self.direct:
                action = self.actions[(self.practised // 2) % len(self.actions)]
                return self.direct.pop(0).format(action=capitalised(action.base))
        return self._next(place.activity.bloom).format(topic=subject)

    def _next(self, bloom: Bloom) -> str:
        """The next wording of a level, of the nearest level when it has none left; the first when all are used."""
        nearest = sorted(Bloom, key=lambda level: (abs(level.level - bloom.level), -level.level))
        for level in nearest:
            if self.open[level]:
                return self.open[level].pop(0)
        return OBJECTIVES[bloom][0]


def _first_word(phrase: str) -> str:
    tokens = phrase.lower().split()
    return tokens[1] if len(tokens) > 1 and tokens[0].endswith("ly") else tokens[0]
