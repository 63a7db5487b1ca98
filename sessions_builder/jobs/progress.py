"""Stage events as they are stored with a generation and shown to its author."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sessions_builder.errors import FailureCode


def stage(name: str, **details: Any) -> dict[str, Any]:
    """A stage event, stamped now (UTC, milliseconds)."""
    at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"at": at, "stage": name, **details}


def variant_stage(number: int, failure: FailureCode | None) -> dict[str, Any]:
    """The event of a variant that is ready, or failed with a code."""
    if failure is None:
        return stage("variant_ready", number=number)
    return stage("variant_failed", number=number, code=failure.value)
