"""What the read pages show of stored rows, in the shape the templates want it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sessions_builder.exports.times import Schedule, length
from sessions_builder.exports.words import TYPE_NAMES, off_plan, parts
from sessions_builder.models import UNFINISHED, Generation, GenerationState, TrainingSession

WHAT_IT_IS = {
    "rag": "AI",
    "mixed": "Partly AI",
    "baseline": "AI",
    "template": "Offline draft, no AI: composed from an activity library",
}


@dataclass(frozen=True, slots=True)
class TimedSection:
    """A section of an outline with the clock time it starts at, or the time since the start where no date is set."""

    clock: str
    number: int
    section: Mapping[str, Any]
    sources: Sequence[Mapping[str, Any]]

    @property
    def kind(self) -> str:
        """What its type is called, as in the files that are handed over."""
        return TYPE_NAMES[self.section["type"]]

    @property
    def how(self) -> str:
        """The activity and the grouping, as far as they are known."""
        named = (self.section.get("activity", ""), self.section.get("mode", "").replace("_", " "))
        return " · ".join(filter(None, named))


@dataclass(frozen=True, slots=True)
class OpenGeneration:
    """A generation without a chosen outline: what it is called, how it stands, and what its author does next."""

    generation: Generation
    title: str
    status: str
    tone: str
    action: str


def what_it_is(source: str, number: int | None, cited: int) -> str:
    """One phrase for the origin of an outline: who wrote it, and with how much of the author's material."""
    if number == 0 and source == "baseline":
        return "Standard outline, AI"
    words = WHAT_IT_IS.get(source, "Written by you")
    if source not in ("rag", "mixed") or not cited:
        return words
    return f"{words} with your material ({cited} {'source' if cited == 1 else 'sources'})"


def cited_sources(session: TrainingSession) -> list[Mapping[str, Any]]:
    """The sources at least one section of the session cites, in their own order.

    Each says in `part` which part of its document it is where several are of one.
    """
    used = {sid for section in session.outline["sections"] for sid in section.get("sourceIds", ())}
    cited = [source for source in session.sources if source.get("id") in used]
    part = parts(cited)
    return [{**source, "part": part.get(source["id"], "")} for source in cited]


def timed_sections(session: TrainingSession) -> Iterator[TimedSection]:
    """The sections in order, each with its clock time in the session's zone."""
    schedule = schedule_of(session)
    by_id = {source["id"]: source for source in cited_sources(session)}
    passed = 0
    for number, section in enumerate(session.outline["sections"], start=1):
        sources = [by_id[sid] for sid in section.get("sourceIds", ()) if sid in by_id]
        yield TimedSection(schedule.clock(passed), number, section, sources)
        passed += section["minutes"]


def session_facts(session: TrainingSession) -> dict[str, Any]:
    """What both pages of a session show: its sections in time, its length, what it is, what it rests on and needs."""
    cited = cited_sources(session)
    minutes = sum(section["minutes"] for section in session.outline["sections"])
    schedule = schedule_of(session)
    return {
        "session": session,
        "sections": list(timed_sections(session)),
        "minutes": minutes,
        "ends": schedule.clock(minutes),
        "clocks_change": schedule.clocks_change,
        "off_plan": off_plan(minutes, session.duration_minutes),
        "length": length(session.duration_minutes),
        "what": what_it_is(session.generation_source, session.variant_number, len(cited)),
        "sources": cited,
        "materials": materials_of(session),
    }


def materials_of(session: TrainingSession) -> list[str]:
    """Everything to bring, each thing once however often it is needed, in the order it is first needed."""
    found: dict[str, str] = {}
    for section in session.outline["sections"]:
        for thing in section.get("materials", ()):
            found.setdefault(thing.casefold(), thing)
    return list(found.values())


def schedule_of(session: TrainingSession) -> Schedule:
    """When the session takes place, its times written as in the files that are handed over."""
    return Schedule(session.starts_at, ZoneInfo(session.time_zone), session.duration_minutes)


def open_generation(generation: Generation) -> OpenGeneration:
    """How a generation nobody has chosen from yet is listed."""
    title = str(generation.brief.get("title") or generation.brief.get("desiredOutcome") or "Untitled brief")
    if generation.state in UNFINISHED:
        return OpenGeneration(generation, title, "Writing", "now", "See progress")
    match generation.state:
        case GenerationState.FAILED:
            return OpenGeneration(generation, title, "Could not be written", "bad", "See what to do")
        case GenerationState.CANCELLED:
            return OpenGeneration(generation, title, "Cancelled", "", "Open")
        case GenerationState.PARTIAL:
            return OpenGeneration(generation, title, "Some outlines ready", "warn", "Choose an outline")
        case _:
            return OpenGeneration(generation, title, "Outlines ready", "good", "Choose an outline")
