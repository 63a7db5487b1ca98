"""Text that is out to be more than text, through every format."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from docx import Document
from icalendar import Calendar
from lxml import etree

from sessions_builder.exports.assembly import assemble
from sessions_builder.exports.document import Audience, HandoverDocument
from sessions_builder.exports.registry import FORMATS
from tests.sessions_builder.exports.examples import NOW, filled_with
from tests.sessions_builder.exports.test_markdown import READER, headings_in, sections_in, shown

HOSTILE = {
    "formula": '=HYPERLINK("http://evil.example","click")',
    "command": "=cmd|' /C calc'!A0",
    "script": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "end of style": "</style></title></main>--><svg/onload=alert(1)>]]>",
    "markdown link": "](http://evil.example) [x](javascript:alert(1)) ![p](http://evil.example/p.png)",
    "markdown heading": "# Heading\n\n## Another\n---\n| a | b |\n",
    "html comment": "<!-- --><?php ?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
    "calendar": "x\r\nEND:VEVENT\r\nBEGIN:VALARM\r\nATTACH:http://evil.example\r\n",
    "control": "a\x00b\x07c\x1b]0;title\x07\x9b31m\ud800\udfff\ufffe",
    "direction": "\u202etxt.exe\u2066 hidden\u2069",
    "field": '{ INCLUDETEXT "C:\\\\secret.txt" } \\h MERGEFIELD {{ 7*7 }} ${7*7}',
    "huge": "word " * 6_000,
    "one long word": "x" * 30_000,
    "emoji": "🏴󠁧󠁢󠁥󠁮󠁧󠁿👩‍👩‍👧‍👦" * 50,
}
AUDIENCES = list(Audience)


@pytest.fixture(params=HOSTILE.values(), ids=HOSTILE.keys())
def text(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("audience", AUDIENCES)
def test_markdown(text: str, audience: Audience) -> None:
    markdown, harmless = (written(words, "markdown", audience).decode() for words in (text, "harmless"))
    tokens = READER.parse(markdown)
    assert not {"html_block", "fence", "code_block", "hr"} & {token.type for token in tokens}
    for token in tokens:
        if token.type == "inline":
            shown(token)  # fails for anything but text
    assert [tag for tag, _ in headings_in(markdown)] == [tag for tag, _ in headings_in(harmless)]
    assert len(sections_in(markdown)) == 1


@pytest.mark.parametrize("audience", AUDIENCES)
def test_html(text: str, audience: Audience) -> None:
    page, harmless = (parts_of(written(words, "html", audience)) for words in (text, "harmless"))
    assert page == harmless


@pytest.mark.parametrize("audience", AUDIENCES)
def test_docx(text: str, audience: Audience) -> None:
    file = written(text, "docx", audience)
    opened = Document(BytesIO(file))
    title = next(found.text for found in opened.paragraphs if found.style.name == "Title")
    assert title == document_of(text, audience).title
    with zipfile.ZipFile(BytesIO(file)) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    assert not any(b'TargetMode="External"' in part for name, part in content.items() if name.endswith(".rels"))
    assert b"w:hyperlink" not in content["word/document.xml"]
    assert b"w:instr" not in content["word/document.xml"]


@pytest.mark.parametrize("audience", AUDIENCES)
def test_ics(text: str, audience: Audience) -> None:
    calendar, harmless = (Calendar.from_ical(written(words, "ics", audience)) for words in (text, "harmless"))
    (event,), (usual,) = calendar.walk("VEVENT"), harmless.walk("VEVENT")
    assert [found.name for found in calendar.walk()] == [found.name for found in harmless.walk()]
    assert set(event) == set(usual)
    assert event["SUMMARY"] == document_of(text, audience).title


def document_of(text: str, audience: Audience) -> HandoverDocument:
    return assemble(filled_with(text), audience, now=NOW)


def written(text: str, form: str, audience: Audience) -> bytes:
    return FORMATS[form].write(document_of(text, audience))


def parts_of(html: bytes) -> set[tuple[str, str]]:
    """Every element with every attribute it has; line breaks apart."""
    page = etree.fromstring(html.removeprefix(b"<!doctype html>\n"))
    return {(found.tag, name) for found in page.iter() if found.tag != "br" for name in ("", *found.attrib)}
