"""The rules of a decision, as plain Python: no Django, no clock, no network.

Everything that decides whether a flag is on for somebody is in this file, so anyone can recompute any decision from the
flag's salt, the person's key and the flag's settings at that revision.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, DecimalException
from enum import StrEnum
from hashlib import md5
from struct import Struct
from typing import NamedTuple

BUCKETS = 10_000
FULL = BUCKETS
"""Exposure is counted in basis points of the 10,000 buckets: 1 is 0.01 %, 10,000 is everyone."""


class Reason(StrEnum):
    """Why a decision came out as it did. The values are stored, logged and shown: never rename one."""

    __hash__ = str.__hash__  # a reason equals its text, so it is hashed like it; and without running Python code

    FLAG_UNKNOWN = "flag_unknown"
    ENVIRONMENT_KILL = "environment_kill"
    FLAG_DISABLED = "flag_disabled"
    OVERRIDE_ON = "override_on"
    OVERRIDE_OFF = "override_off"
    FULL_ROLLOUT = "full_rollout"
    ROLLOUT_ZERO = "rollout_zero"
    TARGETING_KEY_MISSING = "targeting_key_missing"
    ROLLOUT_OPT_IN = "rollout_opt_in"
    ROLLOUT_FILTERED = "rollout_filtered"


class Hold(StrEnum):
    """What the process environment imposes on a flag, whatever is stored for it."""

    NONE = "none"
    KILL = "kill"
    ZERO = "zero"


@dataclass(frozen=True, slots=True)
class Override:
    """One subject on or off, until `expires_at` (None: for good)."""

    enabled: bool
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FlagState:
    """Everything that decides one flag. `overrides` maps a targeting key to its overrides, the strongest first."""

    key: str
    enabled: bool
    basis_points: int
    salt: str
    revision: int
    overrides: Mapping[str, tuple[Override, ...]] = field(default_factory=dict)


class Decision(NamedTuple):
    """The outcome of a flag for a subject. A named tuple, because it is made in less than half the time of a dataclass.

    `sample` is the subject's place in the rollout, 0.00-99.99 (None without a subject); `percentage` is the effective
    exposure, 0.00-100.00; `revision` is the flag's revision the decision was made with (0 for an unknown flag).
    """

    enabled: bool
    reason: Reason
    sample: float | None
    percentage: float
    revision: int


_first_8_hex_digits = Struct(">I").unpack_from


def shard(salt: str, key: str) -> int:
    """Return the bucket 0-9999 of `key`: the published Eppo/Datadog MD5 sharder over `salt-key` in UTF-8.

    The key is somebody else's input, so code points that UTF-8 cannot carry (lone surrogates) are hashed as `?`.
    """
    digest = md5(f"{salt}-{key}".encode("utf-8", "replace"), usedforsecurity=False).digest()
    number: int = _first_8_hex_digits(digest)[0]
    return number % BUCKETS


def effective_basis_points(flag: FlagState, hold: Hold) -> int:
    """Return the exposure that counts now, 0-10000: nothing under a kill, a hold at zero or a disabled flag."""
    return flag.basis_points if flag.enabled and hold is _NO_HOLD else 0


def evaluate(flag: FlagState | None, key: str | None, *, now: datetime, hold: Hold = Hold.NONE) -> Decision:
    """Decide `flag` for the subject `key` at the time `now`; the same arguments always give the same decision.

    `key` None means nobody in particular: enough at 0 % and 100 %, off with `targeting_key_missing` between them.
    """
    if flag is None:
        return Decision(False, Reason.FLAG_UNKNOWN, None, 0.0, 0)
    bucket = None if key is None else shard(flag.salt, key)
    reason = _reason(flag, key, bucket, now, hold)
    return Decision(
        reason in _ON,
        reason,
        None if bucket is None else bucket / 100,
        effective_basis_points(flag, hold) / 100,
        flag.revision,
    )


# Members under names of this module: before Python 3.12 looking one up on its class takes longer than hashing the key.
_NO_HOLD, _KILL, _ZERO = Hold.NONE, Hold.KILL, Hold.ZERO
_OPT_IN, _FILTERED, _FULL_ROLLOUT = Reason.ROLLOUT_OPT_IN, Reason.ROLLOUT_FILTERED, Reason.FULL_ROLLOUT
_ON = frozenset({Reason.OVERRIDE_ON, Reason.FULL_ROLLOUT, Reason.ROLLOUT_OPT_IN})


def _reason(flag: FlagState, key: str | None, bucket: int | None, now: datetime, hold: Hold) -> Reason:
    if hold is _KILL:
        return Reason.ENVIRONMENT_KILL
    if not flag.enabled:
        return Reason.FLAG_DISABLED
    if key is not None and key in flag.overrides:
        override = _first_valid(flag.overrides[key], now)
        if override is not None:
            return Reason.OVERRIDE_ON if override.enabled else Reason.OVERRIDE_OFF
    basis_points = 0 if hold is _ZERO else flag.basis_points
    if basis_points >= FULL:
        return _FULL_ROLLOUT
    if basis_points <= 0:
        return Reason.ROLLOUT_ZERO
    if bucket is None:
        return Reason.TARGETING_KEY_MISSING
    return _OPT_IN if bucket < basis_points else _FILTERED


def _first_valid(overrides: tuple[Override, ...], now: datetime) -> Override | None:
    for override in overrides:
        if override.expires_at is None or override.expires_at > now:
            return override
    return None


def basis_points_of(percentage: Decimal | float | str) -> int:
    """Return `percentage` (0-100, at most two decimals) in basis points; `ValueError` says what is wrong with it."""
    try:
        exact = Decimal(str(percentage).strip()) * 100
    except DecimalException:  # no number at all, or one too large to multiply
        raise ValueError(f"{percentage!r} is not a percentage") from None
    if not exact.is_finite() or not 0 <= exact <= FULL:
        raise ValueError(f"{percentage} is outside 0-100 %")
    if exact != math.floor(exact):
        raise ValueError(f"{percentage} has more than two decimals")
    return int(exact)
