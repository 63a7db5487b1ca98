"""A session of the author to edit, and clients to do it with."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from sessions_builder.models import Category, TrainingSession, VariantProfile
from sessions_builder.serializers.session_bodies import SessionStart, session_values
from sessions_builder.serializers.validation import checked
from sessions_builder.services import sessions

URL = "/api/sessions"
OUTCOME = "Book five qualified appointments a week with a short phone script"


def section(kind: str, minutes: int, **fields: Any) -> dict[str, Any]:
    """A section as a body holds it, complete enough to be published."""
    return {
        "type": kind,
        "title": f"{kind.title()} of the calls",
        "minutes": minutes,
        "description": "What happens here, and why it helps with the calls.",
        "objectives": ["Open a call within ten seconds"],
        "facilitatorNote": "Walk around and listen to the pairs.",
        "steps": [{"text": "Begin", "minutes": minutes}],
        **fields,
    }


SECTIONS = [section("opener", 10), section("topic", 30), section("exercise", 35), section("closing", 15)]
START: dict[str, Any] = {
    "title": "Calls that book",
    "category": "Prospecting",
    "sessionType": "workshop",
    "brief": {"desiredOutcome": OUTCOME, "audienceName": "New advisors"},
    "outline": {"summary": "Ninety minutes of calling.", "sections": SECTIONS},
    "startsAt": "2027-03-02T09:00",
    "timeZone": "Europe/Berlin",
}

Send = Callable[..., Any]


@pytest.fixture(autouse=True)
def reference_data(db: None) -> Category:
    for number in range(5):
        VariantProfile.objects.get_or_create(
            number=number, defaults={"label": f"Label {number}", "description": "d", "instruction": "i"}
        )
    Category.objects.get_or_create(name="Recruiting")
    return Category.objects.get_or_create(name="Prospecting", defaults={"aliases": ["Lead Generation"]})[0]


@pytest.fixture
def api(author: User, client: Client) -> Client:
    client.force_login(author, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def send(api: Client) -> Send:
    """Return a function that sends JSON as the author."""

    def request(method: str, path: str, body: Any = None) -> Any:
        return api.generic(method, f"{URL}{path}", to_json(body), content_type="application/json")

    return request


def to_json(body: Any) -> str:
    return "" if body is None else json.dumps(body)


@pytest.fixture
def session(author: User) -> TrainingSession:
    """A draft with four sections of 10, 30, 35 and 15 minutes, ready to be published."""
    return made(author)


def made(owner: User, **changes: Any) -> TrainingSession:
    body = checked(SessionStart, {**START, **changes})
    return sessions.session_create(owner=owner, values=session_values(body))


def ids(session: TrainingSession) -> list[str]:
    return [entry["id"] for entry in session.outline["sections"]]


def minutes(body: Any) -> list[int]:
    return [entry["minutes"] for entry in body["outline"]["sections"]]
