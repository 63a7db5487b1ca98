"""Figures, ownership, markers, and how a person is forgotten."""

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from analytics.models import AIInteraction, Event
from analytics.periods import Period
from analytics.pseudonyms import subject_of
from analytics.registry import markers, owned_ids, registered_metrics
from featureflags.models import Source
from featureflags.services import change_flag, ensure_flags
from sessions_builder.evidence.people import forget_person
from sessions_builder.models import Generation, TrainingSession
from tests.sessions_builder.evidence.conftest import Work

pytestmark = pytest.mark.django_db


def figures(period: Period, category: str | None = None) -> dict[str, int]:
    found = registered_metrics("builder", period, category=category)
    return {name: figure.value for name, figure in found.items()}


def test_it_works(work: Work) -> None:
    for state, generation in (("published", work.generation), ("archived", None), ("draft", None)):
        TrainingSession.objects.create(
            owner=work.owner,
            generation=generation,
            state=state,
            category="Coaching",
            session_type="workshop",
            duration_minutes=60,
            outline={},
        )

    assert figures(Period()) == {
        "totalSessions": 4,
        "sessionsWithAI": 2,
        "publishedSessions": 1,
        "draftSessions": 2,
        "archivedSessions": 1,
    }
    assert figures(Period(), "Coaching")["totalSessions"] == 3
    assert figures(Period(None, timezone.now() - timedelta(hours=1)))["totalSessions"] == 0


def test_things_belong_to_their_owner(work: Work, author2: User) -> None:
    stranger = uuid.uuid4()
    session, generation = work.session.pk, work.generation.pk

    assert owned_ids("session", work.owner.pk, [session, stranger]) == {session}
    assert owned_ids("generation", work.owner.pk, [generation, stranger]) == {generation}
    assert owned_ids("session", author2.pk, [session]) == owned_ids("generation", author2.pk, [generation]) == set()


def test_browsers_tell_of_their_own_sessions(work: Work, client: Client, author2: User) -> None:
    def send(user: User) -> list[int]:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        shared = {"sessionId": str(work.session.pk), "occurredAt": timezone.now().isoformat()}
        events = [
            {"id": str(uuid.uuid4()), "type": "builder_opened", **shared},
            {"id": str(uuid.uuid4()), "type": "builder_active", "metadata": {"activeTime": 42_000}, **shared},
            {"id": str(uuid.uuid4()), "type": "builder_active", "metadata": {"activeTime": 300_001}, **shared},
            {"id": str(uuid.uuid4()), "type": "session_published", **shared},
        ]
        answer = client.post("/api/events", {"events": events}, content_type="application/json").json()
        return [result["status"] for result in answer["results"]]

    assert send(work.owner) == [201, 201, 400, 400]
    assert send(author2) == [400] * 4
    assert Event.objects.get(event_type="builder_active").active_ms == 42_000


def test_changes_of_exposure_are_marked_and_nothing_else() -> None:
    ensure_flags()
    flag = "variant_generation_v2"
    change_flag(flag, enabled=True, percentage=10, source=Source.COMMAND, reason="beta")
    change_flag(flag, percentage=50, source=Source.COMMAND, reason="more")
    change_flag(flag, details={"owner": "product"}, source=Source.COMMAND, reason="who")
    change_flag("rag_integration", enabled=False, source=Source.COMMAND, reason="down")

    told = [marker.text.partition(": ")[2] for marker in markers(Period())]

    assert told[-3:] == ["off → 10 %", "10 % → 50 %", "on → off"]
    assert not markers(Period(None, timezone.now() - timedelta(hours=1)))


def test_a_person_is_forgotten(work: Work, author2: User) -> None:
    said, subject = StringIO(), subject_of(work.owner.pk)

    call_command("forget_user", work.owner.username, stdout=said)

    assert not User.objects.filter(pk=work.owner.pk).exists()
    assert not Generation.objects.exists()
    assert not TrainingSession.objects.exists()
    assert set(Event.objects.values_list("subject", "user_id")) == {(subject, None)}
    assert AIInteraction.objects.values_list("prompt", "response", "user_id").get() == (None, None, None)
    assert User.objects.filter(pk=author2.pk).exists()


def test_forgetting_takes_locks_in_the_order_of_a_choice(work: Work) -> None:
    with CaptureQueriesContext(connection) as queries:
        forget_person(work.owner.pk)
    locking = [query["sql"] for query in queries if re.search("^UPDATE|^DELETE|FOR UPDATE", query["sql"])]
    first, *others = locking
    assert first.startswith('SELECT "sessions_builder_generation"."id"')
    assert any("sessions_builder_trainingsession" in sql for sql in others)


def test_forgetting_leaves_no_way_in(work: Work, login: Callable[[User], Client]) -> None:
    client = login(work.owner)
    assert client.get("/api/generations").status_code == 200

    call_command("forget_user", str(work.owner.pk), stdout=StringIO())

    assert client.get("/api/generations").status_code == 401
