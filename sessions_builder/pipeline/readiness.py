"""Readiness `rdy-1`: what a training session still needs before it can be published. Quality warns, it never blocks."""

from __future__ import annotations

from dataclasses import dataclass

from sessions_builder.pipeline.reading import ACTIVE, content_of
from sessions_builder.pipeline.types import Brief, Outline, SectionType

VERSION = "rdy-1"
READY_FROM = 80
MIN_OUTCOME = 20
MIN_SECTIONS = 3
MOST = 0.6
"""Share of content sections that counts as most of them."""


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """What readiness looks at. `has_choice` is true for a session that came from no generation, too."""

    title: str
    brief: Brief | None
    outline: Outline
    duration_minutes: int
    has_choice: bool
    is_scheduled: bool


@dataclass(frozen=True, slots=True)
class Check:
    """One check: `points` of `maximum`; a blocking one has to pass before publishing; `field` is what to change."""

    id: str
    passed: bool
    points: int
    maximum: int
    blocking: bool
    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Readiness:
    """`score` 0..100; `ready` when every blocking check passes and the score is at least 80."""

    ready: bool
    score: int
    checks: tuple[Check, ...]
    version: str = VERSION


def readiness(facts: SessionFacts) -> Readiness:
    """All checks of a session, in the order people see them; their maxima sum to 100."""
    checks = (
        _title(facts),
        _brief(facts.brief),
        _audience(facts.brief),
        _outline(facts.outline),
        _duration(facts.outline.minutes, facts.duration_minutes),
        _complete(facts.outline),
        _objectives(facts.outline),
        _practice(facts.outline),
        _choice(facts.has_choice),
        _schedule(facts.is_scheduled),
        _facilitator(facts.outline),
    )
    score = sum(check.points for check in checks)
    passed = all(check.passed for check in checks if check.blocking)
    return Readiness(passed and score >= READY_FROM, score, checks)


def _check(id: str, passed: bool, maximum: int, field: str, message: str, *, blocking: bool = False) -> Check:
    return Check(id, passed, maximum if passed else 0, maximum, blocking, field, "" if passed else message)


def _title(facts: SessionFacts) -> Check:
    return _check("title", bool(facts.title.strip()), 10, "title", "Give the session a title.", blocking=True)


def _brief(brief: Brief | None) -> Check:
    passed = brief is not None and bool(
        brief.category and brief.session_type and len(brief.desired_outcome.strip()) >= MIN_OUTCOME
    )
    message = "Say category, session type and, in a sentence, what participants will be able to do."
    return _check("brief", passed, 15, "brief", message, blocking=True)


def _audience(brief: Brief | None) -> Check:
    passed = brief is not None and (brief.audience is not None or bool(brief.audience_name.strip()))
    return _check("audience", passed, 5, "brief", "Name the audience.")


def _outline(outline: Outline) -> Check:
    types = [section.type for section in outline.sections]
    passed = len(types) >= MIN_SECTIONS and types[0] is SectionType.OPENER and types[-1] is SectionType.CLOSING
    message = "The outline needs at least three sections, an opener first and a closing last."
    return _check("outline", passed, 15, "outline", message, blocking=True)


def _duration(minutes: int, target: int) -> Check:
    """15 points when exact; 8 within 10 %, which still passes."""
    off = abs(minutes - target)
    close = off * 10 <= target
    points = 15 if off == 0 else 8 if close else 0
    allowed = " Up to 10 % off can be published." if close else ""
    message = "" if off == 0 else f"The sections take {minutes} minutes, the session {target}.{allowed}"
    return Check("duration", close, points, 15, True, "durationMinutes", message)


def _complete(outline: Outline) -> Check:
    passed = bool(outline.sections) and all(
        section.minutes > 0
        and section.title.strip()
        and (section.description.strip() or section.type is SectionType.BREAK)
        for section in outline.sections
    )
    return _check("sections", passed, 10, "outline", "Every section needs a title, minutes and a description.")


def _objectives(outline: Outline) -> Check:
    content = content_of(outline.sections)
    passed = bool(content) and sum(bool(section.objectives) for section in content) >= MOST * len(content)
    return _check(
        "objectives", passed, 10, "outline", "Most content sections should say what participants learn to do."
    )


def _practice(outline: Outline) -> Check:
    passed = any(section.type in ACTIVE for section in outline.sections)
    return _check("practice", passed, 5, "outline", "Add an exercise, a discussion or an assessment.")


def _choice(has_choice: bool) -> Check:
    return _check("choice", has_choice, 5, "variantNumber", "Choose one of the generated outlines.", blocking=True)


def _schedule(is_scheduled: bool) -> Check:
    return _check("schedule", is_scheduled, 5, "startsAt", "Say when the session takes place.")


def _facilitator(outline: Outline) -> Check:
    content = content_of(outline.sections)
    noted = sum(bool(section.facilitator_note.strip()) for section in content)
    passed = bool(content) and noted >= MOST * len(content)
    return _check("facilitator", passed, 5, "outline", "Most content sections should have a note for the facilitator.")
