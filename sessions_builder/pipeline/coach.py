"""Advice on a brief before it is submitted: what would help most, said in one sentence, with an example. No model."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from sessions_builder.pipeline.types import Brief
from sessions_builder.pipeline.vocabulary import VERB_LEVEL, has_criterion, stems, words

MOST_HINTS = 4
TOPIC_MINUTES = 15
"""What one topic needs at least, with something to do about it."""
_VAGUE = re.compile(
    r"\b(?:understand|know|learn|appreciate|realis|realiz|grasp|be aware|become aware|awareness|familiar|get to know"
    r"|improve|get better|be better|gain|explore)\w*",
    re.IGNORECASE,
)
_CAN_DO = re.compile(r"\b(?:can|able to) \w")
_VERB_WITHIN = 6
"""The verb of an outcome stands among its first words: "New advisors can open a call"."""


class Hint(NamedTuple):
    """What to do about one field (its wire name), and how it could read."""

    field: str
    message: str
    example: str


@dataclass(frozen=True, slots=True)
class Advice:
    """`score` 0..100: how much of what a writer needs the brief says; the hints worth most come first."""

    score: int
    hints: tuple[Hint, ...]


def coach(brief: Brief) -> Advice:
    """Advice on a brief, however unfinished: an empty text is something not said yet.

    Checks that read English words leave out briefs in other languages, and the rest counts for more.
    """
    english = brief.language.split("-")[0].lower() == "en"
    checks = [check for check in _CHECKS if english or not check.english_only]
    found = [(check.worth, check.find(brief)) for check in checks]
    earned = sum(worth for worth, hint in found if hint is None)
    missed = sorted(((worth, hint) for worth, hint in found if hint), key=lambda one: -one[0])
    score = round(100 * earned / sum(check.worth for check in checks))
    return Advice(score, tuple(_one_a_field(hint for _, hint in missed)))


def _one_a_field(hints: Iterable[Hint]) -> list[Hint]:
    """The first hint on each field: the next one shows once it is followed."""
    first: dict[str, Hint] = {}
    for hint in hints:
        first.setdefault(hint.field, hint)
    return list(first.values())[:MOST_HINTS]


def _outcome(brief: Brief) -> Hint | None:
    if len(words(brief.desired_outcome)) >= 5:
        return None
    return Hint(
        "desiredOutcome",
        "Say what participants will do differently afterwards; a whole sentence gives the outlines an aim.",
        "Book five qualified appointments a week with a short phone script",
    )


def _verb(brief: Brief) -> Hint | None:
    opening = words(brief.desired_outcome.lower())[:_VERB_WITHIN]
    vague = _VAGUE.search(" ".join(opening))
    if vague is None and (any(word in VERB_LEVEL for word in opening) or _CAN_DO.search(" ".join(opening))):
        return None
    named = f"“{vague.group()}” cannot be seen. " if vague else ""
    return Hint(
        "desiredOutcome",
        f"{named}Begin with something one can watch people do, such as explain, draft, decide or demonstrate.",
        "Demonstrate three ways to answer a price objection",
    )


def _criterion(brief: Brief) -> Hint | None:
    if has_criterion(brief.desired_outcome):
        return None
    return Hint(
        "desiredOutcome",
        "Say how well, how much or under which conditions, so that practice and check have a mark to reach.",
        "… in under ten minutes, without notes",
    )


def _problem(brief: Brief) -> Hint | None:
    said = stems(brief.current_problem)
    if len(said) >= 3 and set(said) - set(stems(brief.desired_outcome)):
        return None
    return Hint(
        "currentProblem",
        "Describe what goes wrong today: examples and exercises are built on it.",
        "New advisors put off calling and give up after the first objection",
    )


def _topics(brief: Brief) -> Hint | None:
    if brief.specific_topics:
        return None
    return Hint(
        "specificTopics",
        "Name two to four topics that must not be missing; each gets room of its own.",
        "call opening; objection handling",
    )


def _time_for_topics(brief: Brief) -> Hint | None:
    room = max(1, brief.duration_minutes // TOPIC_MINUTES)
    topics = len(brief.specific_topics)
    if topics <= room:
        return None
    return Hint(
        "specificTopics",
        f"{topics} topics in {brief.duration_minutes} minutes leave less than {TOPIC_MINUTES} minutes each;"
        f" keep the {'one' if room == 1 else room} that matter{'s' if room == 1 else ''} most, or plan more time.",
        f"{topics * TOPIC_MINUTES} minutes for all {topics}",
    )


def _audience(brief: Brief) -> Hint | None:
    if brief.audience is not None or brief.audience_name:
        return None
    return Hint(
        "audienceName",
        "Say who comes and what they know already, so that examples and words fit them.",
        "Advisors in their first year, no sales background",
    )


def _time_for_practice(brief: Brief) -> Hint | None:
    """Everybody should have a turn: about two minutes each in groups of four, beside half the time for the rest."""
    if brief.session_type not in ("workshop", "training"):
        return None
    turns = math.ceil(min(brief.group_size, 4) * 2.5)
    if brief.group_size <= 40 and brief.duration_minutes >= 2 * turns + 10:
        return None
    if brief.group_size > 40:
        return Hint(
            "groupSize",
            f"{brief.group_size} people are many for a {brief.session_type}: plan helpers for the groups, or make it an"
            " event.",
            "24 people with one helper for every eight",
        )
    return Hint(
        "durationMinutes",
        f"{brief.duration_minutes} minutes leave no time for everybody to practise and hear back.",
        "45 minutes or more",
    )


def _category(brief: Brief) -> Hint | None:
    if brief.category:
        return None
    return Hint("category", "Choose a category: sources are looked for in it first.", "Prospecting")


def _session_type(brief: Brief) -> Hint | None:
    if brief.session_type:
        return None
    return Hint("sessionType", "Choose a type: it decides how much participants do themselves.", "workshop")


class _Check(NamedTuple):
    worth: int
    find: Callable[[Brief], Hint | None]
    english_only: bool = False


_CHECKS = (
    _Check(20, _outcome),
    _Check(18, _verb, english_only=True),
    _Check(14, _criterion, english_only=True),
    _Check(12, _problem),
    _Check(12, _topics),
    _Check(8, _audience),
    _Check(6, _time_for_topics),
    _Check(4, _time_for_practice),
    _Check(3, _category),
    _Check(3, _session_type),
)
"""Points add up to 100. What the outcome says weighs half: retrieval, practice and quality all start from it."""
