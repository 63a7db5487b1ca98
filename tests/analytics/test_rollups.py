import uuid
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.db import connection, connections
from django.utils import timezone

from analytics import aggregates, rollups
from analytics.models import DailyRollup, Event, RollupState, Selection
from analytics.periods import Period
from tests.analytics.history import DAY_ONE, event, generation, interaction, selection

pytestmark = pytest.mark.django_db

EVER = Period()
HOUR = timedelta(hours=1)


def test_it_works() -> None:
    for n in range(10):
        generation(seconds=10 + n)

    assert rollups.refresh() == [DAY_ONE.date()]

    times = aggregates.totals(EVER).tally("processingTime")
    assert (times.n, times.mean) == (10, 14_500)
    assert times.deviation == pytest.approx(3027.65, rel=1e-4)
    assert times.quantile(0.5) == pytest.approx(14_000, rel=0.04)
    assert times.quantile(0.95) == pytest.approx(18_000, rel=0.04)


def test_nothing_new_builds_nothing() -> None:
    generation()
    rollups.refresh()

    assert rollups.refresh() == []


def test_late_events_count() -> None:
    generation()
    rollups.refresh()
    late = DAY_ONE - timedelta(days=20)

    event("builder_opened", late, received_at=timezone.now())

    assert rollups.refresh() == [late.date()]
    assert aggregates.totals(EVER).n("events", detail="builder_opened") == 1


def test_what_was_received_shortly_before_the_watermark_is_counted_again() -> None:
    generation()
    rollups.refresh()
    watermark = RollupState.objects.get().watermark
    assert watermark is not None

    event("builder_opened", received_at=watermark - timedelta(minutes=9))

    assert rollups.refresh() == [DAY_ONE.date()]


def test_an_upgrade_counts_what_the_version_before_did_not() -> None:
    """Every day but those whose events were cleared."""
    cleared = DAY_ONE - timedelta(days=2)
    for at in (cleared, DAY_ONE):
        generation(at)
    rollups.refresh()
    DailyRollup.objects.filter(measure="requests").delete()
    rollups.freeze_before(DAY_ONE.date())
    assert rollups.refresh() == []

    with connection.cursor() as cursor:
        cursor.execute(import_module("analytics.migrations.0010_count_again").COUNT_AGAIN)

    assert rollups.refresh() == [DAY_ONE.date()]
    assert aggregates.totals(EVER).n("requests") == 1


def test_a_generation_belongs_to_the_day_it_was_asked_for() -> None:
    evening = datetime(2026, 3, 1, 23, 59, 50, tzinfo=UTC)
    key = generation(evening, outcome="pending")
    rollups.refresh()
    assert aggregates.totals(EVER).n("outcome", detail="pending") == 1

    event(
        "ai_content_generated",
        evening + timedelta(minutes=2),
        received_at=timezone.now(),
        generation_id=key,
        mode="multi_variant",
        variants=4,
    )

    assert rollups.refresh() == [date(2026, 3, 1), date(2026, 3, 2)]
    outcomes = aggregates.totals(Period.of_days(date(2026, 3, 1), date(2026, 3, 1))).split("outcome", "detail")
    assert {name: tally.n for name, tally in outcomes.items()} == {"success": 1}


def test_the_last_ending_counts() -> None:
    key = generation(outcome="partial")
    event("ai_content_generated", DAY_ONE + HOUR, generation_id=key, mode="multi_variant", variants=4)
    rollups.refresh()

    assert aggregates.totals(EVER).n("outcome", detail="success") == 1
    assert aggregates.totals(EVER).n("outcome") == 1


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        (Period(), 4),
        (Period(DAY_ONE, DAY_ONE + HOUR), 1),
        (Period(DAY_ONE + HOUR, DAY_ONE + 3 * HOUR), 1),
        (Period(DAY_ONE - timedelta(days=1), DAY_ONE + timedelta(days=1)), 2),
        (Period(DAY_ONE + HOUR, DAY_ONE + timedelta(days=2, hours=1)), 3),
        (Period.of_days(date(2026, 3, 2), date(2026, 3, 3)), 2),
        (Period.of_days(date(2026, 4, 1), date(2026, 4, 3)), 0),
    ],
)
def test_parts_of_days_come_from_the_rows(period: Period, expected: int) -> None:
    for after in (timedelta(0), 2 * HOUR, timedelta(days=1), timedelta(days=2)):
        generation(DAY_ONE + after)
    rollups.refresh()

    found = aggregates.totals(period)
    assert found.n("events", detail="ai_prompt_submitted") == expected
    assert found.n("outcome", detail="success") == expected
    assert sum(aggregates.category_counts(period, "events", "ai_prompt_submitted").values()) == expected


def test_a_category_can_be_asked_for_alone() -> None:
    generation(category="A", seconds=5)
    generation(category="B", seconds=9)
    generation(category=None)
    rollups.refresh()

    assert aggregates.totals(EVER, category="A").tally("processingTime").mean == 5000
    assert aggregates.totals(EVER).n("processingTime") == 3
    assert aggregates.category_counts(EVER, "events", "ai_prompt_submitted") == {"A": 1, "B": 1, "": 1}


def test_demo_rows_are_apart() -> None:
    generation(is_demo=True)
    interaction(is_demo=True)
    rollups.refresh()

    assert aggregates.totals(EVER).cells == {}
    assert aggregates.totals(EVER, demo=True).n("outcome", detail="success") == 1
    assert aggregates.totals(EVER, demo=True).n("calls") == 1


def test_active_time_leaves_long_gaps_out() -> None:
    session = uuid.uuid4()
    for minutes in (0, 2, 7, 13, 14):
        event("content_edited", DAY_ONE + timedelta(minutes=minutes), session_id=session)
    event("content_edited", DAY_ONE, session_id=uuid.uuid4())
    rollups.refresh()

    builder = aggregates.totals(EVER).tally("builderTime")
    assert (builder.n, builder.total) == (2, 8 * 60_000)


