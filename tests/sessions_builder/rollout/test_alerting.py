"""Alerts of ramps that stopped by themselves."""

from typing import Any

import pytest
from django.utils import timezone

from analytics.alerts.catalogue import kind_of
from analytics.models import Alert, Severity
from featureflags import guardrails, ramp, services
from featureflags.guardrails import Measurement, register_metric
from featureflags.models import Guardrail, RampPlan, Source
from featureflags.services import Rule, Step
from sessions_builder.rollout.alerting import close_resumed

V2 = "variant_generation_v2"
pytestmark = pytest.mark.django_db
COMMON: dict[str, Any] = {"source": Source.ADMIN, "reason": "spring release"}
KINDS = {
    Guardrail.Action.PAUSE: ("ramp_paused", Severity.WARNING),
    Guardrail.Action.STEP_BACK: ("ramp_rolled_back", Severity.CRITICAL),
    Guardrail.Action.ROLL_BACK: ("ramp_rolled_back", Severity.CRITICAL),
}


@pytest.fixture(autouse=True)
def _metrics(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guardrails, "_metrics", {})


def breached(action: Guardrail.Action) -> RampPlan:
    """A ramp at 10 % whose success rate falls while the tick looks at it."""
    rules = [Rule("success_rate", Guardrail.Check.BELOW, 0.95, action=action)]
    plan = services.create_ramp(V2, steps=[Step(5), Step(10)], rules=rules, **COMMON)
    services.start_ramp(plan, **COMMON)
    register_metric("success_rate", lambda window: Measurement(0.42, 400))
    ramp.evaluate_all(timezone.now())
    return plan


@pytest.mark.parametrize("action", KINDS)
def test_it_works(action: Guardrail.Action, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        plan = breached(action)
    kind, severity = KINDS[action]
    alert = Alert.objects.get(closed_at=None)
    assert (alert.kind, alert.severity) == (f"{kind}:{V2}", severity)
    assert "0.42" in alert.summary
    assert alert.details["findings"][0]["samples"] == 400
    assert "resume the ramp" in kind_of(alert.kind).next_step
    assert close_resumed() == 0
    services.resume_ramp(plan, **COMMON)
    assert close_resumed() == 1
    assert not Alert.objects.filter(closed_at=None).exists()


def test_an_advance_alerts_nobody(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        plan = services.create_ramp(V2, steps=[Step(5, hold_minutes=0), Step(10)], rules=[], **COMMON)
        services.start_ramp(plan, **COMMON)
        assert [str(outcome.move) for outcome in ramp.evaluate_all(timezone.now())] == ["advance"]
    assert not Alert.objects.exists()
