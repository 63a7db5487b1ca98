from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from analytics import aggregates
from analytics.demo import history
from analytics.experiment.report import compute
from analytics.metrics.ai import ai_metrics
from analytics.models import AIInteraction, Event, Selection
from analytics.periods import Period

pytestmark = pytest.mark.django_db


def test_it_works(settings: Any) -> None:
    settings.DEBUG = True
    said = StringIO()

    call_command("seed_demo", "--sessions", "450", stdout=said)

    assert "Stored " in said.getvalue()
    shown = ai_metrics(Period(), demo=True)
    assert shown["totalPrompts"] > 300
    assert shown["rates"]["successRate"]["value"] > 0.85
    assert shown["usage"]["costUsd"] > 0
    evidence = compute(Period(), demo=True)
    assert evidence["choices"]["eligible"] > 100
    assert min(evidence["v2AgainstLegacy"]["users"].values()) > 20


def test_no_real_number_counts_it(settings: Any) -> None:
    settings.DEBUG = True
    call_command("seed_demo", "--sessions", "90", stdout=StringIO())

    assert aggregates.totals(Period()).cells == {}
    assert compute(Period())["choices"]["eligible"] == 0
    for model in (Event, AIInteraction, Selection):
        assert not model.objects.filter(is_demo=False).exists()
        assert not model.objects.exclude(user_id=None).exists()


def test_a_second_time_changes_nothing(settings: Any) -> None:
    settings.DEBUG = True
    call_command("seed_demo", "--sessions", "60", stdout=StringIO())
    before = Event.objects.count()
    said = StringIO()

    call_command("seed_demo", "--sessions", "60", stdout=said)

    assert (Event.objects.count(), said.getvalue()) == (before, "")


def test_the_past_is_the_same_each_time() -> None:
    now = datetime(2026, 6, 1, tzinfo=UTC)

    first, second = history(60, now), history(60, now)

    assert [(e.event_type, e.occurred_at) for e in first.events] == [
        (e.event_type, e.occurred_at) for e in second.events
    ]
    assert max(e.occurred_at for e in first.events) < datetime(2026, 6, 2, tzinfo=UTC)


@pytest.mark.parametrize(("debug", "sessions", "said"), [(False, "3", "only with DEBUG"), (True, "-1", "0 to 20000")])
def test_where_it_is_refused(settings: Any, debug: bool, sessions: str, said: str) -> None:
    settings.DEBUG = debug

    with pytest.raises(CommandError, match=said):
        call_command("seed_demo", f"--sessions={sessions}")
    assert not Event.objects.exists()
