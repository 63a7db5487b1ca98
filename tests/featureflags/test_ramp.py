"""Ramps: holding, advancing, and being taken back by guardrails."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from featureflags import guardrails, ramp, services
from featureflags.errors import InvalidFlag
from featureflags.flags import is_enabled
from featureflags.guardrails import Comparison, Measurement, Notice, Reading, register_metric, register_notifier
from featureflags.models import Flag, FlagChange, Guardrail, RampPlan, Source
from featureflags.sequential import Arm
from featureflags.services import Rule, Step
from featureflags.services.ramps import step_to_enter

V2 = "variant_generation_v2"
pytestmark = pytest.mark.django_db
COMMON = {"source": Source.ADMIN, "reason": "spring release"}
LATER = timedelta(hours=2)


@pytest.fixture(autouse=True)
def _registries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guardrails, "_metrics", {})
    monkeypatch.setattr(guardrails, "_notifiers", [])


@pytest.fixture
def notices(django_capture_on_commit_callbacks: Callable) -> Iterator[list[Notice]]:
    heard: list[Notice] = []
    register_notifier(heard.append)
    with django_capture_on_commit_callbacks(execute=True):
        yield heard


def started(*rules: Rule, percentages: tuple[float, ...] = (1, 10, 50, 100), minimum_samples: int = 0) -> RampPlan:
    steps = [Step(percentage, hold_minutes=60, minimum_samples=minimum_samples) for percentage in percentages]
    plan = services.create_ramp(V2, steps=steps, rules=rules, **COMMON)
    services.start_ramp(plan, **COMMON)
    return plan


def standing(plan: RampPlan) -> tuple[str, int, float]:
    plan.refresh_from_db()
    return plan.state, plan.position, Flag.objects.get(key=V2).percentage


def tick(after: timedelta = LATER) -> str:
    (outcome,) = ramp.evaluate_all(timezone.now() + after)
    return str(outcome.move)


SUCCESS = Rule("success_rate", Guardrail.Check.BELOW, 0.95, action=Guardrail.Action.ROLL_BACK)


def reads(reading: Reading) -> None:
    register_metric(SUCCESS.metric, lambda window: reading)


def test_it_works() -> None:
    plan = started()
    assert standing(plan) == ("running", 1, 1)
    assert Flag.objects.get(key=V2).enabled
    assert tick(timedelta(minutes=59)) == "hold"
    for position, percentage in ((2, 10), (3, 50), (4, 100)):
        assert tick() == "advance"
        assert standing(plan) == ("running", position, percentage)
    assert tick() == "finish"
    assert standing(plan) == ("finished", 4, 100)
    assert ramp.evaluate_all(timezone.now() + LATER) == []
    assert FlagChange.objects.filter(source="ramp").count() == 4


@pytest.mark.parametrize(
    ("reading", "move"),
    [
        (Measurement(0.97, 40), "advance"),
        (Measurement(0.95, 40), "advance"),
        (Measurement(0.94, 40), "roll_back"),
        (Measurement(0.10, 39), "hold"),
        (Measurement(float("nan"), 400), "hold"),
        (Comparison(Arm(1, 9), Arm(1, 9)), "hold"),
        (None, "hold"),
    ],
)
def test_a_threshold(reading: Reading, move: str) -> None:
    started(SUCCESS)
    reads(reading)
    assert tick() == move


def test_a_metric_nobody_registered_or_that_fails_holds() -> None:
    plan = started(SUCCESS)
    assert tick() == "hold"
    register_metric(SUCCESS.metric, lambda window: 1 / 0)
    assert tick() == "hold"
    assert standing(plan)[0] == "running"


def test_a_metric_is_asked_for_the_step() -> None:
    plan = started(SUCCESS)
    asked = []
    register_metric(SUCCESS.metric, asked.append)
    tick()
    plan.refresh_from_db()
    assert (asked[0].flag, asked[0].percentage, asked[0].since) == (V2, 1.0, plan.step_started_at)


def test_a_step_needs_its_samples() -> None:
    started(SUCCESS, minimum_samples=100)
    reads(Measurement(0.99, 99))
    assert tick() == "hold"
    reads(Measurement(0.99, 100))
    assert tick() == "advance"


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        (Guardrail.Action.PAUSE, ("paused", 2, 10)),
        (Guardrail.Action.STEP_BACK, ("rolled_back", 1, 1)),
        (Guardrail.Action.ROLL_BACK, ("rolled_back", 0, 0)),
    ],
)
def test_a_breach_acts_before_the_hold_is_over_and_staff_hear_of_it(
    action: Guardrail.Action, expected: tuple[str, int, float], notices: list[Notice]
) -> None:
    plan = started(Rule("success_rate", Guardrail.Check.BELOW, 0.95, action=action))
    reads(Measurement(0.99, 400))
    tick()
    reads(Measurement(0.42, 400))
    assert tick(timedelta(seconds=1)) == str(action)
    assert standing(plan) == expected
    row = FlagChange.objects.first()
    assert row.source == "guardrail"
    finding = row.evidence["findings"][0]
    assert (finding["value"], finding["samples"], finding["threshold"]) == (0.42, 400, 0.95)
    assert plan.status == row.reason
    assert "0.42" in row.reason


def test_notices_come_after_the_commit(django_capture_on_commit_callbacks: Callable) -> None:
    heard: list[Notice] = []
    register_notifier(lambda notice: 1 / 0)
    register_notifier(heard.append)
    started(SUCCESS)
    reads(Measurement(0.42, 400))
    with django_capture_on_commit_callbacks(execute=True):
        tick()
        assert heard == []
    assert [notice.flag for notice in heard] == [V2]
    assert heard[0].evidence["move"] == "roll_back"


def test_the_strongest_of_several_breaches_acts() -> None:
    plan = started(Rule("slow", Guardrail.Check.ABOVE, 30_000), SUCCESS)
    register_metric("slow", lambda window: Measurement(45_000, 50))
    reads(Measurement(0.42, 400))
    assert tick() == "roll_back"
    plan.refresh_from_db()
    assert "slow" in plan.status
    assert "success_rate" in plan.status


def test_a_publish_rate_worse_than_the_control() -> None:
    started(Rule("publish_rate", Guardrail.Check.WORSE_THAN_CONTROL, 0.05))
    register_metric("publish_rate", lambda window: Comparison(Arm(200, 500), Arm(205, 500)))
    assert tick() == "advance"
    register_metric("publish_rate", lambda window: Comparison(Arm(100, 500), Arm(205, 500)))
    assert tick() == "pause"


def test_a_sample_ratio_that_is_not_the_plan() -> None:
    started(Rule("split", Guardrail.Check.SAMPLE_RATIO, 0.001), percentages=(10, 50))
    register_metric("split", lambda window: Comparison(Arm(0, 100), Arm(0, 900)))
    assert tick() == "advance"
    assert tick() == "pause"  # the same arms are not a split at 50 %


def test_at_a_hundred_percent_there_is_no_control_to_wait_for() -> None:
    started(Rule("publish_rate", Guardrail.Check.WORSE_THAN_CONTROL, 0.05), percentages=(100,))
    assert tick() == "finish"


def test_a_percentage_set_by_hand_is_never_undone() -> None:
    plan = started(SUCCESS)
    reads(Measurement(0.1, 400))
    services.change_flag(V2, percentage=30, **COMMON)
    assert tick() == "pause"
    assert standing(plan) == ("paused", 1, 30)


def test_a_flag_that_is_off_or_held_does_not_advance(settings: object) -> None:
    started()
    settings.VARIANT_GENERATION_ROLLOUT_PERCENTAGE = 0
    assert tick() == "hold"
    settings.VARIANT_GENERATION_ROLLOUT_PERCENTAGE = None
    services.change_flag(V2, enabled=False, **COMMON)
    assert tick() == "hold"


def test_somebody_faster_is_left_alone() -> None:
    plan = started(SUCCESS)

    def paused_while_reading(window: object) -> Measurement:
        services.pause_ramp(plan, **COMMON)
        return Measurement(0.1, 400)

    register_metric(SUCCESS.metric, paused_while_reading)
    assert tick() == "hold"
    assert standing(plan) == ("paused", 1, 1)


def test_rolled_back_and_ramped_again_serves_the_same_people() -> None:
    def people() -> set[int]:
        return {number for number in range(400) if is_enabled(V2, SimpleNamespace(pk=number))}

    plan = started(SUCCESS, percentages=(20, 60))
    first = people()
    reads(Measurement(0.1, 400))
    tick()
    assert people() == set()
    services.resume_ramp(plan, **COMMON)
    assert people() == first
    reads(Measurement(0.99, 400))
    tick()
    assert people() > first


def test_a_killed_flag_is_switched_on_before_its_ramp_goes_on(operator: User) -> None:
    plan = started()
    services.kill_flag(V2, source=Source.ADMIN, reason="incident", actor=operator)
    plan.refresh_from_db()
    with pytest.raises(InvalidFlag, match="switched off"):
        services.resume_ramp(plan, **COMMON)
    services.change_flag(V2, enabled=True, **COMMON)
    services.resume_ramp(plan, **COMMON)
    assert standing(plan) == ("running", 1, 1)


def test_one_ramp_at_a_time() -> None:
    started()
    with pytest.raises(InvalidFlag, match="Another ramp"):
        started()


@pytest.mark.parametrize("percentages", [(), (0, 10), (10, 10), (50, 10)])
def test_steps_rise(percentages: tuple[float, ...]) -> None:
    with pytest.raises(InvalidFlag):
        services.create_ramp(V2, steps=[Step(percentage) for percentage in percentages], **COMMON)


def test_a_draft_without_steps_says_so() -> None:
    plan = services.create_ramp(V2, **COMMON)
    plan.steps.all().delete()
    with pytest.raises(InvalidFlag, match="at least one step"):
        step_to_enter(plan)


def test_the_default_plan_watches_what_the_guide_asks_for() -> None:
    plan = services.create_ramp(V2, **COMMON)
    assert [step.basis_points for step in plan.steps.all()] == [100, 500, 1000, 2500, 5000, 10_000]
    watched = {(rail.metric, rail.check_kind, rail.threshold) for rail in plan.guardrails.all()}
    assert watched >= {
        ("success_rate", "below", 0.95),
        ("p95_processing_time", "above", 30_000),
        ("rag_failure_rate", "above", 0.10),
    }


def test_dates_in_a_status_are_utc() -> None:
    plan = started()
    ramp.evaluate_all(datetime.fromisoformat("2020-01-01T00:00:00+00:00"))
    plan.refresh_from_db()
    assert plan.status.endswith("UTC.")
