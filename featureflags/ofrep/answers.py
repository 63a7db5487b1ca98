"""Decisions in the protocol's words. Plain Python.

Every answer carries `key`, `value`, `reason`, `variant` and `metadata`, failures too: clients in use read them without
looking whether they are there. The value of a failure is off, which is what the product does in the same case.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from featureflags.evaluation import Decision, Reason


class ErrorCode(StrEnum):
    """The protocol's error codes."""

    PARSE_ERROR = "PARSE_ERROR"
    TARGETING_KEY_MISSING = "TARGETING_KEY_MISSING"
    INVALID_CONTEXT = "INVALID_CONTEXT"
    FLAG_NOT_FOUND = "FLAG_NOT_FOUND"
    GENERAL = "GENERAL"


UNKNOWN = "UNKNOWN"

REASONS: Mapping[Reason, str] = MappingProxyType(
    {
        Reason.ENVIRONMENT_KILL: "DISABLED",
        Reason.FLAG_DISABLED: "DISABLED",
        Reason.OVERRIDE_ON: "TARGETING_MATCH",
        Reason.OVERRIDE_OFF: "TARGETING_MATCH",
        Reason.FULL_ROLLOUT: "STATIC",
        Reason.ROLLOUT_ZERO: "STATIC",
        Reason.ROLLOUT_OPT_IN: "SPLIT",
        Reason.ROLLOUT_FILTERED: "SPLIT",
    }
)
"""Our reason → the protocol's. The two that are missing are errors there."""


def evaluation(key: str, decision: Decision, *, detailed: bool) -> dict[str, Any]:
    """Return the answer for one flag: a success, or a failure with `errorCode`.

    `detailed` puts percentage, sample, revision and our own reason into the metadata, for those who may see flags.
    """
    match decision.reason:
        case Reason.FLAG_UNKNOWN:
            return failure(ErrorCode.FLAG_NOT_FOUND, "There is no such flag.", key=key)
        case Reason.TARGETING_KEY_MISSING:
            return failure(ErrorCode.TARGETING_KEY_MISSING, "This flag is on for some: name a targetingKey.", key=key)
    return {
        "key": key,
        "value": decision.enabled,
        "reason": REASONS.get(decision.reason, UNKNOWN),
        "variant": "on" if decision.enabled else "off",
        "metadata": _metadata(decision) if detailed else {},
    }


def failure(code: ErrorCode, details: str, *, key: str | None) -> dict[str, Any]:
    """Return the body of an error; `key` None for one that concerns no single flag."""
    error = {"errorCode": str(code), "errorDetails": details}
    if key is None:
        return error
    return {"key": key, "value": False, "reason": UNKNOWN, "variant": "off", "metadata": {}, **error}


def status_of(answer: Mapping[str, Any]) -> int:
    """Return the HTTP status that goes with the answer for a single flag."""
    match answer.get("errorCode"):
        case None:
            return 200
        case ErrorCode.FLAG_NOT_FOUND:
            return 404
        case _:
            return 400


def _metadata(decision: Decision) -> dict[str, str | float]:
    sample = {} if decision.sample is None else {"sample": decision.sample}
    return {
        "decisionReason": str(decision.reason),
        "percentage": decision.percentage,
        "revision": decision.revision,
        **sample,
    }
