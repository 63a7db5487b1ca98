"""Markdown, read back by another program's parser."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from sessions_builder.exports.document import Audience
from sessions_builder.exports.markdown import escape, write
from sessions_builder.exports.text import one_line
from sessions_builder.pipeline.types import SectionType
from tests.sessions_builder.exports.examples import PLAN, handover, outline, section

READER = MarkdownIt("commonmark").enable("table")
PLAIN = {"text", "softbreak", "hardbreak", "strong_open", "strong_close"}


def shown(inline: Token) -> str:
    """What a reader sees of an inline token. Fails when there is more than text in it."""
    children = inline.children or []
    assert {child.type for child in children} <= PLAIN | {"text_special"}
    return "".join("\n" if "break" in child.type else child.content for child in children)


def sections_in(markdown: str) -> list[tuple[str, int]]:
    """Title and minutes of each row of the agenda."""
    tokens = READER.parse(markdown)
    cells = [shown(tokens[place + 1]) for place, token in enumerate(tokens) if token.type == "td_open"]
    return [(cells[place + 2], int(cells[place + 1])) for place in range(0, len(cells), 4)]


def headings_in(markdown: str) -> list[tuple[str, str]]:
    tokens = READER.parse(markdown)
    return [(token.tag, shown(tokens[place + 1])) for place, token in enumerate(tokens) if token.type == "heading_open"]


def test_it_works() -> None:
    markdown = write(handover()).decode()
    assert sections_in(markdown) == [(title, minutes) for _, title, minutes in PLAN]
    titled = [text for tag, text in headings_in(markdown) if tag == "h2"]
    assert titled == [
        "Agenda",
        *(f"{number}. {title} ({minutes} min)" for number, (_, title, minutes) in enumerate(PLAN, start=1)),
        "Materials",
        "Sources",
    ]
    assert "> A short coaching talk has one topic" in markdown


def test_participants_get_agenda_and_objectives_only() -> None:
    markdown = write(handover(Audience.PARTICIPANT)).decode()
    assert sections_in(markdown) == [(title, minutes) for _, title, minutes in PLAN]
    assert [text for _, text in headings_in(markdown)] == ["Coaching that sticks", "Agenda", "What you will learn"]


def test_line_breaks_of_a_text_stay() -> None:
    markdown = write(handover(outline=outline(section(SectionType.TOPIC, "a", 9, description="x\ny\n\n- z"))))
    assert b"x\\\ny\n\n\\- z" in markdown


SIGNS = st.text(st.sampled_from("#*_`~[]()<>!|\\&-+=:;$@^{}19. \n\t"), max_size=6)
MARKUP = st.sampled_from(["<b>", "&lt;", "&#65;", "![x](http://a.b)", "www.a.b", "===", "```", " #", "\n\n"])
STARTS = st.sampled_from(["", "# ", "- ", "+ ", "1. ", "2) ", "> ", "=", "---", "\n- ", "\n\n# "])
PIECES = st.one_of(SIGNS, MARKUP, STARTS, st.text(max_size=6))
TEXT = st.tuples(STARTS, st.lists(PIECES, max_size=9).map("".join)).map("".join)


@settings(max_examples=100)
@given(st.lists(st.tuples(TEXT, st.integers(1, 480)), min_size=1, max_size=4), TEXT)
def test_any_text_round_trips_as_text(planned: list[tuple[str, int]], text: str) -> None:
    sections = [
        section(SectionType.TOPIC, title, minutes, description=text, facilitator_note=text)
        for title, minutes in planned
    ]
    markdown = write(handover(title=text, outline=outline(*sections))).decode()
    found = {token.type for token in READER.parse(markdown)}
    assert not {"html_block", "fence", "code_block", "hr"} & found
    expected = [(_squeezed(title), minutes) for title, minutes in planned]
    assert [(_squeezed(title), minutes) for title, minutes in sections_in(markdown)] == expected
    levels = [tag for tag, _ in headings_in(markdown)]
    assert (levels.count("h1"), levels.count("h2")) == (1, len(planned) + 3)


@settings(max_examples=100)
@given(TEXT)
def test_an_escaped_line_shows_exactly_itself(text: str) -> None:
    line = _squeezed(text)
    tokens = READER.parse(escape(line))
    assert [token.type for token in tokens] in ([], ["paragraph_open", "inline", "paragraph_close"])
    assert "".join(shown(token) for token in tokens if token.type == "inline") == line


def _squeezed(text: str) -> str:
    """As `one_line` cleans it, and without what any Markdown reader trims at the ends."""
    return " ".join(one_line(text).split())
