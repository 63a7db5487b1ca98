"""Typed readers of environment variables that fail loudly.

A variable that is set but empty counts as unset. Every read is also a declaration: `Environment.declared` lists them in
reading order, and `.env.example` and `docs/configuration.md` are written from that list.
"""

import math
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
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
    """One declared variable, as documentation shows it; an empty default means that it has none."""

    name: str
    section: str
    default: str
    allowed: str
    meaning: str


@dataclass(slots=True)
class Environment:
    """Reads variables from a mapping and remembers what was asked for."""

    values: Mapping[str, str]
    declared: dict[str, Variable] = field(default_factory=dict)
    _section: str = ""

    def section(self, title: str) -> None:
        """Begin a section: the variables read from here on are listed under this title."""
        self._section = title

    def text(self, name: str, default: str = "", *, meaning: str, allowed: str = "text") -> str:
        """Return the value without surrounding space, or the default."""
        return self._declare(name, default, allowed, meaning) or default

    def boolean(self, name: str, default: bool, *, meaning: str) -> bool:
        """Return the truth value; raise ConfigurationError for anything but the eight known words."""
        value = self._declare(name, str(default).lower(), BOOLEAN_WORDS, meaning)
        return _parse_boolean(name, value) if value else default

    def optional_boolean(self, name: str, *, meaning: str) -> bool | None:
        """Return the truth value, or None when unset: "not said" differs from false."""
        value = self._declare(name, "", BOOLEAN_WORDS, meaning)
        return _parse_boolean(name, value) if value else None

    def integer(self, name: str, default: int, *, low: int, high: int, meaning: str) -> int:
        """Return a whole number within low..high, both included."""
        allowed = f"a whole number from {low} to {high}"
        value = self._declare(name, str(default), allowed, meaning)
        return _parse_number(name, value, int, low, high, allowed) if value else default

    def number(self, name: str, default: float, *, low: float, high: float, meaning: str) -> float:
        """Return a finite number within low..high, both included."""
        allowed = f"a number from {low:g} to {high:g}"
        value = self._declare(name, f"{default:g}", allowed, meaning)
        return _parse_number(name, value, float, low, high, allowed) if value else default

    def optional_number(self, name: str, *, low: float, high: float, meaning: str) -> float | None:
        """Return a finite number within low..high, or None when unset."""
        allowed = f"a number from {low:g} to {high:g}"
        value = self._declare(name, "", allowed, meaning)
        return _parse_number(name, value, float, low, high, allowed) if value else None

    def choice(self, name: str, default: str, *, among: Sequence[str], meaning: str) -> str:
        """Return one of the words."""
        allowed = f"one of {', '.join(among)}"
        value = self._declare(name, default, allowed, meaning) or default
        if value not in among:
            raise wrong(name, value, allowed)
        return value

    def items(self, name: str, *, meaning: str, allowed: str = "a comma-separated list") -> list[str]:
        """Return the comma-separated values, without empty ones."""
        value = self._declare(name, "", allowed, meaning)
        return [part.strip() for part in value.split(",") if part.strip()]

    def url(
        self, name: str, default: str = "", *, schemes: Sequence[str], meaning: str, words: Sequence[str] = ()
    ) -> str:
        """Return an address with one of the schemes, one of the words, or the default when unset."""
        starts = " or ".join(f"{scheme}://" for scheme in schemes)
        allowed = " or ".join([*words, f"an address that begins with {starts}"])
        value = self._declare(name, default, allowed, meaning) or default
        if value and value not in words and not _is_address(value, schemes):
            raise wrong(name, value, allowed)
        return value

    def origins(self, name: str, *, meaning: str) -> list[str]:
        """Return web origins such as `https://app.example.org`: scheme and host, no path."""
        allowed = "a comma-separated list of origins such as https://app.example.org"
        values = self.items(name, meaning=meaning, allowed=allowed)
        for value in values:
            if not _is_address(value, ("http", "https")) or urlsplit(value).path:
                raise wrong(name, value, allowed)
        return values

    def emails(self, name: str, *, meaning: str) -> list[str]:
        """Return e-mail addresses."""
        allowed = "a comma-separated list of e-mail addresses"
        values = self.items(name, meaning=meaning, allowed=allowed)
        for value in values:
            local, at, domain = value.partition("@")
            if not (local and at and domain) or "@" in domain or " " in value:
                raise wrong(name, value, allowed)
        return values

    def _declare(self, name: str, default: str, allowed: str, meaning: str) -> str:
        self.declared[name] = Variable(name, self._section, default, allowed, meaning)
        return self.values.get(name, "").strip()


def load_file(path: Path) -> None:
    """Add the variables of a `.env` file to the environment; what is already set there wins."""
    if path.is_file():
        environ.Env.read_env(path, overwrite=False)


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


def missing(name: str, reason: str) -> ConfigurationError:
    """Return the error for a variable that has to be set."""
    return ConfigurationError(f"{name} is not set, but {reason}.")


def _parse_boolean(name: str, value: str) -> bool:
    word = value.lower()
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    raise wrong(name, value, BOOLEAN_WORDS)


def _parse_number(
    name: str, value: str, convert: Callable[[str], Number], low: float, high: float, allowed: str
) -> Number:
    try:
        parsed = convert(value)
    except ValueError:
        raise wrong(name, value, allowed) from None
    if not math.isfinite(parsed) or not low <= parsed <= high:
        raise wrong(name, value, allowed)
    return parsed


def _is_address(value: str, schemes: Sequence[str]) -> bool:
    try:
        parts = urlsplit(value)
        return value.startswith(f"{parts.scheme}://") and parts.scheme in schemes and parts.port != 0
    except ValueError:
        return False
