"""The numbers a ramp is judged by, from made-up events."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from featureflags.guardrails import Comparison, Measurement, Window, metric_names
from featureflags.sequential import Arm
from featureflags.services.ramps import DEFAULT_RULES
from sessions_builder.models import Generation
from sessions_builder.rollout import metrics
from tests.analytics.history import DAY_ONE, event, generation
from tests.sessions_builder.api.conftest import defaults

pytestmark = pytest.mark.django_db
STEP = Window("variant_generation_v2", 10.0, since=DAY_ONE, until=DAY_ONE + timedelta(days=1))
OTHER_FLAG = Window("rag_integration", 10.0, since=STEP.since, until=STEP.until)


def many(number: int, **fields: Any) -> None:
    for _ in range(number):
        generation(**({"arm": "v2"} | fields))


def test_it_works() -> None:
    many(6, seconds=10)
    many(1, outcome="partial", seconds=20, rag_state="unavailable")
    many(2, outcome="fallback", seconds=60, rag_state="disabled")
    many(1, outcome="failed")
    assert metrics.success_rate(STEP) == Measurement(0.6, 10)
    assert metrics.fallback_rate(STEP) == Measurement(0.2, 10)
    assert metrics.rag_failure_rate(STEP) == Measurement(1 / 7, 7)
    assert metrics.p95_processing_time(STEP) == Measurement(60_000, 9)


@pytest.mark.parametrize("metric", metrics.METRICS.values(), ids=metrics.METRICS)
def test_no_data_is_no_reading(metric: Any) -> None:
    assert metric(STEP) is None


@pytest.mark.parametrize(
    "fields",
    [
        {"outcome": "cancelled"},
        {"outcome": "pending"},
        {"writer": "offline"},
        {"is_demo": True},
        {"arm": "legacy"},
        {"at": STEP.since - timedelta(seconds=1)},
        {"at": STEP.until},
    ],
)
def test_what_says_nothing_is_left_out(fields: dict[str, Any]) -> None:
    many(2)
    many(3, **({"outcome": "failed"} | fields))
    assert metrics.success_rate(STEP) == Measurement(1.0, 2)


def test_other_flags_are_judged_by_all_generations_and_split_nobody() -> None:
    many(3)
    many(1, arm="legacy", mode="legacy", outcome="failed")
    assert metrics.success_rate(OTHER_FLAG) == Measurement(0.75, 4)
    assert metrics.publish_rate(OTHER_FLAG) is metrics.sample_ratio(OTHER_FLAG) is None


def test_retrieval_that_is_switched_off_cannot_fail() -> None:
    many(4, rag_state="disabled")
    assert metrics.rag_failure_rate(STEP) == Measurement(0.0, 4)


def test_the_last_ending_of_a_retried_generation_counts() -> None:
    key = generation(outcome="failed", arm="v2")
    later = DAY_ONE + timedelta(minutes=1)
    event("ai_prompt_submitted", later, generation_id=key, mode="multi_variant", arm="v2", writer="model")
    shared = {"generation_id": key, "mode": "multi_variant", "arm": "v2", "writer": "model", "processing_ms": 9000}
    event("ai_content_generated", later + timedelta(seconds=9), variants=4, rag_state="ok", **shared)
    assert metrics.success_rate(STEP) == Measurement(1.0, 1)


def test_the_arms_are_the_users_the_step_split() -> None:
    asked = {}
    for user, arm, percentage in ((1, "v2", 10.0), (2, "legacy", 10.0), (3, "legacy", 10.0), (4, "v2", 5.0)):
        reason = "rollout_opt_in" if arm == "v2" else "rollout_filtered"
        asked[user] = generation(user_id=user, arm=arm, percentage=percentage, reason=reason)
    for user, arm in ((1, "v2"), (2, "legacy"), (4, "v2")):
        at = DAY_ONE + timedelta(hours=1)
        event("session_published", at, user_id=user, arm=arm, generation_id=asked[user])
    assert metrics.sample_ratio(STEP) == Comparison(Arm(0, 1), Arm(0, 2))
    assert metrics.publish_rate(STEP) == Comparison(Arm(1, 1), Arm(1, 2))


def test_every_guardrail_of_the_default_plan_has_its_metric() -> None:
    assert {rule.metric for rule in DEFAULT_RULES} <= set(metric_names())


def test_who_is_at_work(author: User, author2: User) -> None:
    for owner, state in ((author, "queued"), (author, "generating"), (author2, "cancelled")):
        ended = {"finished_at": timezone.now()} if state == "cancelled" else {}
        Generation.objects.create(**defaults(owner), state=state, **ended)
    assert metrics.users_with_a_generation_running() == {author.pk}
