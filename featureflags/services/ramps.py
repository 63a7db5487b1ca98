"""Planning, starting, pausing and resuming a ramp."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from django.contrib.auth.models import User
from django.utils import timezone

from featureflags.errors import InvalidFlag, ReasonRequired
from featureflags.evaluation import FULL, basis_points_of
from featureflags.models import Flag, Guardrail, RampPlan, RampStep, Source
from featureflags.services.changes import recorded_change

NO_STEPS = "A ramp needs at least one step."


@dataclass(frozen=True, slots=True)
class Step:
    """An exposure in percent, how many minutes it is held at least, and how many samples it needs."""

    percentage: Decimal | float | str
    hold_minutes: int = 24 * 60
    minimum_samples: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """A guardrail to be made; see `featureflags.models.Guardrail`."""

    metric: str
    check: Guardrail.Check
    threshold: float
    minimum_samples: int = 40
    action: Guardrail.Action = Guardrail.Action.PAUSE


DEFAULT_STEPS = tuple(Step(percentage) for percentage in (1, 5, 10, 25, 50, 100))

DEFAULT_RULES = (
    Rule("success_rate", Guardrail.Check.BELOW, 0.95, action=Guardrail.Action.ROLL_BACK),
    Rule("p95_processing_time", Guardrail.Check.ABOVE, 30_000),
    Rule("rag_failure_rate", Guardrail.Check.ABOVE, 0.10),
    Rule("fallback_rate", Guardrail.Check.ABOVE, 0.10, action=Guardrail.Action.STEP_BACK),
    Rule("publish_rate", Guardrail.Check.WORSE_THAN_CONTROL, 0.05, action=Guardrail.Action.STEP_BACK),
    Rule("sample_ratio", Guardrail.Check.SAMPLE_RATIO, 0.001, minimum_samples=100),
)


def proposed_steps(flag: Flag) -> Sequence[Step]:
    """Return the default steps that go further than a flag is; all of them for one that is off or at 100 %."""
    reached = flag.basis_points if flag.enabled else 0
    return [step for step in DEFAULT_STEPS if basis_points_of(step.percentage) > reached] or DEFAULT_STEPS


def create_ramp(
    key: str,
    *,
    source: Source,
    reason: str,
    actor: User | None = None,
    steps: Sequence[Step] = DEFAULT_STEPS,
    rules: Sequence[Rule] = DEFAULT_RULES,
) -> RampPlan:
    """Plan a ramp as a draft and return it. Raises `InvalidFlag` unless the percentages rise from above 0 to 100."""
    points = [basis_points_of(step.percentage) for step in steps]
    check_steps(points)
    with recorded_change(key, source=source, reason=reason, actor=actor) as flag:
        plan = RampPlan.objects.create(flag=flag, reason=reason.strip()[:500])
        for position, (step, exposure) in enumerate(zip(steps, points, strict=True), start=1):
            plan.steps.create(
                position=position,
                basis_points=exposure,
                hold_minutes=step.hold_minutes,
                minimum_samples=step.minimum_samples,
            )
        for rule in rules:
            plan.guardrails.create(
                metric=rule.metric,
                check_kind=rule.check,
                threshold=rule.threshold,
                minimum_samples=rule.minimum_samples,
                action=rule.action,
            )
    return plan


def check_steps(basis_points: Sequence[int]) -> None:
    """Raise `InvalidFlag` unless there are steps and each goes further than the one before, within 0.01-100 %."""
    if not basis_points:
        raise InvalidFlag(NO_STEPS)
    rising = all(low < high for low, high in pairwise(basis_points))
    if not rising or basis_points[0] < 1 or basis_points[-1] > FULL:
        raise InvalidFlag("The steps of a ramp have to rise, from above 0 to at most 100 %.")


def start_ramp(
    plan: RampPlan, *, source: Source, reason: str, actor: User | None = None, expected_revision: int | None = None
) -> None:
    """Switch the flag on at the first step of a draft. Raises `InvalidFlag` for another state or a second ramp."""
    with _plan_locked(plan, source, reason, actor, expected_revision, among=(RampPlan.State.DRAFT,)) as (flag, locked):
        others = RampPlan.objects.filter(flag=flag, state__in=(RampPlan.State.RUNNING, RampPlan.State.PAUSED))
        if others.exists():
            raise InvalidFlag("Another ramp of this flag is running or paused.")
        check_steps([step.basis_points for step in locked.steps.all()])
        enter_step(flag, locked, step_to_enter(locked))
        locked.state = RampPlan.State.RUNNING
        flag.enabled = True


def pause_ramp(plan: RampPlan, *, source: Source, reason: str, actor: User | None = None) -> None:
    """Stop a running ramp from advancing; the exposure stays. Raises `InvalidFlag` for another state."""
    with _plan_locked(plan, source, reason, actor, among=(RampPlan.State.RUNNING,)) as (_, locked):
        locked.state = RampPlan.State.PAUSED
        locked.status = f"Paused: {reason}"[:500]


def resume_ramp(
    plan: RampPlan, *, source: Source, reason: str, actor: User | None = None, expected_revision: int | None = None
) -> None:
    """Let a paused or rolled back ramp go on: the step it is on starts anew, with its exposure.

    The salt is the same, so the people who were on come back first. Raises `InvalidFlag` for another state, and for a
    flag that is switched off: switching it on is a decision of its own.
    """
    resumable = (RampPlan.State.PAUSED, RampPlan.State.ROLLED_BACK)
    with _plan_locked(plan, source, reason, actor, expected_revision, among=resumable) as (flag, locked):
        enter_step(flag, locked, step_to_resume(flag, locked))
        locked.state = RampPlan.State.RUNNING


def step_to_resume(flag: Flag, plan: RampPlan) -> RampStep:
    """Return the step that starts anew when a ramp goes on. Raises `InvalidFlag` when it cannot."""
    if not flag.enabled:
        raise InvalidFlag("The flag is switched off. Switch it on first, then resume the ramp.")
    return step_to_enter(plan)


def step_to_enter(plan: RampPlan) -> RampStep:
    """Return the step a ramp is on, or its first. Raises `InvalidFlag` when there is none."""
    steps = plan.steps.filter(position=plan.position) if plan.position else plan.steps.all()
    step = steps.first()
    if step is None:
        raise InvalidFlag("The step this ramp was on is gone." if plan.position else NO_STEPS)
    return step


def enter_step(flag: Flag, plan: RampPlan, step: RampStep) -> None:
    """Put a flag on a step of its plan, from now on; the caller saves."""
    plan.position = step.position
    plan.step_started_at = timezone.now()
    plan.status = ""
    flag.basis_points = step.basis_points


@contextmanager
def _plan_locked(
    plan: RampPlan,
    source: Source,
    reason: str,
    actor: User | None,
    expected_revision: int | None = None,
    *,
    among: tuple[RampPlan.State, ...],
) -> Iterator[tuple[Flag, RampPlan]]:
    if not reason.strip():
        raise ReasonRequired
    with recorded_change(
        plan.flag.key, source=source, reason=reason, actor=actor, expected_revision=expected_revision
    ) as flag:
        locked = RampPlan.objects.select_for_update().get(pk=plan.pk)
        if locked.state not in among:
            raise InvalidFlag(f"This ramp is {locked.get_state_display().lower()}.")
        yield flag, locked
        locked.save()
    plan.refresh_from_db()
