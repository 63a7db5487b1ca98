"""Reading the flags out of the database, as the immutable values that decisions are made with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import connection

from featureflags.evaluation import FlagState, Override
from featureflags.models import Flag, FlagOverride, FlagVersion


@dataclass(frozen=True, slots=True)
class Stamp:
    """The global version as stored: number, token and when it was made."""

    version: int
    token: UUID
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All flags at one version; `stamp` None means that nothing could be read yet."""

    stamp: Stamp | None = None
    flags: Mapping[str, FlagState] = field(default_factory=dict)

    @property
    def version(self) -> int:
        """The global version, 0 before anything was read."""
        return 0 if self.stamp is None else self.stamp.version


def read_stamp() -> Stamp | None:
    """Return the stored global version: one indexed row, the only query of a warm process."""
    row = FlagVersion.objects.values_list("version", "token", "changed_at").first()
    return None if row is None else Stamp(*row)


def load_snapshot(stamp: Stamp) -> Snapshot:
    """Return all flags, at least as new as `stamp`.

    The stamp was read before the rows. Should a change slip in between, the rows are newer than the stamp says and the
    next check loads them again; the other order could keep old rows under a new version for good.
    """
    overrides = _overrides()
    flags = {
        flag.key: FlagState(
            key=flag.key,
            enabled=flag.enabled,
            basis_points=flag.basis_points,
            salt=flag.salt,
            revision=flag.revision,
            overrides=overrides.get(flag.pk, {}),
        )
        for flag in Flag.objects.all()
    }
    return Snapshot(stamp, flags)


def _overrides() -> dict[int, dict[str, tuple[Override, ...]]]:
    """Return flag id → targeting key → overrides, the strongest first: the person's own, then off, then on."""
    rows = list(FlagOverride.objects.order_by("user_id", "enabled", "pk"))
    members = _members({row.group_id for row in rows if row.group_id is not None})
    found: dict[int, dict[str, tuple[Override, ...]]] = {}
    for row in rows:
        override = (Override(row.enabled, row.expires_at),)
        keys = [str(row.user_id)] if row.group_id is None else members.get(row.group_id, [])
        by_key = found.setdefault(row.flag_id, {})
        for key in keys:
            by_key[key] = by_key.get(key, ()) + override
    return found


def _members(group_ids: Iterable[int]) -> dict[int, list[str]]:
    """Return group id → targeting keys of its members. A trigger bumps the version when such a membership changes."""
    user_group = get_user_model().groups.through
    members: dict[int, list[str]] = {}
    for group_id, user_id in user_group.objects.filter(group_id__in=group_ids).values_list("group_id", "user_id"):
        members.setdefault(group_id, []).append(str(user_id))
    return members


@contextmanager
def borrowed_connection() -> Iterator[None]:
    """Give the database connection back afterwards if there was none before.

    A worker that waits on the network holds no connection; a flag check in between must not leave one behind.
    """
    was_closed = connection.connection is None
    try:
        yield
    finally:
        if was_closed and not connection.in_atomic_block:
            connection.close()
