"""Markdown (CommonMark, with GitHub's tables) in which the text of authors and sources is nothing but text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from sessions_builder.exports.document import Audience, CitedSource, HandoverDocument, HandoverSection
from sessions_builder.exports.text import paragraphs
from sessions_builder.exports.words import TYPE_NAMES, places

# Beside CommonMark's own signs: what GitHub makes of addresses, mentions, issue numbers and formulas.
_SPECIAL = re.compile(r"[\\`*_\[\]<>|~$@#{}]|&(?=[#\w])|(?<=[A-Za-z]):(?=\S)|(?<=www)\.(?=\S)", re.IGNORECASE)
_LINE_START = re.compile(r"^(?:[-+=:]|\d{1,9}(?=[.)]))")


def write(document: HandoverDocument) -> bytes:
    """The document as UTF-8."""
    return ("\n\n".join(_blocks(document)) + "\n").encode()


def escape(line: str) -> str:
    """One line as Markdown that shows exactly this text, wherever it stands."""
    escaped = _SPECIAL.sub(lambda found: "\\" + found.group(), line)
    return _LINE_START.sub(_defused, escaped)


def _defused(found: re.Match[str]) -> str:
    start = found.group()
    return f"{start}\\" if start.isdigit() else f"\\{start}"


def _blocks(document: HandoverDocument) -> Iterator[str]:
    yield f"# {escape(document.title)}"
    yield f"{document.kind} · {document.status}"
    yield from _text(document.summary)
    yield _bullets(f"**{fact.label}:** {escape(fact.text)}" for fact in document.facts)
    yield from (f"> **Note:** {notice}" for notice in document.notices)
    yield "## Agenda"
    yield _agenda(document.sections)
    if document.audience is Audience.PARTICIPANT:
        yield from _list("## What you will learn", document.objectives)
        return
    yield from (block for section in document.sections for block in _section(section))
    if document.materials:
        yield "## Materials"
        yield _bullets(f"{escape(item.name)} ({places(item.sections)})" for item in document.materials)
    if document.sources:
        yield "## Sources"
        yield from (block for source in document.sources for block in _source(source))


def _agenda(sections: Sequence[HandoverSection]) -> str:
    rows = (
        f"| {section.starts} | {section.minutes} | {escape(section.title)} | {TYPE_NAMES[section.type]} |"
        for section in sections
    )
    return "\n".join(("| Time | Minutes | Section | Type |", "|---:|---:|---|---|", *rows))


def _section(section: HandoverSection) -> Iterator[str]:
    yield f"## {section.number}. {escape(section.title)} ({section.minutes} min)"
    how = (TYPE_NAMES[section.type], escape(section.how))
    yield " · ".join((f"**{section.starts}–{section.ends}**", *filter(None, how)))
    yield from _text(section.description)
    yield from _list("### People can then", section.objectives)
    if section.steps:
        yield "### Steps"
        yield "\n".join(
            f"{place}. {escape(step.text)}" + (f" ({step.minutes} min)" if step.minutes else "")
            for place, step in enumerate(section.steps, start=1)
        )
    yield from _list("### Ask", section.prompts)
    if section.note:
        yield "### For you"
        yield from _text(section.note)
    yield from _list("### Bring", section.materials)
    if section.sources:
        yield "### Rests on"
        yield _bullets(f"{escape(source.id)}: {escape(source.title)}" for source in section.sources)


def _source(source: CitedSource) -> Iterator[str]:
    yield f"### {escape(source.id)}: {escape(source.title)}"
    if source.about:
        yield escape(source.about)
    if source.excerpt:
        yield "\n>\n".join(_quoted(block) for block in _text(source.excerpt))


def _quoted(block: str) -> str:
    return "\n".join(f"> {line}" for line in block.split("\n"))


def _list(heading: str, texts: Sequence[str]) -> Iterator[str]:
    if texts:
        yield heading
        yield _bullets(map(escape, texts))


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _text(text: str) -> Iterator[str]:
    """A block for each paragraph, line breaks kept."""
    for lines in paragraphs(text):
        yield "\\\n".join(map(escape, lines))
