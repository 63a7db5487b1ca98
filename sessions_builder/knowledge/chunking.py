"""Cuts a document into chunks of about 200 words that end where a sentence ends."""

from __future__ import annotations

import re

VERSION = 1
"""Raise it whenever the same text is cut in another way: the admin then tells which documents are not cut so yet."""
TARGET_WORDS = 200
MOST_WORDS = 260
"""A sentence longer than this is cut at a word, so that no chunk is longer."""
_PARAGRAPH = re.compile(r"\n\s*\n")
_SENTENCE = re.compile(
    r"(?:(?<=[.!?])|(?<=[.!?][\"'”’)\]])|(?<=[.!?][\"'”’)\]]{2}))\s+"
    r"|(?<=[。！？])|\n(?=\s*(?:[-*•]|\d+[.)])\s)"
)
"""Where a sentence ends: after its mark and up to two closing quotes or brackets, which stay with it."""


def chunks(text: str) -> tuple[str, ...]:
    """The text in reading order, in chunks of about 200 and at most 260 words; paragraphs stay apart inside a chunk."""
    done: list[str] = []
    parts: list[str] = []
    size = 0
    for opens_paragraph, sentence in _sentences(text):
        length = len(sentence.split())
        if parts and size + length > TARGET_WORDS:
            done.append("".join(parts))
            parts, size = [], 0
        separator = "" if not parts else "\n\n" if opens_paragraph else " "
        parts.append(separator + sentence)
        size += length
    if parts:
        done.append("".join(parts))
    return tuple(done)


def _sentences(text: str) -> list[tuple[bool, str]]:
    """Every sentence, with whether a paragraph begins at it."""
    found: list[tuple[bool, str]] = []
    for paragraph in _PARAGRAPH.split(text):
        first = True
        for sentence in _SENTENCE.split(paragraph.strip()):
            for piece in _pieces(sentence.split()):
                found.append((first, piece))
                first = False
    return found


def _pieces(words: list[str]) -> list[str]:
    return [" ".join(words[at : at + MOST_WORDS]) for at in range(0, len(words), MOST_WORDS)]
