"""Changes that are made later by themselves."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import structlog
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from featureflags.errors import FlagError, InvalidFlag, ReasonRequired
from featureflags.evaluation import basis_points_of
from featureflags.models import Flag, ScheduledChange, Source
from featureflags.services.changes import recorded_change

log = structlog.get_logger(__name__)


def schedule_change(
    key: str,
    *,
    apply_at: datetime,
    reason: str,
    source: Source,
    actor: User | None = None,
    enabled: bool | None = None,
    percentage: Decimal | float | str | None = None,
) -> ScheduledChange:
    """Plan to switch a flag or set its percentage at `apply_at`; return the plan.

    Raises `ReasonRequired`, and `InvalidFlag` for a time that has passed or a change that would change nothing.
    """
    if not reason.strip():
        raise ReasonRequired
    if apply_at <= timezone.now():
        raise InvalidFlag("A change is scheduled for a time that is still to come.")
    if enabled is None and percentage is None:
        raise InvalidFlag("Say what the scheduled change does: switch the flag, set its percentage, or both.")
    points = None if percentage is None else _points(percentage)
    with recorded_change(key, source=source, reason=reason, actor=actor) as flag:
        return ScheduledChange.objects.create(
            flag=flag,
            apply_at=apply_at,
            enabled=enabled,
            basis_points=points,
            reason=reason.strip()[:500],
            created_by=actor,
        )


def cancel_scheduled(change: ScheduledChange, *, reason: str, source: Source, actor: User | None = None) -> None:
    """Take a pending change off the schedule. Raises `InvalidFlag` if it is no longer pending."""
    with recorded_change(change.flag.key, source=source, reason=reason, actor=actor):
        pending = ScheduledChange.objects.select_for_update().filter(pk=change.pk, state=ScheduledChange.State.PENDING)
        current = pending.first()
        if current is None:
            raise InvalidFlag("This change is no longer pending.")
        current.state, current.outcome = ScheduledChange.State.CANCELLED, reason[:500]
        current.save(update_fields=("state", "outcome"))


def apply_scheduled(now: datetime) -> int:
    """Make the changes that are due at `now`, oldest first, each in a transaction of its own; return how many.

    Any number of processes may call this: a change is made once. A change that is refused is marked as failed with the
    sentence of the refusal, and the others go on.
    """
    due = ScheduledChange.objects.filter(state=ScheduledChange.State.PENDING, apply_at__lte=now)
    return sum(_apply(pk, key) for pk, key in list(due.values_list("pk", "flag__key")))


def _apply(pk: int, key: str) -> bool:
    with transaction.atomic():
        # The flag first, as every other writer locks, so that two of them never wait for each other.
        Flag.objects.select_for_update().get(key=key)
        pending = ScheduledChange.objects.select_for_update(of=("self",)).filter(
            pk=pk, state=ScheduledChange.State.PENDING
        )
        change = pending.select_related("created_by").first()
        if change is None:
            return False
        try:
            _change(key, change)
        except FlagError as error:
            change.state, change.outcome = ScheduledChange.State.FAILED, str(error)[:500]
            change.save(update_fields=("state", "outcome"))
            log.warning("Scheduled flag change failed", flag=key, scheduled_change=pk, error=str(error))
            return False
    log.info("Scheduled flag change applied", flag=key, scheduled_change=pk)
    return True


def _change(key: str, change: ScheduledChange) -> None:
    with recorded_change(key, source=Source.SCHEDULE, reason=change.reason, actor=change.created_by) as flag:
        flag.enabled = flag.enabled if change.enabled is None else change.enabled
        flag.basis_points = flag.basis_points if change.basis_points is None else change.basis_points
        change.state = ScheduledChange.State.APPLIED
        change.save(update_fields=("state",))


def _points(percentage: Decimal | float | str) -> int:
    try:
        return basis_points_of(percentage)
    except ValueError as error:
        raise InvalidFlag(f"{error}.") from None
