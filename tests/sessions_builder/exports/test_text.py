"""Text that any file can hold."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sessions_builder.exports.text import is_right_to_left, one_line, paragraphs, several_lines


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        (" a \t b ", "a b"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a\n\n\n\nb\n", "a\n\nb"),
        ("a\x00b\x1b[31mc\x9bd\ufffee\ud800f", "ab[31mcdef"),
        ("pay \u202egpj.exe", "pay gpj.exe"),
        ("👩‍👩‍👧 می‌خواهم", "👩‍👩‍👧 می‌خواهم"),
        ("", ""),
    ],
)
def test_several_lines(text: str, cleaned: str) -> None:
    assert several_lines(text) == cleaned


def test_one_line_and_paragraphs() -> None:
    assert one_line("a\n\nb\r\nc") == "a b c"
    assert paragraphs("a\nb\n\nc") == [["a", "b"], ["c"]]
    assert paragraphs("") == []


@pytest.mark.parametrize(
    ("text", "expected"), [("abc", False), ("12 سؤال", True), ("שלום hello", True), ("hello שלום", False), ("…", False)]
)
def test_direction_is_that_of_the_first_letter(text: str, expected: bool) -> None:
    assert is_right_to_left(text) is expected


@settings(max_examples=60)
@given(st.text(st.characters(categories=None), max_size=80))
def test_nothing_a_program_would_obey_is_left(text: str) -> None:
    for cleaned in (one_line(text), several_lines(text)):
        assert all(unicodedata.category(character) not in ("Cc", "Cs") for character in cleaned if character != "\n")
        assert several_lines(cleaned) == cleaned
    assert "\n" not in one_line(text)
