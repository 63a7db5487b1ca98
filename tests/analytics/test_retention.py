from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.utils import timezone

from analytics import aggregates, registry, retention
from analytics.alerts import close, raise_critical
from analytics.models import AIInteraction, Alert, Event, Export, Selection
from analytics.periods import Period
from analytics.pseudonyms import subject_of
from tests.analytics.history import DAY_ONE, event, generation, interaction, selection

pytestmark = pytest.mark.django_db


def test_it_works(settings: Any) -> None:
    settings.ANALYTICS_RETENTION_DAYS, settings.PROMPT_RETENTION_DAYS = 100, 30
    now = timezone.now()
    for days in (10, 50, 150):
        event("x", now - timedelta(days=days))
        selection(now - timedelta(days=days))
        interaction(now - timedelta(days=days), prompt="secret", response="secret")

    cleared = retention.prune()

    assert cleared == retention.Cleared(events=1, interactions=1, selections=1, texts=1)
    assert [Event.objects.count(), Selection.objects.count()] == [2, 2]
    kept = AIInteraction.objects.order_by("-created_at").values_list("prompt", "response", "tokens_in")
    assert list(kept) == [("secret", "secret", 1000), (None, None, 1000)]


def test_texts_need_not_be_kept_at_all(settings: Any) -> None:
    settings.PROMPT_RETENTION_DAYS = 0
    interaction(timezone.now() - timedelta(seconds=1), prompt="secret")

    assert retention.prune().texts == 1


def test_old_alerts_and_exports_go_open_alerts_stay(settings: Any) -> None:
    settings.ANALYTICS_RETENTION_DAYS = 10
    raise_critical("rag_down")
    close("rag_down")
    raise_critical("rag_down")
    long_ago = timezone.now() - timedelta(days=20)
    Alert.objects.exclude(closed_at=None).update(closed_at=long_ago)
    Alert.objects.update(opened_at=long_ago)
    Export.objects.create(dataset="events", format="csv", columns=[], started_at=long_ago)

    retention.prune()

    assert Alert.objects.get().closed_at is None
    assert not Export.objects.exists()


def test_batches_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 3)
    for _ in range(8):
        event("x")
        interaction(prompt="secret", user_id=7)

    assert retention.forget_user(7).texts == 8
    assert retention.clear_before(date(2026, 3, 2)).events == 8


def test_metrics_outlive_the_events() -> None:
    generation()

    retention.clear_before(date(2026, 3, 2))

    assert not Event.objects.exists()
    assert aggregates.totals(Period()).n("processingTime") == 1


def test_the_command_counts_before_it_deletes() -> None:
    event("x")
    event("x", DAY_ONE + timedelta(days=1))
    said = StringIO()

    call_command("clear_old_events", "--before", "2026-03-02", "--dry-run", stdout=said)
    assert said.getvalue() == "Would delete 1 events, 0 interactions and 0 selections from before 2026-03-02.\n"
    assert Event.objects.count() == 2
    call_command("clear_old_events", "--before", "2026-03-02", stdout=said)
    assert Event.objects.count() == 1


def test_a_wrong_date_is_said_plainly() -> None:
    with pytest.raises(CommandError, match="not a date"):
        call_command("clear_old_events", "--before", "yesterday")


def test_forgetting_a_person_keeps_the_numbers(author: User, monkeypatch: pytest.MonkeyPatch) -> None:
    forgotten: list[int] = []
    monkeypatch.setattr(registry, "_forgetters", {"test": forgotten.append})
    mine = {"user_id": author.pk}
    event("x", metadata={"reason": "canary", "variantId": 2}, **mine)
    event("x", user_id=author.pk + 1)
    interaction(prompt="canary", response="canary", feedback="canary", **mine)
    selection(**mine)
    Export.objects.create(dataset="events", format="csv", columns=[], username="author", **mine)
    said = StringIO()

    call_command("forget_user", "author", stdout=said)

    assert said.getvalue().startswith("Forgot the user in 1 events, 1 interactions and 1 selections; emptied 1 texts.")
    gone = Event.objects.get(subject=subject_of(author.pk))
    assert (gone.user_id, gone.metadata) == (None, {"variantId": 2})
    assert Event.objects.filter(user_id=author.pk + 1).exists()
    texts = AIInteraction.objects.values_list("prompt", "response", "feedback", "user_id").get()
    assert texts == (None, None, None, None)
    assert Selection.objects.get().user_id is None
    assert Export.objects.get().username == ""
    assert forgotten == [author.pk]


def test_somebody_whose_account_is_gone_can_be_forgotten() -> None:
    event("x", user_id=4711)

    call_command("forget_user", "4711", stdout=StringIO())

    assert Event.objects.get().user_id is None


def test_nobody_is_forgotten_by_mistake() -> None:
    with pytest.raises(CommandError, match="no user"):
        call_command("forget_user", "somebody")
