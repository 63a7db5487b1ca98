"""A Word file with real headings, lists and tables, made to be edited further."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from itertools import pairwise
from typing import Any

from docx import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.shared import Cm, Pt

from sessions_builder.exports import docx_parts as parts
from sessions_builder.exports.document import Audience, CitedSource, HandoverDocument, HandoverSection
from sessions_builder.exports.strip import COLOURS, in_words, ticks
from sessions_builder.exports.text import is_right_to_left, paragraphs
from sessions_builder.exports.words import TYPE_NAMES, places

PAGE = (Cm(21), Cm(29.7))
MARGIN = Cm(2)
WIDTH = PAGE[0] - 2 * MARGIN
STRIP_HEIGHT = Cm(0.75)
ROOM_FOR_MINUTES = Cm(0.55)
COLUMNS = (Cm(2), Cm(1.5), Cm(10.5), Cm(3))
WIDER_COLUMNS = (Cm(3.6), Cm(1.5), Cm(8.9), Cm(3))
MOST_COLUMNS = 63
"""Word opens no table with more."""
LONGEST_PROPERTY = 255
HEAD = "EEF0F5"
USUAL_CLOCK = len("09:00")


def write(document: HandoverDocument) -> bytes:
    """The document as Office Open XML."""
    file = Document()
    parts.dress(file, document.language, is_right_to_left(document.title))
    _set_up_page(file, document)
    _describe(file, document)
    _opening(file, document)
    _strip(file, document)
    _agenda(file, document)
    if document.audience is Audience.PARTICIPANT:
        _list(file, "What you will learn", document.objectives, level=1)
    else:
        for section in document.sections:
            _section(file, section)
    _materials(file, document)
    _sources(file, document.sources)
    target = BytesIO()
    file.save(target)
    return target.getvalue()


def _set_up_page(file: Any, document: HandoverDocument) -> None:
    page = file.sections[0]
    page.page_width, page.page_height = PAGE
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = MARGIN
    parts.say(page.header.paragraphs[0], document.title, quiet=True)
    footer = page.footer.paragraphs[0]
    file.styles["Footer"].paragraph_format.tab_stops.clear_all()  # its middle one would catch a short line
    footer.paragraph_format.tab_stops.add_tab_stop(WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    parts.say(footer, f"{document.kind} · {document.status} · {document.origin}\t", quiet=True)
    for words, instruction in (("Page ", "PAGE"), (" of ", "NUMPAGES")):
        parts.say(footer, words, quiet=True)
        parts.field(footer, instruction)


def _describe(file: Any, document: HandoverDocument) -> None:
    properties = file.core_properties
    properties.title = document.title[:LONGEST_PROPERTY]
    properties.subject = document.kind
    properties.category = document.category[:LONGEST_PROPERTY]
    properties.author = properties.last_modified_by = "Session Builder"
    properties.comments = document.origin[:LONGEST_PROPERTY]
    properties.content_status = document.status
    properties.identifier = document.session_id
    properties.language = document.language
    properties.revision = max(1, document.version)
    properties.created, properties.modified = document.created_at, document.updated_at


def _opening(file: Any, document: HandoverDocument) -> None:
    parts.say(file.add_paragraph(), f"{document.kind} · {document.status}", quiet=True)
    parts.say(file.add_paragraph(style="Title"), document.title)
    _text(file, document.summary)
    for fact in document.facts:
        paragraph = file.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(0)
        parts.say(paragraph, f"{fact.label}: ", bold=True)
        parts.say(paragraph, fact.text)
    for notice in document.notices:
        parts.say(file.add_paragraph(style=parts.NOTE_STYLE), notice)


def _strip(file: Any, document: HandoverDocument) -> None:
    """A row of blocks as wide as their minutes, clock times under it."""
    total, count = document.minutes, len(document.sections)
    if not total or count > MOST_COLUMNS:
        return
    file.add_paragraph().paragraph_format.space_after = Pt(0)
    table = file.add_table(rows=2, cols=count)
    edges = [WIDTH * section.begins // total for section in document.sections] + [WIDTH]
    widths = [end - begin for begin, end in pairwise(edges)]
    parts.fix_widths(table, widths)
    parts.without_margins(table)
    parts.describe(table, in_words(document))
    table.rows[0].height = STRIP_HEIGHT
    for cell, section, width in zip(table.rows[0].cells, document.sections, widths, strict=True):
        parts.shade(cell, COLOURS[section.type])
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
        _small(cell.paragraphs[0], str(section.minutes) if width >= ROOM_FOR_MINUTES else "", parts.INK)
    _strip_times(table.rows[1].cells, edges, document)


def _strip_times(cells: Sequence[Any], edges: Sequence[int], document: HandoverDocument) -> None:
    shown = ticks(document.sections, document.minutes)
    places = [section.number - 1 for section in shown]
    for section, first, after in zip(shown, places, [*places[1:], len(cells)], strict=True):
        paragraph = cells[first].merge(cells[after - 1]).paragraphs[0]
        _small(paragraph, section.starts)
        if after == len(cells):
            paragraph.paragraph_format.tab_stops.add_tab_stop(WIDTH - edges[first], WD_TAB_ALIGNMENT.RIGHT)
            _small(paragraph, f"\t{document.sections[-1].ends}")


def _small(paragraph: Any, text: str, colour: str = parts.QUIET) -> None:
    paragraph.paragraph_format.space_after = Pt(0)
    parts.say(paragraph, text, quiet=True, colour=colour)


def _agenda(file: Any, document: HandoverDocument) -> None:
    """The run of the session as a table whose head is repeated on each page."""
    file.add_heading("Agenda", 1)
    table = file.add_table(rows=1, cols=4)
    for cell, name in zip(table.rows[0].cells, ("Time", "Min", "Section", "Type"), strict=True):
        parts.shade(cell, HEAD)
        _cell(cell, name, bold=True)
    parts.repeat_on_each_page(table.rows[0])
    for section in document.sections:
        row = table.add_row()
        texts = (section.starts, str(section.minutes), section.title, TYPE_NAMES[section.type])
        for cell, text in zip(row.cells, texts, strict=True):
            _cell(cell, text)
        parts.keep_on_one_page(row)
    longest = max((len(section.starts) for section in document.sections), default=0)
    parts.fix_widths(table, COLUMNS if longest <= USUAL_CLOCK else WIDER_COLUMNS)
    parts.draw_lines(table)


def _cell(cell: Any, text: str, *, bold: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(2)
    parts.say(paragraph, text, bold=bold)


def _section(file: Any, section: HandoverSection) -> None:
    heading = file.add_heading(level=1)
    parts.say(heading, f"{section.number}. {section.title}")
    parts.say(heading, f" ({section.minutes}\N{NO-BREAK SPACE}min)")
    times = f"{section.starts}–{section.ends}"
    how = " · ".join(filter(None, (times, TYPE_NAMES[section.type], section.how)))
    under = file.add_paragraph()
    under.paragraph_format.keep_with_next = bool(section.description or section.objectives or section.steps)
    parts.say(under, how, quiet=True)
    _text(file, section.description)
    _list(file, "People can then", section.objectives)
    _steps(file, section)
    _list(file, "Ask", section.prompts)
    if section.note:
        file.add_heading("For you", 2)
        _text(file, section.note, style=parts.NOTE_STYLE)
    _list(file, "Bring", section.materials)
    _list(file, "Rests on", [f"{source.id}: {source.title}" for source in section.sources])


def _steps(file: Any, section: HandoverSection) -> None:
    if not section.steps:
        return
    file.add_heading("Steps", 2)
    numbering = parts.restarted_list(file)
    for step in section.steps:
        paragraph = file.add_paragraph(style="List Number")
        paragraph._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = numbering
        parts.say(paragraph, step.text)
        if step.minutes:
            parts.say(paragraph, f" {step.minutes} min", quiet=True)


def _list(file: Any, heading: str, texts: Sequence[str], level: int = 2) -> None:
    if texts:
        file.add_heading(heading, level)
        for text in texts:
            parts.say(file.add_paragraph(style="List Bullet"), text)


def _materials(file: Any, document: HandoverDocument) -> None:
    lines = [f"{material.name} ({places(material.sections)})" for material in document.materials]
    _list(file, "Materials", lines, level=1)


def _sources(file: Any, sources: Sequence[CitedSource]) -> None:
    if not sources:
        return
    file.add_heading("Sources", 1)
    for source in sources:
        parts.say(file.add_heading(level=2), f"{source.id}: {source.title}")
        if source.about:
            parts.say(file.add_paragraph(), source.about, quiet=True)
        _text(file, source.excerpt, style="Quote")


def _text(file: Any, text: str, style: str | None = None) -> None:
    """A paragraph each, line breaks kept."""
    for lines in paragraphs(text):
        parts.say(file.add_paragraph(style=style), "\n".join(lines))
