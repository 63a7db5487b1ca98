"""From a stored session to the document of one audience."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sessions_builder.exports.document import (
    Audience,
    CitedSource,
    Fact,
    HandoverDocument,
    HandoverSection,
    Material,
)
from sessions_builder.exports.text import one_line, several_lines
from sessions_builder.exports.times import Schedule, length, next_working_day
from sessions_builder.exports.words import off_plan, origin, parts, status
from sessions_builder.pipeline.types import Outline, Section, Step

UNTITLED = "Untitled session"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSession:
    """What a hand-over needs of a training session, as it is stored."""

    id: str
    version: int
    state: str
    title: str
    category: str
    session_type: str
    generation_source: str
    variant_number: int | None
    schedule: Schedule
    brief: Mapping[str, Any]
    outline: Outline
    sources: Sequence[Mapping[str, Any]]
    created_at: datetime
    updated_at: datetime


def assemble(stored: StoredSession, audience: Audience, *, now: datetime) -> HandoverDocument:
    """The document for an audience; `now` only decides which working day a calendar suggests."""
    guide = audience is Audience.FACILITATOR
    cited = _cited(stored)
    written_by = origin(stored.generation_source, stored.variant_number, len(cited))
    sections = tuple(_sections(stored, cited, guide))
    return HandoverDocument(
        session_id=stored.id,
        version=stored.version,
        audience=audience,
        published=stored.state == "published",
        status=status(stored.state, stored.version),
        title=one_line(stored.title) or UNTITLED,
        summary=several_lines(stored.outline.summary),
        category=one_line(stored.category),
        language=stored.brief.get("language") or "en",
        schedule=stored.schedule,
        suggested_start=next_working_day(now, stored.schedule.zone),
        online=bool(stored.brief.get("online")),
        origin=written_by,
        facts=tuple(_facts(stored, written_by, guide)),
        notices=tuple(_notices(stored, sections)),
        sections=sections,
        materials=_materials(sections),
        sources=tuple(cited.values()) if guide else (),
        created_at=stored.created_at,
        updated_at=stored.updated_at,
    )


def _cited(stored: StoredSession) -> dict[str, CitedSource]:
    """The sources some section rests on, by id, in their own order."""
    used = {source_id for section in stored.outline.sections for source_id in section.source_ids}
    cited = [source for source in stored.sources if source.get("id") in used]
    part = parts(cited)
    return {source["id"]: _source(source, part.get(source["id"])) for source in cited}


def _source(source: Mapping[str, Any], part: str | None) -> CitedSource:
    about = filter(None, (part, source.get("category"), source.get("updatedAt")))
    return CitedSource(
        id=one_line(source["id"]),
        title=one_line(source.get("title") or source["id"]),
        about=one_line(" · ".join(about)),
        excerpt=several_lines(source.get("excerpt") or ""),
    )


def _sections(stored: StoredSession, cited: Mapping[str, CitedSource], guide: bool) -> Iterator[HandoverSection]:
    begins = 0
    for number, section in enumerate(stored.outline.sections, start=1):
        yield HandoverSection(
            number=number,
            type=section.type,
            title=one_line(section.title),
            minutes=section.minutes,
            begins=begins,
            starts=stored.schedule.clock(begins),
            ends=stored.schedule.clock(begins + section.minutes),
            objectives=_lines(section.objectives),
            **(_for_the_facilitator(section, cited) if guide else {}),
        )
        begins += section.minutes


def _for_the_facilitator(section: Section, cited: Mapping[str, CitedSource]) -> dict[str, Any]:
    how = (one_line(section.activity), one_line(section.mode.replace("_", " ")))
    return {
        "description": several_lines(section.description),
        "how": " · ".join(filter(None, how)),
        "steps": tuple(Step(text, step.minutes) for step in section.steps if (text := one_line(step.text))),
        "materials": _lines(section.materials),
        "note": several_lines(section.facilitator_note),
        "prompts": _lines(section.prompts),
        "sources": tuple(cited[source_id] for source_id in section.source_ids if source_id in cited),
    }


def _facts(stored: StoredSession, written_by: str, guide: bool) -> Iterator[Fact]:
    brief = stored.brief
    yield Fact("When", stored.schedule.when)
    yield Fact("Length", length(stored.schedule.minutes))
    yield Fact("Kind", " · ".join(filter(None, (stored.session_type.capitalize(), one_line(stored.category)))))
    if brief.get("online"):
        yield Fact("Where", "Online")
    if guide:
        if group := brief.get("groupSize"):
            yield Fact("Group", f"{group} {'person' if group == 1 else 'people'}")
        told = (("Level", stored.outline.difficulty), ("Outcome", brief.get("desiredOutcome")))
        for label, text in (*told, ("Problem", brief.get("currentProblem"))):
            if line := one_line(text or ""):
                yield Fact(label, f"{line[0].upper()}{line[1:]}")
    yield Fact("Origin", written_by)


def _notices(stored: StoredSession, sections: Sequence[HandoverSection]) -> Iterator[str]:
    if stored.state == "draft":
        yield "This is a draft; it can still change."
    total = sum(section.minutes for section in sections)
    if off := off_plan(total, stored.schedule.minutes):
        yield off
    if stored.schedule.clocks_change:
        yield "The clocks change during this session; times are given with their zone."


def _materials(sections: Sequence[HandoverSection]) -> tuple[Material, ...]:
    """Everything to bring, each once however it is capitalised, in the order it is needed."""
    names: dict[str, str] = {}
    needed: dict[str, dict[int, None]] = {}
    for section in sections:
        for name in section.materials:
            key = names.setdefault(name.casefold(), name)
            needed.setdefault(key, {})[section.number] = None
    return tuple(Material(name, tuple(numbers)) for name, numbers in needed.items())


def _lines(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(line for text in texts if (line := one_line(text)))
