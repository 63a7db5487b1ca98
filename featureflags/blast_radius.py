"""Who a change of exposure would reach, computed exactly before it is saved."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from featureflags.environment import hold_on
from featureflags.evaluation import Hold
from featureflags.models import Flag

TYPED_CONFIRMATION_ABOVE = 1000
"""Changes that reach more users than this are confirmed by typing the number."""

SHOWN = 20

BusyUsers = Callable[[], Iterable[int]]

_busy_users: list[BusyUsers] = []

# The bucket is that of `featureflags.evaluation.shard`; an override of the person beats one of a group, off beats on.
# `touched` are the overrides that change as well; without `enabled` they go.
_MOVED = """
WITH standing AS (
    SELECT user_id, group_id, enabled, expires_at FROM featureflags_flagoverride WHERE flag_id = %(flag)s
), touched AS (
    SELECT * FROM jsonb_to_recordset(%(overrides)s::jsonb)
        AS o (user_id bigint, group_id bigint, enabled boolean, expires_at timestamptz)
), override AS (
    SELECT false AS after, standing.* FROM standing
    UNION ALL
    SELECT true, s.* FROM standing s
    WHERE NOT EXISTS (SELECT FROM touched t WHERE s.user_id = t.user_id OR s.group_id = t.group_id)
    UNION ALL
    SELECT true, touched.* FROM touched WHERE enabled IS NOT NULL
), forced AS (
    SELECT DISTINCT ON (after, user_id) after, user_id, enabled FROM (
        SELECT after, user_id, enabled, 0 AS rank, expires_at FROM override WHERE user_id IS NOT NULL
        UNION ALL
        SELECT o.after, member.user_id, o.enabled, 1, o.expires_at
        FROM override o JOIN auth_user_groups member ON member.group_id = o.group_id
    ) candidate
    WHERE expires_at IS NULL OR expires_at > now()
    ORDER BY after, user_id, rank, enabled
), person AS (
    SELECT u.id, u.username, before.enabled AS forced_before, after.enabled AS forced_after,
        (('x' || substr(md5(%(salt)s || '-' || u.id), 1, 8))::bit(32)::bigint) %% 10000 AS bucket
    FROM auth_user u
    LEFT JOIN forced before ON before.user_id = u.id AND NOT before.after
    LEFT JOIN forced after ON after.user_id = u.id AND after.after
    WHERE u.is_active
), decided AS (
    SELECT id, username,
        %(on_before)s AND COALESCE(forced_before, bucket < %(points_before)s) AS was,
        %(on_after)s AND COALESCE(forced_after, bucket < %(points_after)s) AS becomes
    FROM person
), moved AS (SELECT * FROM decided WHERE was <> becomes)
SELECT
    count(*) FILTER (WHERE becomes),
    count(*) FILTER (WHERE was),
    count(*) FILTER (WHERE id = ANY(%(busy)s)),
    (SELECT json_agg(json_build_array(username, becomes) ORDER BY id)
        FROM (SELECT * FROM moved ORDER BY id LIMIT %(shown)s) sample)
FROM moved
"""


@dataclass(frozen=True, slots=True)
class BlastRadius:
    """Active users a change switches on and off, how many of them are busy, and the first of them by name."""

    on: int
    off: int
    busy: int
    first: tuple[tuple[str, bool], ...]

    @property
    def affected(self) -> int:
        """How many users see a difference."""
        return self.on + self.off

    @property
    def needs_typing(self) -> bool:
        """Whether so many are reached that the number has to be typed."""
        return self.affected > TYPED_CONFIRMATION_ABOVE

    def __str__(self) -> str:
        users = "user" if self.on == 1 else "users"
        return f"+{self.on} {users} on, −{self.off} off, {self.busy} with a generation running"


def register_busy_users(users: BusyUsers) -> None:
    """Register a function that returns the ids of users with work in progress, such as a running generation."""
    if users not in _busy_users:
        _busy_users.append(users)


def preview(
    flag: Flag, *, enabled: bool, basis_points: int, overrides: Mapping[str, Mapping[str, Any] | None] | None = None
) -> BlastRadius:
    """Return who would be switched if the stored `flag` got these values; one statement over the active users.

    `overrides` are those that would change with it, as the audit names them (`user:7`, `group:1`); None: it goes.
    """
    on_before, points_before = _effective(flag.key, flag.enabled, flag.basis_points)
    on_after, points_after = _effective(flag.key, enabled, basis_points)
    busy = sorted({user_id for users in _busy_users for user_id in users()})
    values: dict[str, Any] = {
        "flag": flag.pk,
        "salt": flag.salt,
        "on_before": on_before,
        "points_before": points_before,
        "on_after": on_after,
        "points_after": points_after,
        "overrides": json.dumps([_row(target, value or {}) for target, value in (overrides or {}).items()]),
        "busy": busy,
        "shown": SHOWN,
    }
    with connection.cursor() as cursor:
        cursor.execute(_MOVED, values)
        on, off, running, first = cursor.fetchone()
    return BlastRadius(on, off, running, tuple((username, becomes) for username, becomes in first or ()))


def _effective(key: str, enabled: bool, basis_points: int) -> tuple[bool, int]:
    hold = hold_on(key)
    return enabled and hold is not Hold.KILL, 0 if hold is Hold.ZERO else basis_points


def _row(target: str, override: Mapping[str, Any]) -> dict[str, Any]:
    kind, _, number = target.partition(":")
    return {f"{kind}_id": int(number), "enabled": override.get("enabled"), "expires_at": override.get("expiresAt")}
