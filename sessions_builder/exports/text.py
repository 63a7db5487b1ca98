"""Text as it may stand in any file: nothing invisible that another program would choke on or be misled by."""

from __future__ import annotations

import re
import unicodedata

_LINE_BREAK = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# What XML refuses, what a terminal obeys, and what turns the order of the letters after it around. Marks without that
# power stay: joiners hold emoji and Persian words together.
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]"
)
_SPACES = re.compile("[ \t]+")


def several_lines(text: str) -> str:
    """The text without control characters, its lines trimmed, with at most one empty line between paragraphs."""
    cleaned = _UNWANTED.sub("", _LINE_BREAK.sub("\n", text))
    lines = "\n".join(_SPACES.sub(" ", line).strip(" ") for line in cleaned.split("\n"))
    return re.sub("\n{3,}", "\n\n", lines).strip("\n")


def one_line(text: str) -> str:
    """The text on one line, without control characters."""
    return _SPACES.sub(" ", several_lines(text).replace("\n", " "))


def paragraphs(text: str) -> list[list[str]]:
    """The lines of each paragraph of a text from `several_lines`; none for an empty text."""
    return [block.split("\n") for block in text.split("\n\n")] if text else []


def is_right_to_left(text: str) -> bool:
    """Whether the first letter with a direction is written from right to left, as `dir="auto"` decides it."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in ("R", "AL"):
            return True
        if direction == "L":
            return False
    return False
