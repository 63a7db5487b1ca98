"""Advice on a session: each fix as the request that applies it, offered only where it raises the score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sessions_builder.errors import Conflict
from sessions_builder.models import TrainingSession
from sessions_builder.offline.activities import Activity, minutes_by_name
from sessions_builder.offline.sections import activity_by_name, another_activity, objective_of, section_of, subject_of
from sessions_builder.pipeline.advice import advise
from sessions_builder.pipeline.balance import rescale_steps
from sessions_builder.pipeline.hints import Add, Aim, Change, Complete, Fit, Fix, Hint, Move, Swap
from sessions_builder.pipeline.quality import Quality, quality
from sessions_builder.pipeline.types import SectionType, Step
from sessions_builder.pipeline.wire import outline_from_wire, section_to_wire
from sessions_builder.services.sessions.activities import section_with, with_activity
from sessions_builder.services.sessions.assessment import brief_of, outline_of, session_quality
from sessions_builder.services.sessions.outlines import Wire, named
from sessions_builder.services.sessions.sections import fitted

SHORT = 10
"""Minutes of a section that is put in; what it takes comes from all others."""
ENOUGH_STEPS = 3
FILLED = ("steps", "materials", "facilitatorNote", "mode", "prompts", "activity")


@dataclass(frozen=True, slots=True)
class Remedy:
    """A request under the session's address; `gain` are the points it brings. The version is the sender's to add."""

    label: str
    method: str
    path: str
    body: Mapping[str, Any]
    gain: float


@dataclass(frozen=True, slots=True)
class Advice:
    """A hint and, where one click can follow it, how."""

    hint: Hint
    section_id: str | None
    remedy: Remedy | None


@dataclass(frozen=True, slots=True)
class _Draft:
    """A fix worked out: the request, and the sections as they would be after it."""

    method: str
    path: str
    body: Mapping[str, Any]
    sections: Sequence[Wire]


def session_advice(session: TrainingSession) -> tuple[Quality, list[Advice]]:
    """The session's quality and what would raise it, worst part first."""
    found = session_quality(session)
    hints = advise(outline_of(session), brief_of(session), found, minutes_by_name())
    return found, [_advice(session, hint, found) for hint in hints]


def _advice(session: TrainingSession, hint: Hint, now: Quality) -> Advice:
    sections = session.outline["sections"]
    section_id = None if hint.place is None or not sections else sections[hint.place]["id"]
    return Advice(hint, section_id, _remedy(session, hint, now))


def _remedy(session: TrainingSession, hint: Hint, now: Quality) -> Remedy | None:
    """The fix as a request; None when there is none, when it is impossible, or when it would gain nothing."""
    try:
        draft = None if hint.fix is None else _draft(session, hint.fix)
    except Conflict:
        draft = None
    if draft is None:
        return None
    outline = outline_from_wire({**session.outline, "sections": draft.sections})
    then = quality(outline, brief_of(session), minutes_by_name())
    gain = round(sum(then.parts.values()) - sum(now.parts.values()), 1)
    return Remedy(hint.label, draft.method, draft.path, draft.body, gain) if gain > 0 else None


def _draft(session: TrainingSession, fix: Fix) -> _Draft | None:
    sections = list(session.outline["sections"])
    match fix:
        case Fit():
            return _Draft("POST", "/balance", {}, fitted(sections, session.duration_minutes))
        case Move():
            sections.insert(fix.to, sections.pop(fix.place))
            return _Draft("POST", "/sections/reorder", {"order": [section["id"] for section in sections]}, sections)
        case Add():
            return _added(session, fix, sections)
        case Swap():
            return _swapped(session, fix, sections)
        case Change():
            return _changed(sections, fix.place, fix.fields)
        case Complete():
            return _changed(sections, fix.place, _missing(session, sections[fix.place], fix.place))
        case Aim():
            return _changed(sections, fix.place, {"objectives": [_objective(session, sections[fix.place], fix.place)]})


def _changed(sections: list[Wire], place: int, fields: Mapping[str, Any]) -> _Draft | None:
    if not fields:
        return None
    section_id = sections[place]["id"]
    sections[place] = {**sections[place], **fields}
    return _Draft("PATCH", f"/sections/{section_id}", fields, sections)


def _added(session: TrainingSession, fix: Add, sections: list[Wire]) -> _Draft | None:
    activity = _suiting(session, fix.type, fix.purposes, SHORT, fix.position)
    if activity is None:
        return None
    minutes = max(SHORT, activity.minutes.low)
    body = {"activityKey": activity.key, "minutes": minutes, "position": fix.position, "fit": True}
    new = named({**section_with(session, activity.key, minutes, fix.position), "id": None})
    sections.insert(fix.position, new)
    return _Draft("POST", "/sections", body, fitted(sections, session.duration_minutes))


def _swapped(session: TrainingSession, fix: Swap, sections: list[Wire]) -> _Draft | None:
    section = sections[fix.place]
    activity = _suiting(session, SectionType(section["type"]), fix.purposes, section["minutes"], fix.place)
    if activity is None:
        return None
    sections[fix.place] = with_activity(session, section, activity.key, fix.place)
    return _Draft("PATCH", f"/sections/{section['id']}", {"activityKey": activity.key}, sections)


def _suiting(
    session: TrainingSession, kind: SectionType, purposes: tuple[str, ...], minutes: int, place: int
) -> Activity | None:
    used = [section.get("activity", "") for section in session.outline["sections"]]
    progress = place / max(1, len(used))
    return another_activity(
        kind, brief_of(session), minutes=minutes, without=used, purposes=purposes, progress=progress
    )


def _missing(session: TrainingSession, section: Wire, place: int) -> Wire:
    """What the section lacks, as its activity has it; one without activity and steps gets one that suits it.

    Of an activity the library does not know, only the minutes of the steps can be told.
    """
    known = activity_by_name(section.get("activity", ""))
    if known is None and (section.get("activity") or section.get("steps")):
        steps = _timed(section)
        return {} if steps == section.get("steps") else {"steps": steps}
    kind, purposes = SectionType(section["type"]), tuple(section.get("purposes", ()))
    activity = known or _suiting(session, kind, purposes, section["minutes"], place)
    if activity is None:
        return {}
    made = section_to_wire(section_of(activity, brief_of(session), minutes=section["minutes"], place=place))
    few_steps = len(section.get("steps", ())) < ENOUGH_STEPS or _timed(section) != section["steps"]
    return {name: made[name] for name in FILLED if (few_steps if name == "steps" else not section.get(name))}


def _timed(section: Wire) -> list[Wire]:
    """The section's steps with minutes that add up to its own; an untimed step counts as one minute beside others."""
    steps = [Step(step["text"], step.get("minutes") or 1) for step in section.get("steps", ())]
    return [{"text": step.text, "minutes": step.minutes} for step in rescale_steps(steps, section["minutes"])]


def _objective(session: TrainingSession, section: Wire, place: int) -> str:
    brief = brief_of(session)
    kind = SectionType(section["type"])
    activity = activity_by_name(section.get("activity", "")) or another_activity(
        kind, brief, minutes=section["minutes"]
    )
    return objective_of(activity, brief, subject_of(brief), place) if activity else section["title"]
