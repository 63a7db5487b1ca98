"""Readers of environment variables: what they accept, and the sentence for what they do not."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from config.env import BOOLEAN_WORDS, ConfigurationError, Environment, generated, load_file

Read = Callable[[Environment], Any]

READERS: dict[str, Read] = {
    "text": lambda env: env.text("X", "fallback", meaning=""),
    "boolean": lambda env: env.boolean("X", True, meaning=""),
    "optional boolean": lambda env: env.optional_boolean("X", meaning=""),
    "integer": lambda env: env.integer("X", 7, low=1, high=10, meaning=""),
    "number": lambda env: env.number("X", 0.5, low=0, high=1, meaning=""),
    "optional number": lambda env: env.optional_number("X", low=0, high=100, meaning=""),
    "choice": lambda env: env.choice("X", "web", among=("web", "tick"), meaning=""),
    "items": lambda env: env.items("X", meaning=""),
    "url": lambda env: env.url("X", schemes=("http", "https"), words=("internal",), meaning=""),
    "origins": lambda env: env.origins("X", meaning=""),
    "emails": lambda env: env.emails("X", meaning=""),
}


def test_it_works() -> None:
    env = Environment({"PORT": "8080"})
    env.section("Basics")
    assert env.integer("PORT", 8000, low=1, high=65535, meaning="Port.") == 8080
    assert [(v.name, v.section, v.default) for v in env.declared.values()] == [("PORT", "Basics", "8000")]


@pytest.mark.parametrize(
    ("reader", "value", "expected"),
    [
        ("text", " a b ", "a b"),
        *[("boolean", word, True) for word in ("true", "1", "yes", "on", "TRUE", "On")],
        *[("boolean", word, False) for word in ("false", "0", "no", "off", "FALSE", "No")],
        ("optional boolean", "off", False),
        ("optional boolean", "on", True),
        ("integer", "1", 1),
        ("integer", " 10 ", 10),
        ("number", "0.65", 0.65),
        ("number", "1", 1.0),
        ("optional number", "12.5", 12.5),
        ("optional number", "0", 0.0),
        ("choice", "tick", "tick"),
        ("items", "a, b,,c ", ["a", "b", "c"]),
        ("url", "http://127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1"),
        ("url", "internal", "internal"),
        ("origins", "https://a.example, http://localhost:3000", ["https://a.example", "http://localhost:3000"]),
        ("emails", "a@example.org,b@example.org", ["a@example.org", "b@example.org"]),
    ],
)
def test_an_allowed_value_is_read(reader: str, value: str, expected: object) -> None:
    assert READERS[reader](Environment({"X": value})) == expected


@pytest.mark.parametrize(
    ("reader", "default"),
    [
        ("text", "fallback"),
        ("boolean", True),
        ("optional boolean", None),
        ("integer", 7),
        ("number", 0.5),
        ("optional number", None),
        ("choice", "web"),
        ("items", []),
        ("url", ""),
        ("origins", []),
        ("emails", []),
    ],
)
@pytest.mark.parametrize("values", [{}, {"X": ""}, {"X": "  "}])
def test_unset_and_empty_are_the_default(reader: str, default: object, values: dict[str, str]) -> None:
    assert READERS[reader](Environment(values)) == default


@pytest.mark.parametrize(
    ("reader", "value", "allowed"),
    [
        *[("boolean", word, BOOLEAN_WORDS) for word in ("maybe", "2", "y", "tru", "None")],
        ("optional boolean", "enabled", BOOLEAN_WORDS),
        *[("integer", word, "a whole number from 1 to 10") for word in ("0", "11", "1.5", "ten", "1e1", "-3")],
        *[("number", word, "a number from 0 to 1") for word in ("nan", "inf", "-0.1", "1.01", "50%")],
        *[("optional number", word, "a number from 0 to 100") for word in ("101", "-1", "NaN", "ten")],
        ("choice", "worker", "one of web, tick"),
        *[
            ("url", word, "internal or an address that begins with http:// or https://")
            for word in ("ftp://x", "example.org", "http:/x", "http://h:port", "Internal", "http://[")
        ],
        *[
            ("origins", word, "a comma-separated list of origins such as https://app.example.org")
            for word in ("https://a.example/path", "a.example", "*")
        ],
        *[
            ("emails", word, "a comma-separated list of e-mail addresses")
            for word in ("a", "a@", "@b", "a b@c", "a@b@c")
        ],
    ],
)
def test_any_other_value_is_refused_in_one_sentence(reader: str, value: str, allowed: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        READERS[reader](Environment({"X": value}))
    assert refused.value.code == f'X is "{value}", but it must be {allowed}.'


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / ".env"
    file.write_text("# comment\nSB_IN_BOTH=file\nSB_ONLY_IN_FILE='file'\nSB_EMPTY_IN_ENVIRONMENT=file\n")
    monkeypatch.setenv("SB_IN_BOTH", "environment")
    monkeypatch.setenv("SB_EMPTY_IN_ENVIRONMENT", "")
    monkeypatch.setenv("SB_ONLY_IN_FILE", "")
    monkeypatch.delenv("SB_ONLY_IN_FILE")
    load_file(file)
    load_file(tmp_path / "absent")
    env = Environment(os.environ)
    assert env.text("SB_IN_BOTH", meaning="") == "environment"
    assert env.text("SB_ONLY_IN_FILE", meaning="") == "file"
    assert env.text("SB_EMPTY_IN_ENVIRONMENT", meaning="") == ""


def test_a_generated_secret_stays(tmp_path: Path) -> None:
    path = tmp_path / "var" / "secret-key"
    assert generated(path, "first") == "first"
    assert generated(path, "second") == "first"
    assert path.stat().st_mode & 0o077 == 0
    assert [entry.name for entry in path.parent.iterdir()] == ["secret-key"]
