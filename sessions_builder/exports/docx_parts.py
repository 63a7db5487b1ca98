"""What python-docx has no words for: shading, cell widths, page numbers, restarted lists, text from right to left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from sessions_builder.exports.text import is_right_to_left

FONT = "Calibri"
INK, QUIET, NOTE, LINE = "191D2B", "545D72", "EEEDFD", "D9DDE6"
NOTE_STYLE = "Facilitator note"
LEFT_TO_RIGHT = "\N{LEFT-TO-RIGHT MARK}"
SIZES = {"Title": 24, "Heading 1": 15, "Heading 2": 12.5, "Heading 3": 10}
# Elements that have to come after `w:bidi` in a paragraph's properties, as the schema orders them.
AFTER_BIDI = ("w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:rPr")


def made(name: str, **attributes: object) -> Any:
    """An element of WordprocessingML with its attributes, both named without their prefix."""
    element = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), str(value))
    return element


def say(paragraph: Any, text: str, *, quiet: bool = False, bold: bool = False, colour: str = QUIET) -> None:
    """Add text to a paragraph; the first text of a paragraph decides in which direction it runs."""
    right_to_left = is_right_to_left(text)
    properties = paragraph._p.get_or_add_pPr()
    if right_to_left and not paragraph.runs:
        properties.insert_element_before(made("bidi"), *AFTER_BIDI)
    elif not right_to_left and properties.find(qn("w:bidi")) is not None:
        words = text.lstrip(" ")
        text = f"{text[: -len(words)]}{LEFT_TO_RIGHT}{words}{LEFT_TO_RIGHT}"
    run = paragraph.add_run(text)
    run.font.rtl = True if right_to_left else None
    run.bold = bold or None
    if quiet:
        run.font.size = Pt(9)
        run.font.color.rgb = RGBColor.from_string(colour)


def field(paragraph: Any, instruction: str) -> None:
    """Add a field that is computed when the file is shown, such as PAGE."""
    say(paragraph, "1", quiet=True)
    simple = made("fldSimple", instr=instruction)
    simple.append(paragraph.runs[-1]._r)
    paragraph._p.append(simple)


def shade(cell: Any, colour: str) -> None:
    cell._tc.get_or_add_tcPr().append(made("shd", val="clear", color="auto", fill=colour))


def fix_widths(table: Any, widths: Sequence[int]) -> None:
    """Make the columns exactly this wide (EMU), whatever is in them."""
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width


def draw_lines(table: Any) -> None:
    """Thin light lines between the rows, none between the columns."""
    borders = made("tblBorders")
    for side in ("top", "bottom", "insideH"):
        borders.append(made(side, val="single", sz=4, space=0, color=LINE))
    table._tbl.tblPr.find(qn("w:tblLayout")).addprevious(borders)


def without_margins(table: Any) -> None:
    """Let cells be as narrow as a few minutes need, with a thin white line between them."""
    properties = table._tbl.tblPr
    borders = made("tblBorders")
    borders.append(made("insideV", val="single", sz=8, space=0, color="FFFFFF"))
    margins = made("tblCellMar")
    margins.append(made("left", w=0, type="dxa"))
    margins.append(made("right", w=0, type="dxa"))
    layout = properties.find(qn("w:tblLayout"))
    layout.addprevious(borders)
    layout.addnext(margins)


def describe(table: Any, text: str) -> None:
    """What a screen reader says of a table."""
    table._tbl.tblPr.append(made("tblDescription", val=text))


def repeat_on_each_page(row: Any) -> None:
    row._tr.get_or_add_trPr().append(made("tblHeader"))


def keep_on_one_page(row: Any) -> None:
    row._tr.get_or_add_trPr().append(made("cantSplit"))


def restarted_list(document: Any) -> Any:
    """The numbering properties of a numbered list that begins with 1 again."""
    numbering = document.part.numbering_part.element
    style = document.styles["List Number"].element
    usual = numbering.num_having_numId(style.pPr.numPr.numId.val)
    again = numbering.add_num(usual.abstractNumId.val)
    again.add_lvlOverride(ilvl=0).add_startOverride(1)
    return again.numId


def dress(document: Any, language: str, right_to_left: bool) -> None:
    """Fonts, sizes and the language the spelling is checked in."""
    styles = document.styles
    languages = styles.element.find(".//" + qn("w:docDefaults")).find(".//" + qn("w:lang"))
    languages.set(qn("w:val"), language)
    languages.set(qn("w:bidi" if right_to_left else "w:eastAsia"), language)
    styles["Normal"].font.size = Pt(10.5)
    styles["Normal"].paragraph_format.space_after = Pt(4)
    styles["Normal"].paragraph_format.line_spacing = 1.15
    for name in ("Normal", *SIZES):
        _font(styles[name])
    for name, size in SIZES.items():
        styles[name].font.size = Pt(size)
        styles[name].font.color.rgb = RGBColor.from_string(QUIET if name == "Heading 3" else INK)
        styles[name].paragraph_format.keep_with_next = True
    for border in styles["Title"].element.findall(".//" + qn("w:pBdr")):
        border.getparent().remove(border)
    _add_note_style(styles)


def _font(style: Any) -> None:
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in list(fonts.attrib):
        del fonts.attrib[attribute]
    for script in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{script}"), FONT)


def _add_note_style(styles: Any) -> None:
    note = styles.add_style(NOTE_STYLE, WD_STYLE_TYPE.PARAGRAPH)
    note.base_style = styles["Normal"]
    properties = note.element.get_or_add_pPr()
    border = made("pBdr")
    border.append(made("left", val="single", sz=18, space=8, color="4F46E5"))
    properties.append(border)
    properties.append(made("shd", val="clear", color="auto", fill=NOTE))
    note.paragraph_format.space_before = Pt(4)
