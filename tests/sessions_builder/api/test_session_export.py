"""Exports of a session: every format for both audiences, under a name that is safe to save."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from urllib.parse import unquote

import pytest
from django.contrib.auth.models import User
from django.test import Client
from docx import Document
from icalendar import Calendar

from sessions_builder.models import TrainingSession
from sessions_builder.services.tokens import token_create
from sessions_builder.views.downloads import disposition
from tests.sessions_builder.api.test_sessions import make_session

TYPES = {
    "markdown": "text/markdown; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
}


@pytest.fixture
def session(author: User) -> TrainingSession:
    return make_session(author, starts_at=datetime(2026, 3, 12, 8, tzinfo=UTC), time_zone="Europe/Berlin")


def url(session: TrainingSession) -> str:
    return f"/api/sessions/{session.pk}/export"


def test_it_works(api: Client, session: TrainingSession) -> None:
    answer = api.get(url(session), {"format": "markdown"})
    assert answer.status_code == 200
    assert answer.content.startswith(b"# Calls\n")
    assert b"09:10" in answer.content
    assert answer["Content-Disposition"] == 'attachment; filename="Calls - facilitator guide.md"'


@pytest.mark.parametrize("audience", ["facilitator", "participant"])
@pytest.mark.parametrize("form", TYPES)
def test_every_format(api: Client, author: User, form: str, audience: str) -> None:
    session = make_session(author, state="published" if audience == "participant" else "draft")
    answer = api.get(url(session), {"format": form, "audience": audience})
    assert (answer.status_code, answer["Content-Type"]) == (200, TYPES[form])
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Disposition"].startswith("attachment; ")
    told = _text_of(answer.content, form)
    assert "Calls" in told
    assert ("Walk around and listen to the pairs." in told) == (audience == "facilitator")


def _text_of(content: bytes, form: str) -> str:
    match form:
        case "docx":
            return "\n".join(paragraph.text for paragraph in Document(BytesIO(content)).paragraphs)
        case "ics":
            (event,) = Calendar.from_ical(content).walk("VEVENT")
            return f"{event['SUMMARY']}\n{event['DESCRIPTION']}"
    return content.decode()


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "format"),
        ({"format": "pdf"}, "format"),
        ({"format": ""}, "format"),
        ({"format": "HTML"}, "format"),
        ({"format": "docx\x00"}, "format"),
        ({"format": "ics", "audience": "everybody"}, "audience"),
        ({"format": "ics", "audience": ""}, "audience"),
    ],
)
def test_bad_questions(api: Client, session: TrainingSession, query: dict[str, str], field: str) -> None:
    answer = api.get(url(session), query)
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert (error["code"], list(error["fields"])) == ("validation_error", [field])


def test_others_sessions_are_not_there(outsider: Client, session: TrainingSession) -> None:
    assert outsider.get(url(session), {"format": "html"}).status_code == 404
    assert outsider.get(url(session)).status_code == 404


@pytest.mark.parametrize(("scopes", "status"), [(["sessions:read"], 200), (["generations:read"], 403)])
def test_a_token_needs_the_scope(
    client: Client, author: User, session: TrainingSession, scopes: list[str], status: int
) -> None:
    secret = token_create(user=author, scopes=scopes).secret
    answer = client.get(url(session), {"format": "ics"}, headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == status


def test_what_is_accepted_does_not_matter(api: Client, session: TrainingSession) -> None:
    answer = api.get(url(session), {"format": "ics"}, headers={"Accept": "text/calendar"})
    assert answer.status_code == 200
    assert api.head(url(session), {"format": "ics"}).status_code == 200


@pytest.mark.parametrize(
    ("title", "plain", "full"),
    [
        ("Gespräche, die tragen", "Gesprache, die tragen", "Gespräche, die tragen"),
        ("محادثات", "facilitator guide.ics", "محادثات"),
        ("../../etc/passwd", "etc passwd", None),
        ('a"; filename="evil.exe', "a filename= evil.exe", None),
        ("a\r\nSet-Cookie: x=1", "a Set-Cookie x=1", None),
        ("a＂； filename=＂evil.exe", "a filename= evil.exe", "a＂； filename=＂evil.exe"),
        ("50％41／b＼c", "50 41 b c", "50％41／b＼c"),
        ("...", "Session", None),
        ("Ü" * 150, "U" * 60, "Ü" * 60),
    ],
)
def test_names_are_safe_to_save(api: Client, author: User, title: str, plain: str, full: str | None) -> None:
    header = api.get(url(make_session(author, title=title)), {"format": "ics"})["Content-Disposition"]
    kept, _, encoded = header.partition("; filename*=UTF-8''")
    assert kept.startswith(f'attachment; filename="{plain}')
    assert kept.endswith('.ics"')
    assert kept.count('"') == 2
    assert unquote(encoded) == (f"{full} - facilitator guide.ics" if full else "")


def test_a_name_is_quoted_for_both_kinds_of_clients() -> None:
    assert disposition("Übung 1.md") == "attachment; filename=\"Ubung 1.md\"; filename*=UTF-8''%C3%9Cbung%201.md"


def test_an_offline_draft_says_so_in_every_format(api: Client, author: User) -> None:
    session = make_session(author, generation_source="template")
    for form in TYPES:
        answer: Any = api.get(url(session), {"format": form, "audience": "participant"})
        assert "Offline draft: composed from an activity library, no AI" in _text_of(answer.content, form)
