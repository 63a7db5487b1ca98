"""A calendar with the session as one event."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

from sessions_builder.exports.document import Audience, HandoverDocument, HandoverSection
from sessions_builder.exports.times import length
from sessions_builder.exports.vtimezone import vtimezone
from sessions_builder.exports.words import TYPE_NAMES

PRODUCT = "-//Session Builder//Session Builder 2//EN"
NO_DATE = "No date has been set; this one is a suggestion."


def write(document: HandoverDocument) -> bytes:
    """The document as iCalendar (RFC 5545): tentative until it is published with a date."""
    starts = (document.schedule.starts_at or document.suggested_start).astimezone(UTC).replace(microsecond=0)
    ends = starts + timedelta(minutes=document.schedule.minutes)
    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    event = _event(document)
    local = [moment.astimezone(document.schedule.zone) for moment in (starts, ends)]
    if str(document.schedule.zone) == "UTC" or any(map(_has_passed_once, local)):
        event.add("DTSTART", starts)
        event.add("DTEND", ends)
    else:
        calendar.add_component(vtimezone(document.schedule.zone, starts))
        event.add("DTSTART", local[0])
        event.add("DTEND", local[1])
    calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def _event(document: HandoverDocument) -> Event:
    event = Event()
    event.add("UID", f"{document.session_id}@session-builder")
    event.add("SEQUENCE", document.version)
    event.add("DTSTAMP", document.updated_at.astimezone(UTC))
    event.add("CREATED", document.created_at.astimezone(UTC))
    event.add("LAST-MODIFIED", document.updated_at.astimezone(UTC))
    event.add("SUMMARY", document.title)
    event.add("STATUS", "CONFIRMED" if document.published and document.schedule.starts_at else "TENTATIVE")
    event.add("TRANSP", "OPAQUE")
    if document.online:
        event.add("LOCATION", "Online")
    if document.category:
        event.add("CATEGORIES", [document.category])
    event.add("DESCRIPTION", "\n".join(_description(document)))
    return event


def _has_passed_once(local: datetime) -> bool:
    """Whether this clock time is the second of two, after clocks went back: iCalendar can only say the first."""
    return local.fold == 1


def _description(document: HandoverDocument) -> Iterator[str]:
    yield f"{document.kind} · {document.status}"
    if document.schedule.starts_at is None:
        yield NO_DATE
    yield from document.notices
    if document.summary:
        yield from ("", document.summary)
    yield from ("", "Agenda")
    guide = document.audience is Audience.FACILITATOR
    for section in document.sections:
        yield f"{section.starts} {section.title} ({length(section.minutes)}, {TYPE_NAMES[section.type].lower()})"
        if guide:
            yield from _details(section)
    if not guide and document.objectives:
        yield from ("", "What you will learn", *(f"- {text}" for text in document.objectives))
    if document.materials:
        yield from ("", "Bring", *(f"- {material.name}" for material in document.materials))
    if document.sources:
        yield from ("", "Sources", *(f"- {source.id}: {source.title}" for source in document.sources))
    yield from ("", document.origin)


def _details(section: HandoverSection) -> Iterator[str]:
    if section.how:
        yield f"  {section.how}"
    for step in section.steps:
        yield f"  - {step.text}" + (f" ({step.minutes} min)" if step.minutes else "")
    if section.note:
        yield "  " + section.note.replace("\n", "\n  ")
