"""Flags as code: all flags as one JSON document, and making the database agree with such a document."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, User
from django.core.validators import slug_re
from django.db import transaction

from featureflags.errors import InvalidFlag
from featureflags.evaluation import basis_points_of
from featureflags.models import Flag, FlagOverride, Kind, Source
from featureflags.services.changes import check_values, create_flag, recorded_change
from featureflags.state import iso

TEXTS = ("name", "description", "owner")
FIELDS = frozenset({"key", *TEXTS, "kind", "enabled", "percentage", "salt", "expiresOn", "overrides"})


def export_flags() -> dict[str, list[dict[str, Any]]]:
    """Return all flags with their overrides, people and groups by name; `sync_flags` takes the same document."""
    return {"flags": [_exported(flag) for flag in Flag.objects.all()]}


def sync_flags(document: Mapping[str, Any], *, reason: str, source: Source, actor: User | None = None) -> list[str]:
    """Make the flags agree with the document, all or none; return the keys of those that changed.

    A field that is left out stays, a flag that is left out stays, `overrides` is the whole list when given. Doing it
    again changes nothing. Raises `InvalidFlag` with the flag and field that is wrong.
    """
    rows = document.get("flags") if isinstance(document, Mapping) else None
    if not isinstance(rows, list):
        raise InvalidFlag('The document needs a list named "flags".')
    with transaction.atomic():
        return [key for row in rows if (key := _sync_one(row, reason, source, actor)) is not None]


def _exported(flag: Flag) -> dict[str, Any]:
    return {
        "key": flag.key,
        "name": flag.name,
        "description": flag.description,
        "kind": str(flag.kind),
        "enabled": flag.enabled,
        "percentage": flag.percentage,
        "salt": flag.salt,
        "owner": flag.owner,
        "expiresOn": flag.expires_on and flag.expires_on.isoformat(),
        "overrides": [
            {
                "user" if override.user else "group": override.user.get_username()
                if override.user
                else str(override.group),
                "enabled": override.enabled,
                "reason": override.reason,
                "expiresAt": iso(override.expires_at),
            }
            for override in flag.overrides.select_related("user", "group")
        ],
    }


def _sync_one(row: Any, reason: str, source: Source, actor: User | None) -> str | None:
    key = row.get("key") if isinstance(row, Mapping) else None
    if not isinstance(key, str) or not key:
        raise InvalidFlag("Every flag of the document needs a key.")
    if slug_re.fullmatch(key) is None:
        raise InvalidFlag(f"{key!r}: a key has only letters, digits, hyphens and underscores.")
    if unknown := sorted(set(row) - FIELDS):
        raise InvalidFlag(f"{key}: unknown field {unknown[0]}.")
    existing = Flag.objects.filter(key=key).first()
    if existing is None:
        if row.get("salt", "") is None:
            raise InvalidFlag(f"{key}: the salt is not a text.")
        create_flag(key, source=source, reason=reason, actor=actor, salt=row.get("salt"))
    elif row.get("salt", existing.salt) != existing.salt:
        raise InvalidFlag(f"{key}: the salt of a flag is never changed; it would reshuffle everybody.")
    with recorded_change(key, source=source, reason=reason, actor=actor) as flag:
        before = flag.revision
        _fill(flag, row)
        check_values(flag)
    return key if existing is None or flag.revision != before else None


def _fill(flag: Flag, row: Mapping[str, Any]) -> None:
    try:
        for name in TEXTS:
            setattr(flag, name, str(row.get(name, getattr(flag, name))))
        flag.kind = Kind(row.get("kind", flag.kind))
        flag.enabled = _boolean(row.get("enabled", flag.enabled))
        flag.basis_points = basis_points_of(row["percentage"]) if "percentage" in row else flag.basis_points
        if "expiresOn" in row:
            flag.expires_on = row["expiresOn"] and date.fromisoformat(row["expiresOn"])
        if "overrides" in row:
            _sync_overrides(flag, row["overrides"])
    except (ValueError, TypeError, KeyError) as error:
        raise InvalidFlag(f"{flag.key}: {error}.") from error


def _boolean(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("enabled is neither true nor false")
    return value


def _sync_overrides(flag: Flag, rows: list[Mapping[str, Any]]) -> None:
    kept = []
    for row in rows:
        override, _ = FlagOverride.objects.update_or_create(
            flag=flag,
            **_target(flag, row),
            defaults={
                "enabled": _boolean(row["enabled"]),
                "reason": str(row["reason"]),
                "expires_at": row.get("expiresAt") and datetime.fromisoformat(row["expiresAt"]),
            },
        )
        kept.append(override.pk)
    FlagOverride.objects.filter(flag=flag).exclude(pk__in=kept).delete()


def _target(flag: Flag, row: Mapping[str, Any]) -> dict[str, Any]:
    users, groups = get_user_model().objects, Group.objects
    match row:
        case {"user": str(name)} if user := users.filter(username=name).first():
            return {"user": user, "group": None}
        case {"group": str(name)} if group := groups.filter(name=name).first():
            return {"user": None, "group": group}
        case _:
            raise InvalidFlag(f"{flag.key}: an override is for a user or a group that does not exist.")
