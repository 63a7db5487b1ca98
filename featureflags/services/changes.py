"""The one door for changes: lock, compare revisions, write, audit, bump the global version."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from featureflags.errors import FlagConflict, FlagNotFound, InvalidFlag, KeyTaken, ReasonRequired
from featureflags.evaluation import basis_points_of
from featureflags.models import Flag, FlagChange, Kind, RampPlan, Source
from featureflags.snapshot import store
from featureflags.state import audited_state

_BUMP = """
INSERT INTO featureflags_flagversion (id, version, token, changed_at)
VALUES (1, 1, gen_random_uuid(), clock_timestamp())
ON CONFLICT (id) DO UPDATE SET
    version = featureflags_flagversion.version + 1, token = gen_random_uuid(), changed_at = clock_timestamp()
RETURNING version
"""

_NEEDS_REASON = ("enabled", "percentage")
_TEXTS = ("key", "name", "description", "salt", "owner")
_UNSTORABLE = re.compile("[\\x00\\ud800-\\udfff]")


@contextmanager
def recorded_change(
    key: str,
    *,
    source: Source,
    reason: str,
    actor: User | None = None,
    expected_revision: int | None = None,
    evidence: Mapping[str, Any] | None = None,
) -> Iterator[Flag]:
    """Lock a flag, let the caller change it or what belongs to it, then save and audit the difference.

    No difference, no revision. Raises `FlagNotFound`, `FlagConflict` when the flag is no longer at
    `expected_revision`, and `ReasonRequired` when it was switched or its percentage changed without a reason.
    """
    with transaction.atomic():
        flag = _locked(key)
        if expected_revision is not None and flag.revision != expected_revision:
            raise FlagConflict(expected=expected_revision, current=flag.revision)
        before = audited_state(flag)
        yield flag
        after = audited_state(flag)
        if after == before:
            return
        if not reason.strip() and any(before[name] != after[name] for name in _NEEDS_REASON):
            raise ReasonRequired
        flag.revision += 1
        flag.save()
        _audit(flag, actor, source, reason, before=before, after=after, evidence=dict(evidence or {}))


def change_flag(
    key: str,
    *,
    source: Source,
    reason: str,
    actor: User | None = None,
    enabled: bool | None = None,
    percentage: Decimal | float | str | None = None,
    details: Mapping[str, Any] | None = None,
    expected_revision: int | None = None,
    evidence: Mapping[str, Any] | None = None,
) -> Flag:
    """Switch a flag, set its exposure (`percentage`, 0-100 with two decimals) or its `details`; return the flag.

    `details` may hold name, description, kind, owner and expires_on. What is None or missing stays. Raises what
    `recorded_change` raises, and `InvalidFlag` for a percentage that is none.
    """
    points = None if percentage is None else _points(percentage)
    with recorded_change(
        key, source=source, reason=reason, actor=actor, expected_revision=expected_revision, evidence=evidence
    ) as flag:
        if enabled is not None:
            flag.enabled = enabled
        if points is not None:
            flag.basis_points = points
        _set_details(flag, details or {})
    return flag


def kill_flag(key: str, *, source: Source, reason: str, actor: User | None = None) -> Flag:
    """Switch a flag off for everyone at once and pause its ramp. The percentage stays, for switching on again."""
    with recorded_change(key, source=source, reason=reason, actor=actor) as flag:
        flag.enabled = False
        for plan in flag.ramps.filter(state=RampPlan.State.RUNNING):
            plan.state = RampPlan.State.PAUSED
            plan.status = "Paused because the flag was switched off."
            plan.save(update_fields=("state", "status"))
    return flag


def create_flag(
    key: str,
    *,
    source: Source,
    reason: str,
    actor: User | None = None,
    enabled: bool = False,
    percentage: Decimal | float | str = 0,
    details: Mapping[str, Any] | None = None,
    salt: str | None = None,
) -> Flag:
    """Add a flag as revision 1 and return it.

    Raises `KeyTaken`, `InvalidFlag` for a value that is wrong, and `ReasonRequired` when it starts switched on or with
    a percentage without a reason.
    """
    flag = Flag(key=key, name=key, enabled=enabled, basis_points=_points(percentage), revision=1)
    if salt is not None:
        flag.salt = salt
    _set_details(flag, details or {})
    check_values(flag)
    if (flag.enabled or flag.basis_points) and not reason.strip():
        raise ReasonRequired
    with transaction.atomic():
        _insert(flag)
        _audit(flag, actor, source, reason, before={}, after=audited_state(flag), evidence={})
    return flag


def check_values(flag: Flag) -> None:
    """Raise `InvalidFlag` for what the database would refuse: no slug, no text, or too long."""
    for name in _TEXTS:
        text = getattr(flag, name)
        if not isinstance(text, str) or _UNSTORABLE.search(text):
            raise InvalidFlag(f"{flag.key!r}: the {name} is not a text that can be stored.")
    if not flag.salt:
        raise InvalidFlag(f"{flag.key!r}: the salt is empty.")
    try:
        flag.clean_fields()
    except ValidationError as error:
        name, sentences = next(iter(error.message_dict.items()))
        raise InvalidFlag(f"{flag.key!r}: {name}: {sentences[0]}") from None


def _insert(flag: Flag) -> None:
    taken = KeyTaken(f"A flag {flag.key} exists already.")
    if Flag.objects.filter(key=flag.key).exists():
        raise taken
    try:
        with transaction.atomic():
            flag.save(force_insert=True)
    except IntegrityError:  # somebody else made it a moment ago
        raise taken from None


def _locked(key: str) -> Flag:
    try:
        return Flag.objects.select_for_update().get(key=key)
    except Flag.DoesNotExist:
        raise FlagNotFound(f"There is no flag {key}.") from None


def _points(percentage: Decimal | float | str) -> int:
    try:
        return basis_points_of(percentage)
    except ValueError as error:
        raise InvalidFlag(f"{error}.") from None


def _set_details(flag: Flag, details: Mapping[str, Any]) -> None:
    for name, value in details.items():
        match name:
            case "name" | "description" | "owner":
                setattr(flag, name, str(value))
            case "kind":
                flag.kind = _kind(value)
            case "expires_on" if value is None or isinstance(value, date):
                flag.expires_on = value
            case _:
                raise InvalidFlag(f"{name} of a flag cannot be set to {value!r}.")


def _kind(value: Any) -> Kind:
    try:
        return Kind(value)
    except ValueError:
        raise InvalidFlag(f"{value!r} is not a kind of flag ({', '.join(Kind.values)}).") from None


def _audit(
    flag: Flag,
    actor: User | None,
    source: Source,
    reason: str,
    *,
    before: dict[str, Any],
    after: dict[str, Any],
    evidence: dict[str, Any],
) -> None:
    FlagChange.objects.create(
        flag=flag,
        revision=flag.revision,
        version=_next_version(),
        actor_id=None if actor is None else actor.pk,
        actor_name="" if actor is None else actor.get_username(),
        source=source,
        before=before,
        after=after,
        reason=reason.strip()[:500],
        evidence=evidence,
    )
    # This thread reads its own write at once; after the commit every thread of this process checks again.
    store.expire()
    transaction.on_commit(lambda: store.expire(), robust=True)


def _next_version() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_BUMP)
        return int(cursor.fetchone()[0])
