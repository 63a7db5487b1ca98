"""Metrics that others register, and whether one of them says that a ramp has to stop.

    from featureflags.guardrails import Measurement, register_metric, register_notifier

    register_metric("success_rate", lambda window: Measurement(value=0.97, samples=412))

Missing data is never a verdict: a guardrail without enough of it holds the ramp where it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import structlog

from featureflags.models import Guardrail
from featureflags.sequential import Arm, sample_ratio_p_value, worse_than_control_p_value

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Window:
    """What a metric is asked for: a flag, the exposure in percent, and the time since the step began (UTC)."""

    flag: str
    percentage: float
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Measurement:
    """A value in the metric's own unit and the number of observations behind it."""

    value: float
    samples: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Successes and size of the arm with the flag and of the arm without it."""

    treatment: Arm
    control: Arm


Reading = Measurement | Comparison | None
Metric = Callable[[Window], Reading]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something staff should know: the flag, one sentence, and the numbers behind it."""

    flag: str
    sentence: str
    evidence: dict[str, Any]


Notifier = Callable[[Notice], None]


class Verdict(StrEnum):
    HEALTHY = "healthy"
    BREACHED = "breached"
    NOT_ENOUGH_DATA = "not_enough_data"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one guardrail found, with its numbers for the audit."""

    guardrail: Guardrail
    verdict: Verdict
    samples: int
    numbers: dict[str, Any]

    def as_evidence(self) -> dict[str, Any]:
        """Return the finding as JSON."""
        return {
            "metric": self.guardrail.metric,
            "check": str(self.guardrail.check_kind),
            "threshold": self.guardrail.threshold,
            "verdict": str(self.verdict),
            "samples": self.samples,
            **self.numbers,
        }


_metrics: dict[str, Metric] = {}
_notifiers: list[Notifier] = []


def register_metric(name: str, metric: Metric) -> None:
    """Make a metric known under a name; the last registration of a name counts.

    `metric` gets a `Window` and returns a `Measurement` (for thresholds), a `Comparison` (for the sequential test and
    the sample ratio), or None when there is no data.
    """
    _metrics[name] = metric


def register_notifier(notifier: Notifier) -> None:
    """Have `notifier` called, after the commit, whenever a ramp is stopped or taken back by itself."""
    if notifier not in _notifiers:
        _notifiers.append(notifier)


def metric_names() -> list[str]:
    """Return the names of the registered metrics."""
    return sorted(_metrics)


def notify(notice: Notice) -> None:
    """Tell every notifier; one that fails does not keep the others from hearing it."""
    log.warning("Flag guardrail acted", flag=notice.flag, sentence=notice.sentence, evidence=notice.evidence)
    for notifier in _notifiers:
        try:
            notifier(notice)
        except Exception:  # foreign code: whatever it raises, the rollback has happened and the others must hear of it
            log.exception("Flag notifier failed", flag=notice.flag)


def check(guardrail: Guardrail, window: Window) -> Finding:
    """Return what a guardrail says about a window. A metric that is unknown, fails or has no data is no verdict."""
    match _read(guardrail.metric, window):
        case Measurement(value, samples) if guardrail.check_kind in (Guardrail.Check.BELOW, Guardrail.Check.ABOVE):
            return _against_threshold(guardrail, value, samples)
        case Comparison(treatment, control) if guardrail.check_kind == Guardrail.Check.WORSE_THAN_CONTROL:
            return _against_control(guardrail, treatment, control)
        case Comparison(treatment, control) if guardrail.check_kind == Guardrail.Check.SAMPLE_RATIO:
            return _against_plan(guardrail, treatment, control, window.percentage)
        case _:
            return Finding(guardrail, Verdict.NOT_ENOUGH_DATA, 0, {})


def _read(name: str, window: Window) -> Reading:
    metric = _metrics.get(name)
    if metric is None:
        return None
    try:
        return metric(window)
    except Exception:  # foreign code: a metric that cannot be read is missing data, and missing data only holds
        log.exception("Guardrail metric failed", metric=name, flag=window.flag)
        return None


def _against_threshold(guardrail: Guardrail, value: float, samples: int) -> Finding:
    numbers = {"value": value}
    if value != value or samples < max(guardrail.minimum_samples, 1):
        return Finding(guardrail, Verdict.NOT_ENOUGH_DATA, samples, numbers if value == value else {})
    below = guardrail.check_kind == Guardrail.Check.BELOW
    breached = value < guardrail.threshold if below else value > guardrail.threshold
    return Finding(guardrail, Verdict.BREACHED if breached else Verdict.HEALTHY, samples, numbers)


def _against_control(guardrail: Guardrail, treatment: Arm, control: Arm) -> Finding:
    samples = treatment.size + control.size
    numbers: dict[str, Any] = {"treatment": treatment.as_dict(), "control": control.as_dict()}
    if min(treatment.size, control.size) < max(guardrail.minimum_samples, 1):
        return Finding(guardrail, Verdict.NOT_ENOUGH_DATA, samples, numbers)
    p_value = worse_than_control_p_value(treatment, control)
    verdict = Verdict.BREACHED if p_value < guardrail.threshold else Verdict.HEALTHY
    return Finding(guardrail, verdict, samples, {**numbers, "pValue": p_value})


def _against_plan(guardrail: Guardrail, treatment: Arm, control: Arm, percentage: float) -> Finding:
    samples = treatment.size + control.size
    numbers: dict[str, Any] = {"treatment": treatment.size, "control": control.size, "percentage": percentage}
    if samples < max(guardrail.minimum_samples, 1):
        return Finding(guardrail, Verdict.NOT_ENOUGH_DATA, samples, numbers)
    p_value = sample_ratio_p_value((treatment.size, control.size), (percentage, 100 - percentage))
    verdict = Verdict.BREACHED if p_value < guardrail.threshold else Verdict.HEALTHY
    return Finding(guardrail, verdict, samples, {**numbers, "pValue": p_value})