def test_a_session_that_goes_on_next_day_is_counted_once() -> None:
    session = uuid.uuid4()
    evening = datetime(2026, 3, 1, 23, 58, tzinfo=UTC)
    event("content_edited", evening, session_id=session)
    rollups.refresh()
    event("content_edited", evening + timedelta(minutes=4), session_id=session, received_at=timezone.now())
    rollups.refresh()

    builder = aggregates.totals(EVER).tally("builderTime")
    assert (builder.n, builder.total) == (1, 4 * 60_000)
    assert aggregates.totals(Period.of_days(date(2026, 3, 2), date(2026, 3, 2))).n("builderTime") == 0


def test_choosing_again_takes_the_first_choice_out() -> None:
    key = uuid.uuid4()
    selection(number=4, generation_id=key)
    rollups.refresh()
    Selection.objects.update(counted=False)
    selection(timezone.now(), number=1, generation_id=key)
    rollups.refresh()

    assert {name: t.n for name, t in aggregates.totals(EVER).split("selections", "detail").items()} == {"rag": 1}


def test_only_the_first_rejection_of_a_generation_counts() -> None:
    key = uuid.uuid4()
    for minutes in (0, 1, 2):
        event("ai_content_rejected", DAY_ONE + timedelta(minutes=minutes), generation_id=key, variant=1)
    rollups.refresh()

    assert aggregates.totals(EVER).n("rejected") == 1
    assert aggregates.totals(EVER).n("events", detail="ai_content_rejected") == 3


def rejected_on(day: date) -> float:
    return aggregates.totals(Period.of_days(day, day)).n("rejected")


def test_a_rejection_taken_back_later_no_longer_counts() -> None:
    key, (first, second) = uuid.uuid4(), (DAY_ONE.date(), DAY_ONE.date() + timedelta(days=1))
    event("ai_content_rejected", DAY_ONE, generation_id=key, variant=1)
    event("ai_content_rejected", DAY_ONE + timedelta(days=1), generation_id=key, variant=2)
    rollups.refresh()
    assert (rejected_on(first), rejected_on(second)) == (1, 0)

    received = timezone.now()
    event("ai_rejection_withdrawn", DAY_ONE + timedelta(days=2), generation_id=key, variant=1, received_at=received)
    assert {first, second} <= set(rollups.refresh())
    assert (rejected_on(first), rejected_on(second)) == (0, 1)

    event("ai_rejection_withdrawn", DAY_ONE + timedelta(days=2), generation_id=key, variant=2, received_at=received)
    rollups.refresh()
    assert aggregates.totals(EVER).n("rejected") == 0


def test_a_choice_that_failed_cannot_be_taken_back() -> None:
    key = uuid.uuid4()
    event("ai_content_rejected", DAY_ONE, generation_id=key, variant=1, error_code="conflict")
    event("ai_rejection_withdrawn", DAY_ONE + timedelta(minutes=1), generation_id=key, variant=1)
    rollups.refresh()
    assert aggregates.totals(EVER).n("rejected") == 1


def test_cleared_days_keep_their_rollups() -> None:
    generation()
    rollups.refresh()
    rollups.freeze_before(date(2026, 3, 2))
    Event.objects.all().delete()
    event("builder_opened", DAY_ONE, received_at=timezone.now())

    assert rollups.refresh() == []
    assert aggregates.totals(EVER).n("processingTime") == 1
    rollups.freeze_before(date(2026, 2, 1))
    assert RollupState.objects.get().frozen_before == date(2026, 3, 2)


def test_freshness_is_known() -> None:
    assert rollups.freshness() == rollups.Freshness(None, None)
    rollups.refresh()

    counted = rollups.freshness().counted_until
    assert counted is not None
    assert timezone.now() - counted < timedelta(seconds=30)


def test_strange_variant_times_do_not_stop_the_rollup() -> None:
    for times in ({"one": 5}, [1, 2], None, "x"):
        event("ai_content_generated", metadata={"variantTimes": times})
    rollups.refresh()

    assert aggregates.totals(EVER).n("variantTime") == 0


def test_two_at_once_do_not_count_twice() -> None:
    generation()
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [rollups.LOCK])
            assert rollups.refresh() == []
            cursor.execute("ROLLBACK")
    finally:
        other.close()

    assert not DailyRollup.objects.exists()
    assert rollups.refresh() == [DAY_ONE.date()]


def test_cost_and_tokens_by_model() -> None:
    interaction(cost_usd=None, model="unknown")
    interaction(outcome="failed", error_code="provider_timeout", variant=3)
    rollups.refresh()

    found = aggregates.totals(EVER)
    assert (found.n("calls"), found.n("cost"), found.tally("cost").total) == (2, 1, 0.01)
    assert found.tally("tokensIn", detail="unknown").total == 1000
    failures: dict[Any, int] = {code: tally.n for code, tally in found.split("callFailures", "detail").items()}
    assert failures == {"provider_timeout": 1}


def test_histograms_are_kept_by_what_somebody_asks_for() -> None:
    """Two modes and four variants are one histogram of the time to choose, and one a variant of the time to write."""
    for number, mode in enumerate(("multi_variant", "legacy_fallback", "multi_variant", "multi_variant"), start=1):
        selection(variant=number, mode=mode, comparison_ms=1000 * number)
    rollups.refresh()

    rows = DailyRollup.objects.filter(measure="comparisonTime", category="*")
    assert [(row.mode, row.variant, row.n) for row in rows] == [("", -1, 4)]
    assert aggregates.totals(EVER).n("selections", mode="multi_variant") == 3
