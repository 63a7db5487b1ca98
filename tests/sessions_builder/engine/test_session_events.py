"""What is recorded of a session's edits and publications."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from analytics.models import Event
from sessions_builder.models import Generation, TrainingSession
from sessions_builder.services.session_events import record_edit, record_publication

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(request_one: Callable[..., Generation], author: User) -> TrainingSession:
    generation = request_one()
    Generation.objects.update(created_at=timezone.now() - timedelta(minutes=42))
    generation.refresh_from_db()
    return TrainingSession.objects.create(
        owner=author,
        generation=generation,
        title="Calls",
        category="Prospecting",
        session_type="workshop",
        duration_minutes=90,
        outline={},
    )


def happened(session: TrainingSession, minutes_ago: float) -> None:
    at = timezone.now() - timedelta(minutes=minutes_ago)
    Event.objects.create(event_type="content_edited", occurred_at=at, received_at=at, session_id=session.pk)


def test_it_works(session: TrainingSession) -> None:
    """Twenty minutes of pause are no work; two and one are."""
    for minutes in (24, 22, 1):
        happened(session, minutes)

    record_edit(session, changed_fields=["sections", "title", "title"], moved_minutes=5)
    record_publication(session, quality=78.5, readiness=100)

    edited, published = Event.objects.filter(arm="v2", session_id=session.pk).order_by("occurred_at")
    assert edited.metadata["changedFields"] == ["sections", "title"]
    assert (edited.metadata["movedMinutes"], edited.metadata["arm"], edited.category) == (5, "v2", "Prospecting")
    assert edited.active_ms == pytest.approx(60_000, abs=2000)
    assert (published.quality, published.metadata["readiness"]) == (78.5, 100)
    assert published.metadata["minutesToPublish"] == 42
    assert published.mode == "multi_variant"
    assert published.active_ms == pytest.approx(180_000, abs=2000)
    assert published.generation_id == session.generation_id


def test_a_session_nobody_generated(session: TrainingSession) -> None:
    session.generation = None

    record_edit(session, changed_fields=["title"])
    record_publication(session, quality=None, readiness=40)

    edited, published = Event.objects.filter(session_id=session.pk).order_by("occurred_at")
    assert (edited.arm, published.arm, published.mode, published.quality) == (None, None, None, None)
    assert (edited.active_ms, published.metadata["minutesToPublish"]) == (0, 0)


def test_a_long_pause_is_no_work(session: TrainingSession) -> None:
    happened(session, 6)

    record_edit(session, changed_fields=["title"])

    assert Event.objects.filter(session_id=session.pk).latest("occurred_at").active_ms == 0
