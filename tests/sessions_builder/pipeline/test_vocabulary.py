from __future__ import annotations

import pytest

from sessions_builder.pipeline.vocabulary import LEVELS, stems, verb_level, words


def test_it_works() -> None:
    assert stems("The advisors were booking appointments") == ("advisor", "book", "appoint")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("book books booked booking", ("book",) * 4),
        ("objection objections", ("objec",) * 2),
        ("a to 5 it's of", ("it's",)),
        ("Gespräche führen", ("gespräche", "führen")),
        ("", ()),
    ],
)
def test_stems(text: str, expected: tuple[str, ...]) -> None:
    assert stems(text) == expected


def test_words_count_numbers() -> None:
    assert words("Call 5 clients, don't wait.") == ["Call", "5", "clients", "don't", "wait"]


@pytest.mark.parametrize(
    ("objective", "level"),
    [
        ("Demonstrate the opening", "apply"),
        ("Participants will be able to draft a script", "create"),
        ("List the four lines", "remember"),
        ("Explain it", "understand"),
        ("Diagnose a call", "analyze"),
        ("You can rate a call", "evaluate"),
        ("Understand prospecting", None),
        ("Learn about calls", None),
        ("", None),
    ],
)
def test_levels_of_objectives(objective: str, level: str | None) -> None:
    assert verb_level(objective) == (LEVELS.index(level) if level else None)
