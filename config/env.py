"""Typed readers of environment variables that fail loudly.

A variable that is set but empty counts as unset. Every read is also a declaration: `declared()` lists them in reading
order, and `.env.example` and `docs/configuration.md` are written from that list.
"""

import math
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import environ

TRUE_WORDS = frozenset({"true", "1", "yes", "on"})
FALSE_WORDS = frozenset({"false", "0", "no", "off"})
BOOLEAN_WORDS = "true, false, 1, 0, yes, no, on or off"

Number = TypeVar("Number", int, float)


class ConfigurationError(SystemExit):
    """A variable has a value the application cannot start with.

    A SystemExit, so that every process (web server, worker, command) ends with this one sentence and no traceback.
    """


@dataclass(frozen=True, slots=True)
class Variable:
    """One declared variable, as documentation shows it."""

    name: str
    section: str
    default: str
    allowed: str
    meaning: str
    shown_unset: bool


_declared: dict[str, Variable] = {}
_section = ""


def load_file(path: Path) -> None:
    """Add the variables of a `.env` file to the environment; what is already set there wins."""
    if path.is_file():
        environ.Env.read_env(path, overwrite=False)


def section(title: str) -> None:
    """Begin a section: the variables read from here on are listed under this title."""
    global _section
    _section = title


def declared() -> Sequence[Variable]:
    """Return every variable read so far, in reading order."""
    return tuple(_declared.values())


def text(name: str, default: str = "", *, meaning: str, allowed: str = "text") -> str:
    """Return the value without surrounding space, or the default."""
    _declare(name, default, allowed, meaning)
    return _raw(name) or default


def optional_text(name: str, *, meaning: str, allowed: str = "text") -> str | None:
    """Return the value, or None when unset."""
    _declare(name, "", allowed, meaning, shown_unset=True)
    return _raw(name) or None


def boolean(name: str, default: bool, *, meaning: str) -> bool:
    """Return the truth value; raise ConfigurationError for anything but the eight known words."""
    _declare(name, str(default).lower(), BOOLEAN_WORDS, meaning)
    value = _raw(name)
    return default if not value else _parse_boolean(name, value)


def optional_boolean(name: str, *, meaning: str) -> bool | None:
    """Return the truth value, or None when unset: "not said" differs from false."""
    _declare(name, "", BOOLEAN_WORDS, meaning, shown_unset=True)
    value = _raw(name)
    return None if not value else _parse_boolean(name, value)


def integer(name: str, default: int, *, low: int, high: int, meaning: str) -> int:
    """Return a whole number within low..high, both included."""
    allowed = f"a whole number from {low} to {high}"
    _declare(name, str(default), allowed, meaning)
    value = _raw(name)
    return default if not value else _parse(name, value, int, low, high, allowed)


def number(name: str, default: float, *, low: float, high: float, meaning: str) -> float:
    """Return a finite number within low..high, both included."""
    allowed = f"a number from {low:g} to {high:g}"
    _declare(name, f"{default:g}", allowed, meaning)
    value = _raw(name)
    return default if not value else _parse(name, value, float, low, high, allowed)


def optional_number(name: str, *, low: float, high: float, meaning: str) -> float | None:
    """Return a finite number within low..high, or None when unset."""
    allowed = f"a number from {low:g} to {high:g}"
    _declare(name, "", allowed, meaning, shown_unset=True)
    value = _raw(name)
    return None if not value else _parse(name, value, float, low, high, allowed)


def choice(name: str, default: str, *, among: Sequence[str], meaning: str) -> str:
    """Return one of the words."""
    allowed = f"one of {', '.join(among)}"
    _declare(name, default, allowed, meaning)
    value = _raw(name) or default
    if value not in among:
        raise wrong(name, value, allowed)
    return value


def items(name: str, *, meaning: str, allowed: str = "a comma-separated list") -> list[str]:
    """Return the comma-separated values, without empty ones."""
    _declare(name, "", allowed, meaning)
    return [part.strip() for part in _raw(name).split(",") if part.strip()]


def url(name: str, *, schemes: Sequence[str], meaning: str, words: Sequence[str] = ()) -> str:
    """Return an address with one of the schemes, one of the words, or "" when unset."""
    allowed = " or ".join([*(f'"{word}"' for word in words), f"an address beginning with {_either(schemes)}"])
    _declare(name, "", allowed, meaning)
    value = _raw(name)
    if not value or value in words:
        return value
    _require_address(name, value, schemes, allowed)
    return value


def origins(name: str, *, meaning: str) -> list[str]:
    """Return web origins such as `https://app.example.org`: scheme and host, no path."""
    allowed = "a comma-separated list of origins such as https://app.example.org"
    values = items(name, meaning=meaning, allowed=allowed)
    for value in values:
        _require_address(name, value, ("http", "https"), allowed)
        if urlsplit(value).path:
            raise wrong(name, value, allowed)
    return values


def generated(path: Path, proposal: str) -> str:
    """Return the secret kept in the file, after storing the proposal there where there is none."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(proposal)
        with suppress(FileExistsError):  # of two processes that start at once, the first one's secret stays
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_text()


def wrong(name: str, value: str, allowed: str) -> ConfigurationError:
    """Return the error for a value that is not allowed."""
    return ConfigurationError(f'{name} is "{value}", but it must be {allowed}.')


def missing(name: str, needed: str) -> ConfigurationError:
    """Return the error for a variable that has to be set."""
    return ConfigurationError(f"{name} is not set: {needed}.")


def _raw(name: str) -> str:
    return os.environ.get(name, "").strip()


def _declare(name: str, default: str, allowed: str, meaning: str, *, shown_unset: bool = False) -> None:
    _declared[name] = Variable(name, _section, default, allowed, meaning, shown_unset)


def _parse_boolean(name: str, value: str) -> bool:
    word = value.lower()
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    raise wrong(name, value, BOOLEAN_WORDS)


def _parse(name: str, value: str, convert: Callable[[str], Number], low: float, high: float, allowed: str) -> Number:
    try:
        parsed = convert(value)
    except ValueError:
        raise wrong(name, value, allowed) from None
    if not math.isfinite(parsed) or not low <= parsed <= high:
        raise wrong(name, value, allowed)
    return parsed


def _require_address(name: str, value: str, schemes: Sequence[str], allowed: str) -> None:
    try:
        parts = urlsplit(value)
        usable = parts.scheme in schemes and (parts.hostname or parts.path) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise wrong(name, value, allowed)


def _either(schemes: Sequence[str]) -> str:
    return " or ".join(f"{scheme}://" for scheme in schemes)
