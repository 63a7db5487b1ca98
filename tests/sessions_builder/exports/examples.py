"""Sessions to hand over: an ordinary one, and what makes the ordinary one difficult."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sessions_builder.exports.assembly import StoredSession, assemble
from sessions_builder.exports.document import Audience, HandoverDocument
from sessions_builder.exports.times import Schedule
from sessions_builder.pipeline.types import Outline, Section, SectionType, Step

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
"""A Thursday."""
BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2026, 3, 12, 8, tzinfo=UTC)
SOURCE: dict[str, Any] = {
    "id": "S1",
    "docId": "d" * 32,
    "chunkId": "3",
    "title": "Coaching in fifteen minutes",
    "category": "Leadership Development",
    "updatedAt": "2026-01-20",
    "similarity": 0.8,
    "score": 0.85,
    "excerpt": "A short coaching talk has one topic and three open questions.",
}
PLAN = (
    (SectionType.OPENER, "Two truths about being coached", 10),
    (SectionType.TOPIC, "What a coaching talk is, and is not", 20),
    (SectionType.EXERCISE, "Triads: fifteen minutes, one real case", 30),
    (SectionType.DISCUSSION, "What made you think, what made you close up", 15),
    (SectionType.BREAK, "Pause", 5),
    (SectionType.CLOSING, "The first talk goes into the calendar", 10),
)


def section(kind: SectionType, title: str, minutes: int, **changes: Any) -> Section:
    """A section with everything a facilitator gets."""
    usual = Section(
        type=kind,
        title=title,
        minutes=minutes,
        description="Everybody thinks of one talk that helped them.\nCollect what the other person did.",
        objectives=("Ask three open questions before giving advice",),
        activity="Triads",
        mode="small_groups",
        steps=(Step("Set the task", 5), Step("Run it", None)),
        materials=("Timer", "Flipchart"),
        facilitator_note="Keep the time visible and announce the last two minutes.",
        prompts=("What surprised you?",),
        source_ids=("S1",) if kind is SectionType.TOPIC else (),
    )
    return replace(usual, **changes)


def outline(*sections: Section) -> Outline:
    return Outline(
        title="Coaching that sticks",
        summary="Ninety minutes in which new managers practise a short coaching talk.",
        difficulty="intermediate",
        sections=sections or tuple(section(*planned) for planned in PLAN),
    )


def stored(**changes: Any) -> StoredSession:
    usual = StoredSession(
        id="0b8f5a0e-8a3c-4a0e-9f5c-2f1d5c0b7a11",
        version=3,
        state="draft",
        title="Coaching that sticks",
        category="Leadership Development",
        session_type="workshop",
        generation_source="rag",
        variant_number=1,
        schedule=Schedule(START, BERLIN, 90),
        brief={"language": "en", "groupSize": 12, "desiredOutcome": "New managers hold a coaching talk every month"},
        outline=outline(),
        sources=[SOURCE],
        created_at=datetime(2026, 3, 1, 9, 30, tzinfo=UTC),
        updated_at=datetime(2026, 3, 4, 16, tzinfo=UTC),
    )
    return replace(usual, **changes)


def handover(audience: Audience = Audience.FACILITATOR, **changes: Any) -> HandoverDocument:
    """The document of an example session, as `stored` changes it."""
    return assemble(stored(**changes), audience, now=NOW)


def filled_with(text: str) -> StoredSession:
    """A session that says the same thing in every place an author or a source can write into."""
    everywhere = section(
        SectionType.CUSTOM,
        text,
        90,
        description=text,
        objectives=(text,),
        activity=text,
        mode=text,
        steps=(Step(text, 5),),
        materials=(text,),
        facilitator_note=text,
        prompts=(text,),
        source_ids=("S1",),
    )
    return stored(
        title=text,
        category=text,
        brief={"language": "en", "desiredOutcome": text, "currentProblem": text},
        outline=Outline(title=text, summary=text, difficulty=text, sections=(everywhere,)),
        sources=[{**SOURCE, "title": text, "category": text, "excerpt": text}],
    )
