"""Choosing and rejecting: one session per generation, one counted choice, and the log never in the way."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from analytics.models import Event, Selection
from featureflags.testing import override_flag
from sessions_builder import persistence
from sessions_builder.errors import Conflict, NotFound
from sessions_builder.models import Generation, SessionState, TrainingSession
from sessions_builder.services.selections import is_settled, variant_reject, variant_select, variant_unreject
from tests.sessions_builder.engine.test_persistence import claim, variant

SECTION = {"type": "opener", "title": "Start", "minutes": 90, "sourceIds": ["S1"]}
SOURCE = {
    "id": "S1",
    "docId": "d",
    "chunkId": "0",
    "title": "Calls",
    "category": "Prospecting",
    "updatedAt": None,
    "similarity": 0.9,
    "score": 0.9,
    "text": "the whole text",
    "excerpt": "the whole",
    "kept": True,
    "reason": "kept",
}


def outline(title: str) -> dict[str, Any]:
    return {"title": title, "summary": "", "difficulty": "", "sections": [SECTION]}


@pytest.fixture
def generation(request_one: Callable[..., Generation]) -> Generation:
    """Ended with versions 1 and 4 ready and 2 failed."""
    generation = request_one()
    held = claim(generation)
    retrieval = {"state": "ok", "sources": [SOURCE], "queryMs": 1, "hitsFound": 1, "error": ""}
    persistence.begin_writing(held, mode="multi_variant", retrieval=retrieval, rag_state="ok", progress=[])
    rows = [
        variant(1, outline=outline("One"), rag_effective=True, generation_source="rag", quality={"score": 78}),
        variant(4, outline=outline("Four"), rag_weight=0.0, quality={"score": 70}),
        variant(2, state="failed", outline=None, error_code="refused"),
    ]
    persistence.store_variants(held, variants=rows, interactions=[], progress=[])
    persistence.finish(held, state="partial", mode="multi_variant", error_code=None, progress=[])
    generation.refresh_from_db()
    return generation


@pytest.fixture(autouse=True)
def logging_on() -> Any:
    with override_flag("variant_selection_logging", True):
        yield


def test_it_works(generation: Generation, author: User) -> None:
    session = variant_select(generation=generation, number=1)

    assert (session.owner, session.title, session.state) == (author, "One", SessionState.DRAFT)
    assert session.outline["sections"][0]["locked"] is False
    assert session.outline["sections"][0]["id"]
    assert [source["excerpt"] for source in session.sources] == ["the whole"]
    assert "text" not in session.sources[0]
    chosen = Selection.objects.get()
    assert (chosen.variant, chosen.counted, chosen.rag_effective) == (1, True, True)
    assert (chosen.variants_shown, chosen.quality_gap) == (2, 8)
    event = Event.objects.get(event_type="ai_content_accepted")
    assert event.metadata["variantId"] == 1
    assert event.metadata["position"] == generation.card_order.index(1) + 1


def test_choosing_again_replaces_the_outline(generation: Generation) -> None:
    first = variant_select(generation=generation, number=1)
    second = variant_select(generation=generation, number=4)

    assert first.pk == second.pk
    assert (second.title, second.version) == ("Four", 2)
    assert [choice.variant for choice in Selection.objects.filter(counted=True)] == [4]


def test_after_publishing_it_is_a_conflict(generation: Generation) -> None:
    variant_select(generation=generation, number=1)
    TrainingSession.objects.update(state=SessionState.PUBLISHED)
    with pytest.raises(Conflict, match="Your session is published"):
        variant_select(generation=generation, number=4)
    assert TrainingSession.objects.get().title == "One"
    assert Event.objects.get(event_type="ai_content_rejected").metadata["errorCode"] == "conflict"


def test_a_choice_made_after_publishing_is_not_counted(generation: Generation) -> None:
    session = variant_select(generation=generation, number=1)
    session.first_published_at = timezone.now()
    session.save()

    variant_select(generation=generation, number=4)

    assert list(Selection.objects.order_by("selected_at").values_list("variant", "counted")) == [(1, True), (4, False)]


@pytest.mark.parametrize(("number", "error"), [(2, Conflict), (3, NotFound), (9, NotFound)])
def test_what_cannot_be_chosen(generation: Generation, number: int, error: type[Exception]) -> None:
    with pytest.raises(error):
        variant_select(generation=generation, number=number)
    assert not TrainingSession.objects.exists()
    assert Event.objects.filter(event_type="ai_content_rejected").count() == (number <= 4)


def test_another_authors_session_is_not_there(generation: Generation, author2: User) -> None:
    foreign = TrainingSession.objects.create(
        owner=author2, title="t", category="c", session_type="workshop", duration_minutes=90, outline={}
    )
    for wanted in (foreign.pk, uuid4()):
        with pytest.raises(NotFound):
            variant_select(generation=generation, number=1, session_id=wanted)


def test_not_logging_keeps_the_choice(generation: Generation) -> None:
    with override_flag("variant_selection_logging", False):
        session = variant_select(generation=generation, number=1)
    assert session.variant_number == 1
    assert not Selection.objects.exists()
    assert not Event.objects.filter(event_type="ai_content_accepted").exists()


def test_a_broken_log_never_breaks_the_choice(generation: Generation, caplog: pytest.LogCaptureFixture) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE analytics_selection RENAME TO analytics_selection_away")
    session = variant_select(generation=generation, number=1)
    assert TrainingSession.objects.get() == session
    assert "Failed to log variant selection" in caplog.text


def test_rejecting_twice_is_told_once(generation: Generation) -> None:
    variant_reject(generation=generation, number=1, reason="too long")
    variant_reject(generation=generation, number=1, reason="too long")
    event = Event.objects.get(event_type="ai_content_rejected")
    assert event.metadata["reason"] == "too long"
    with pytest.raises(NotFound):
        variant_reject(generation=generation, number=3)


def test_taking_a_rejection_back_is_told_once(generation: Generation) -> None:
    variant_unreject(generation=generation, number=1)
    assert not Event.objects.filter(event_type="ai_rejection_withdrawn").exists()

    variant_reject(generation=generation, number=1)
    variant_unreject(generation=generation, number=1)
    variant_unreject(generation=generation, number=1)

    assert Event.objects.get(event_type="ai_rejection_withdrawn").metadata == {"variantId": 1}
    assert generation.variants.get(number=1).rejected_at is None
    with pytest.raises(NotFound):
        variant_unreject(generation=generation, number=3)


def test_a_wrong_clock_decides_nothing_about_rejections(
    generation: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = timezone.now

    def tell(minutes: int) -> None:
        monkeypatch.setattr(timezone, "now", lambda: right() + timedelta(minutes=minutes))

    tell(5)
    variant_reject(generation=generation, number=1)
    tell(-5)
    variant_unreject(generation=generation, number=1)
    rejected, withdrawn = (
        Event.objects.get(event_type=kind).occurred_at for kind in ("ai_content_rejected", "ai_rejection_withdrawn")
    )
    assert rejected < withdrawn


def test_a_choice_settles_what_was_rejected_before_it_and_none_is_after(generation: Generation) -> None:
    variant_reject(generation=generation, number=1)
    assert not is_settled(generation)
    variant_select(generation=generation, number=4)
    assert is_settled(generation)
    with pytest.raises(Conflict):
        variant_unreject(generation=generation, number=1)
    with pytest.raises(Conflict):
        variant_reject(generation=generation, number=4)
    variant_reject(generation=generation, number=1)  # said before, so nothing new

    assert [each.rejected_at is not None for each in generation.variants.order_by("number")] == [True, False, False]
    assert Event.objects.filter(event_type="ai_content_rejected").count() == 1


def test_another_draft_of_the_same_generation_is_a_conflict(generation: Generation, author: User) -> None:
    variant_select(generation=generation, number=1)
    other = TrainingSession.objects.create(
        owner=author, title="t", category="c", session_type="workshop", duration_minutes=90, outline={}
    )
    with pytest.raises(Conflict):
        variant_select(generation=generation, number=4, session_id=other.pk)
