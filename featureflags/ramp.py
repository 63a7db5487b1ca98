"""A ramp under way: holding, advancing, or stopping because a guardrail says so. Run by the tick.

The automatic actor only ever advances its own plan or lowers exposure. Missing data holds: it neither advances a ramp
nor takes it back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any

import structlog
from django.db import transaction

from featureflags.environment import holding_setting
from featureflags.evaluation import FULL
from featureflags.guardrails import Finding, Notice, Verdict, Window, check, notify
from featureflags.models import Flag, Guardrail, RampPlan, RampStep, Source
from featureflags.services.changes import recorded_change
from featureflags.services.ramps import enter_step

log = structlog.get_logger(__name__)


class Move(StrEnum):
    HOLD = "hold"
    ADVANCE = "advance"
    FINISH = "finish"
    PAUSE = "pause"
    STEP_BACK = "step_back"
    ROLL_BACK = "roll_back"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What to do with a ramp now, in one word and one sentence."""

    move: Move
    sentence: str
    source: Source = Source.RAMP


# From the mildest to the strongest: of several breached guardrails the strongest acts.
_ACTIONS = {
    Guardrail.Action.PAUSE: Move.PAUSE,
    Guardrail.Action.STEP_BACK: Move.STEP_BACK,
    Guardrail.Action.ROLL_BACK: Move.ROLL_BACK,
}
_NEEDS_CONTROL = (Guardrail.Check.WORSE_THAN_CONTROL, Guardrail.Check.SAMPLE_RATIO)


def evaluate_all(now: datetime) -> list[Outcome]:
    """Look at every running ramp once, at the time `now` (UTC), and do what is due; return what was done or why not.

    Safe to call from several processes: a ramp that was moved in the meantime is left alone.
    """
    plans = RampPlan.objects.filter(state=RampPlan.State.RUNNING).select_related("flag")
    return [_evaluate(plan, now) for plan in plans]


def next_move(
    flag: Flag, plan: RampPlan, steps: Sequence[RampStep], findings: Sequence[Finding], now: datetime
) -> Outcome:
    """Return what a running ramp should do now; pure, so that every rule is a line in a table of tests."""
    step = next((step for step in steps if step.position == plan.position), None)
    if step is None:
        return Outcome(Move.PAUSE, "The step this ramp was on is gone.")
    if flag.basis_points != step.basis_points:
        return Outcome(Move.PAUSE, f"The percentage was set to {flag.percentage:g} % by hand.")
    if not flag.enabled:
        return Outcome(Move.HOLD, "The flag is switched off.")
    if held_by := holding_setting(flag.key):
        return Outcome(Move.HOLD, f"The environment holds the flag: {held_by}.")
    if breached := [finding for finding in findings if finding.verdict is Verdict.BREACHED]:
        return _breach(breached)
    if missing := _missing(step, findings):
        return Outcome(Move.HOLD, missing)
    ends = (plan.step_started_at or now) + timedelta(minutes=step.hold_minutes)
    if now < ends:
        return Outcome(Move.HOLD, f"Healthy; held until {ends:%Y-%m-%d %H:%M} UTC.")
    if step.position == steps[-1].position:
        return Outcome(Move.FINISH, f"Finished at {step.basis_points / 100:g} %.")
    return Outcome(Move.ADVANCE, f"Step {step.position} was held long enough and is healthy.")


def _breach(breached: Sequence[Finding]) -> Outcome:
    moves = [_ACTIONS[Guardrail.Action(finding.guardrail.action)] for finding in breached]
    move = max(moves, key=list(_ACTIONS.values()).index)
    what = "; ".join(_in_words(finding) for finding in breached)
    return Outcome(move, f"Guardrail breached: {what}.", Source.GUARDRAIL)


def _in_words(finding: Finding) -> str:
    numbers = finding.numbers
    shown = f"p = {numbers['pValue']:.2g}" if "pValue" in numbers else f"{numbers['value']:g}"
    return f"{finding.guardrail} ({shown}, limit {finding.guardrail.threshold:g}, n = {finding.samples})"


def _missing(step: RampStep, findings: Sequence[Finding]) -> str:
    """Return what is still missing before the ramp may go on, or an empty string."""
    unknown = [finding.guardrail.metric for finding in findings if finding.verdict is Verdict.NOT_ENOUGH_DATA]
    if unknown:
        return f"Not enough data yet: {', '.join(unknown)}."
    samples = max((finding.samples for finding in findings), default=0)
    if samples < step.minimum_samples:
        return f"Not enough data yet: {samples} of {step.minimum_samples} samples."
    return ""


def _evaluate(plan: RampPlan, now: datetime) -> Outcome:
    steps = list(plan.steps.all())
    # Metrics are read before anything is locked: they may take a while.
    findings = _findings(plan, now)
    outcome = next_move(plan.flag, plan, steps, findings, now)
    evidence = {
        "move": str(outcome.move),
        "step": plan.position,
        "findings": [finding.as_evidence() for finding in findings],
    }
    with recorded_change(plan.flag.key, source=outcome.source, reason=outcome.sentence, evidence=evidence) as flag:
        current = RampPlan.objects.select_for_update().get(pk=plan.pk)
        seen = (plan.state, plan.position, plan.step_started_at, plan.flag.basis_points, plan.flag.enabled)
        if seen != (current.state, current.position, current.step_started_at, flag.basis_points, flag.enabled):
            return Outcome(Move.HOLD, "Somebody else moved this ramp in the meantime.")
        _apply(outcome.move, flag, current, steps)
        current.status, current.checked_at = outcome.sentence[:500], now
        current.save()
        _tell(outcome, flag, evidence)
    return outcome


def _findings(plan: RampPlan, now: datetime) -> list[Finding]:
    """Return what the guardrails say since the step began; at 100 % nobody is left to compare with."""
    everyone = plan.flag.basis_points >= FULL
    window = Window(plan.flag.key, plan.flag.percentage, since=plan.step_started_at or now, until=now)
    return [
        check(guardrail, window)
        for guardrail in plan.guardrails.all()
        if not (everyone and guardrail.check_kind in _NEEDS_CONTROL)
    ]


def _apply(move: Move, flag: Flag, plan: RampPlan, steps: Sequence[RampStep]) -> None:
    match move:
        case Move.ADVANCE:
            enter_step(flag, plan, next(step for step in steps if step.position > plan.position))
        case Move.FINISH:
            plan.state = RampPlan.State.FINISHED
        case Move.PAUSE:
            plan.state = RampPlan.State.PAUSED
        case Move.STEP_BACK | Move.ROLL_BACK:
            before = [step for step in steps if step.position < plan.position] if move is Move.STEP_BACK else []
            plan.state = RampPlan.State.ROLLED_BACK
            plan.position = before[-1].position if before else 0
            flag.basis_points = before[-1].basis_points if before else 0


def _tell(outcome: Outcome, flag: Flag, evidence: dict[str, Any]) -> None:
    if outcome.move in (Move.ADVANCE, Move.FINISH):
        log.info("Flag ramp moved", flag=flag.key, move=str(outcome.move), percentage=flag.percentage)
    elif outcome.move is not Move.HOLD:
        notice = Notice(flag.key, f"Ramp of {flag.key}: {outcome.sentence}", evidence)
        transaction.on_commit(partial(notify, notice))
