"""Applying the environment at the start of a process."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

import structlog
from django.db import transaction

from featureflags.environment import Wish, wishes
from featureflags.models import AppliedEnvironment, Flag, Source
from featureflags.services.changes import recorded_change

log = structlog.get_logger(__name__)


def apply_environment() -> int:
    """Write the variables whose value differs from the one last applied; return to how many flags.

    One audited change per flag, however many of its variables moved. Any number of processes may call this at the same
    time: the flag's row lock lets one of them apply. An unset variable changes nothing and is not forgotten.
    """
    applied = 0
    for flag_key, group in groupby(_unapplied(wishes()), key=lambda wish: wish.flag):
        if Flag.objects.filter(key=flag_key).exists():
            _apply(flag_key, list(group))
            applied += 1
    return applied


def _apply(flag_key: str, wanted: list[Wish]) -> None:
    with transaction.atomic():
        # Looked at again under the lock: another process may have been faster.
        Flag.objects.select_for_update().get(key=flag_key)
        pending = _unapplied(wanted)
        reason = ", ".join(f"{wish.variable}={wish.value}" for wish in pending)
        with recorded_change(flag_key, source=Source.ENVIRONMENT, reason=f"Set by the environment: {reason}") as flag:
            for wish in pending:
                flag.enabled = flag.enabled if wish.enabled is None else wish.enabled
                flag.basis_points = flag.basis_points if wish.basis_points is None else wish.basis_points
        for wish in pending:
            AppliedEnvironment.objects.update_or_create(variable=wish.variable, defaults={"value": wish.value})
    if pending:
        log.info("Flag set by the environment", flag=flag_key, variables=[wish.variable for wish in pending])


def _unapplied(wanted: Iterable[Wish]) -> list[Wish]:
    stored = dict(AppliedEnvironment.objects.values_list("variable", "value"))
    return [wish for wish in wanted if stored.get(wish.variable) != wish.value]
