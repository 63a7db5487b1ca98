"""What a change changed, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

NESTED = ("overrides",)


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of a flag before and after; None on a side means that it was not there."""

    field: str
    before: Any
    after: Any


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Return what differs between two audited states, overrides one by one (`overrides.user:7`), in order of fields."""
    return [
        Difference(field, old.get(field), new.get(field))
        for old, new in ((_flat(before), _flat(after)),)
        for field in sorted(old.keys() | new.keys())
        if old.get(field) != new.get(field)
    ]


def _flat(state: Mapping[str, Any]) -> dict[str, Any]:
    flat = {name: value for name, value in state.items() if name not in NESTED}
    for name in NESTED:
        flat |= {f"{name}.{key}": value for key, value in (state.get(name) or {}).items()}
    return flat
