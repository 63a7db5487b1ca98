"""What the process environment says about flags.

Two different things: a *hold* counts live, while the variable is set (the emergency rollbacks work by environment
alone); a *wish* is a value that is written to the flag once, when it differs from the one last applied.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from featureflags.evaluation import Hold, basis_points_of

VARIANT_GENERATION = "variant_generation_v2"
RAG_INTEGRATION = "rag_integration"
SELECTION_LOGGING = "variant_selection_logging"


@dataclass(frozen=True, slots=True)
class Wish:
    """A set variable and what it wants of its flag; None leaves the value alone."""

    variable: str
    flag: str
    value: str
    enabled: bool | None = None
    basis_points: int | None = None


# Under names of this module, because this is asked at every decision; see `featureflags.evaluation`.
_NO_HOLD, _KILL, _ZERO = Hold.NONE, Hold.KILL, Hold.ZERO


def _hold_variant_generation() -> Hold:
    if settings.ENABLE_VARIANT_GENERATION_V2 is False:
        return _KILL
    # None, for an unset variable, is no 0.
    return _ZERO if settings.VARIANT_GENERATION_ROLLOUT_PERCENTAGE == 0 else _NO_HOLD


def _hold_rag() -> Hold:
    return _NO_HOLD if settings.RAG_API_URL else _KILL


def _hold_selection_logging() -> Hold:
    return _NO_HOLD if settings.LOG_VARIANT_SELECTIONS else _KILL


_HOLDS: dict[str, Callable[[], Hold]] = {
    VARIANT_GENERATION: _hold_variant_generation,
    RAG_INTEGRATION: _hold_rag,
    SELECTION_LOGGING: _hold_selection_logging,
}


def hold_on(flag_key: str) -> Hold:
    """Return what the environment of this process imposes on a flag right now."""
    holder = _HOLDS.get(flag_key)
    return _NO_HOLD if holder is None else holder()


def holding_setting(flag_key: str) -> str:
    """Return the setting that holds a flag, as an operator would write it, or an empty string when nothing does."""
    match flag_key, hold_on(flag_key):
        case (_, Hold.NONE):
            return ""
        case (str(), Hold.ZERO):
            return "VARIANT_GENERATION_ROLLOUT_PERCENTAGE=0"
        case (key, Hold.KILL) if key == VARIANT_GENERATION:
            return "ENABLE_VARIANT_GENERATION_V2=false"
        case (key, Hold.KILL) if key == RAG_INTEGRATION:
            return "RAG_API_URL="
        case _:
            return "LOG_VARIANT_SELECTIONS=false"


def wishes() -> list[Wish]:
    """Return what the variables that are set want to be applied; `ImproperlyConfigured` for a finer percentage."""
    found = []
    enabled = settings.ENABLE_VARIANT_GENERATION_V2
    if enabled is not None:
        value = "true" if enabled else "false"
        found.append(Wish("ENABLE_VARIANT_GENERATION_V2", VARIANT_GENERATION, value, enabled=bool(enabled)))
    percentage = settings.VARIANT_GENERATION_ROLLOUT_PERCENTAGE
    if percentage is not None:
        variable = "VARIANT_GENERATION_ROLLOUT_PERCENTAGE"
        try:
            points = basis_points_of(percentage)
        except ValueError as error:
            raise ImproperlyConfigured(f"{variable}: {error}; allowed are 0-100 with at most two decimals.") from None
        found.append(Wish(variable, VARIANT_GENERATION, f"{points / 100:g}", basis_points=points))
    return found
