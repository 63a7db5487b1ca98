"""Composes an outline from the activity library: no model, no network, the same bytes for the same brief every time."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sessions_builder.offline import frames
from sessions_builder.offline.dice import seed_of
from sessions_builder.offline.objectives import Objectives
from sessions_builder.offline.phrases import (
    Phrases,
    avoided_phrases,
    capitalised,
    inside,
    joined,
    phrases_of,
    quoted,
)
from sessions_builder.offline.plan import Place, plan
from sessions_builder.offline.prose import Prose
from sessions_builder.offline.quotes import QUOTAS, Quote, places, quotes_for
from sessions_builder.offline.staging import prompts_for, staging_note, steps_for
from sessions_builder.pipeline.score import NOTES_ID
from sessions_builder.pipeline.types import Brief, Outline, Section, SectionType, WriteRequest

OUTER = frozenset({SectionType.OPENER, SectionType.CLOSING, SectionType.BREAK})
QUOTED_FIRST = (SectionType.TOPIC, SectionType.PRESENTATION, SectionType.EXERCISE, SectionType.DISCUSSION)
LONGEST_TITLE = 140
FEW_TOPICS = 3
LEVELS: Mapping[str, Sequence[str]] = {
    "beginner": ("begin", "new", "entry", "novice", "junior", "basic", "none", "inexperienced", "first"),
    "intermediate": ("intermediate", "some", "medium"),
    "advanced": ("advanc", "expert", "senior", "experienced", "seasoned", "veteran"),
}
"""Beginnings of words that name a level of experience; several levels are none."""


def compose(request: WriteRequest) -> Outline:
    """The outline for a request, minutes already exact; sources are quoted as far as the variant's weight wants it.

    It depends on the brief, the number, the profile's arc and weight, and the offered sources, and on nothing else.
    """
    brief = request.brief
    phrases = phrases_of(brief)
    skeleton = plan(brief, request.number)
    topics = _topics(skeleton, phrases)
    subjects = _subjects(skeleton, topics)
    quotes = _quotes(request, skeleton, topics, phrases.goal.text)
    writing = _Writing(
        brief,
        phrases,
        Prose(seed_of(brief), request.number, phrases, len(_content(skeleton))),
        Objectives(seed_of(brief), request.number, phrases.goal.actions),
    )
    sections = tuple(
        writing.section(place, subject, quote) for place, subject, quote in zip(skeleton, subjects, quotes, strict=True)
    )
    return Outline(_title(request, phrases), _summary(request, phrases), _difficulty(brief), sections)


@dataclass(slots=True)
class _Writing:
    """What the sections of one outline share while they are written."""

    brief: Brief
    phrases: Phrases
    prose: Prose
    objectives: Objectives
    staged: set[str] = field(default_factory=set)
    """Set-up notes already given; each is said once."""

    def section(self, place: Place, subject: str, quote: Quote | None) -> Section:
        activity, kind = place.activity, place.slot.type
        inner = kind not in OUTER
        return Section(
            type=kind,
            title=_section_title(place, subject) if inner else activity.name,
            minutes=place.minutes,
            description=self.prose.description(place, subject, quote),
            objectives=(self.objectives.for_section(place, subject),) if inner else (),
            purposes=_purposes(place),
            activity=activity.name,
            mode=activity.mode,
            steps=steps_for(activity, place.minutes),
            materials=activity.materials,
            facilitator_note=f"{activity.note} {self._staging(place)}".strip(),
            prompts=prompts_for(activity, subject),
            source_ids=(quote.source_id,) if quote else (),
        )

    def _staging(self, place: Place) -> str:
        note = staging_note(place, self.brief)
        if note in self.staged:
            return ""
        self.staged.add(note)
        return note


def _topics(skeleton: Sequence[Place], phrases: Phrases) -> list[Sequence[str]]:
    """The topics of each section: one after another where something is taught, elsewhere all of them."""
    taught, topics = _taught(skeleton), phrases.topics
    shares: list[Sequence[str]] = [topics] * len(skeleton)
    for order, at in enumerate(taught):
        first = order * len(topics) // len(taught)
        last = max(first + 1, (order + 1) * len(topics) // len(taught))
        shares[at] = topics[first:last]
    return shares


def _subjects(skeleton: Sequence[Place], topics: Sequence[Sequence[str]]) -> list[str]:
    """What each section is about, in words."""
    taught = _taught(skeleton)
    return [
        joined(share) if at in taught or len(share) <= FEW_TOPICS else frames.EVERYTHING
        for at, share in enumerate(topics)
    ]


def _taught(skeleton: Sequence[Place]) -> list[int]:
    """Where content is that is no check, unless there is no other."""
    content = _content(skeleton)
    return [at for at in content if skeleton[at].slot.type is not SectionType.ASSESSMENT] or content


def _quotes(
    request: WriteRequest, skeleton: Sequence[Place], topics: Sequence[Sequence[str]], whole: str
) -> list[Quote | None]:
    """A quote for as many content sections as the weight wants and the sources are about, input first.

    The author's notes and what the author ticked need not be: a person has said that they belong here. The highest
    weight quotes each ticked source once if there are sections enough.
    """
    brief = request.brief
    content = _content(skeleton)
    wanted = places(request.profile.weight, len(content)) if request.context.sources else 0
    preferred = sorted(content, key=lambda at: (_quoted_rank(skeleton[at].slot.type), at))
    about = {at: topics[at] for at in preferred}
    ids = {source.id for source in request.context.sources}
    if brief.chosen_sources is not None and request.profile.weight == max(QUOTAS):
        wanted = max(wanted, len(ids))
    vouched = ids & {NOTES_ID} if brief.chosen_sources is None else ids
    found = quotes_for(
        request.context.sources,
        about,
        whole,
        avoided_phrases(brief),
        most=wanted,
        vouched=vouched,
        number=request.number,
    )
    return [found.get(at) for at in range(len(skeleton))]


def _content(skeleton: Sequence[Place]) -> list[int]:
    """Where the sections are that are neither opening, closing nor break."""
    return [at for at, place in enumerate(skeleton) if place.slot.type not in OUTER]


def _quoted_rank(kind: SectionType) -> int:
    return QUOTED_FIRST.index(kind) if kind in QUOTED_FIRST else len(QUOTED_FIRST)


def _section_title(place: Place, subject: str) -> str:
    title = f"{place.activity.name}: {subject}"
    return title if len(title) <= LONGEST_TITLE else place.activity.name


def _purposes(place: Place) -> tuple[str, ...]:
    """What the activity is good for; an opening also names the outcome, whatever opens."""
    opening = ("hook", "objectives") if place.slot.type is SectionType.OPENER else ()
    return tuple(dict.fromkeys((*opening, *place.activity.purposes)))


def _title(request: WriteRequest, phrases: Phrases) -> str:
    if request.brief.title.strip():
        return " ".join(request.brief.title.split())
    actions = phrases.goal.actions
    subject = actions[0].gerund if actions else request.brief.category.strip()
    return frames.ARC_TITLES[request.profile.arc].format(topic=capitalised(subject))


def _summary(request: WriteRequest, phrases: Phrases) -> str:
    brief, goal = request.brief, phrases.goal
    audience = "" if phrases.audience == "the group" else f" for {phrases.audience}"
    first = f"{capitalised(inside(brief.session_type))} of {brief.duration_minutes} minutes{audience}."
    aim = f"By the end, participants can {goal.can}." if goal.can else f"It works towards: {quoted(goal.text)}."
    english = brief.language.split("-")[0].casefold() == "en"
    parts = ("" if english else frames.OTHER_LANGUAGE, first, aim, frames.ARC_SUMMARIES[request.profile.arc])
    return " ".join(filter(None, parts))


def _difficulty(brief: Brief) -> str:
    """The level the audience's experience is said to be of; empty where nothing is said of it, or no level."""
    said = brief.audience.experience_level.casefold() if brief.audience else ""
    found = [level for level, words in LEVELS.items() if re.search(rf"\b(?:{'|'.join(words)})", said)]
    return found[0] if len(found) == 1 else ""
