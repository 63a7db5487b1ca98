"""The Word file: read back with python-docx, looked at as XML, and opened by LibreOffice where there is one."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from lxml import etree
from pypdf import PdfReader

from sessions_builder.exports.document import Audience
from sessions_builder.exports.docx import WIDTH, write
from sessions_builder.exports.strip import COLOURS
from sessions_builder.exports.times import Schedule
from sessions_builder.pipeline.types import Outline, SectionType, Step
from tests.sessions_builder.exports.examples import BERLIN, PLAN, START, handover, outline, section

SOFFICE = shutil.which("soffice")
# The order the schema wants, of the properties written here by hand among those python-docx writes.
ORDERS = {
    "pPr": "pStyle keepNext numPr pBdr shd tabs bidi spacing ind contextualSpacing jc",
    "tblPr": "tblStyle tblW jc tblBorders tblLayout tblCellMar tblLook tblDescription",
    "tcPr": "tcW gridSpan shd vAlign",
}


def opened(**changes: Any) -> Any:
    return Document(BytesIO(write(handover(**changes))))


def headings(file: Any, level: int) -> list[str]:
    return [found.text for found in file.paragraphs if found.style.name == f"Heading {level}"]


def long_outline() -> Outline:
    kinds = list(SectionType)
    return outline(*(section(kinds[number % 11], f"Section {number}", 12) for number in range(40)))


def test_it_works() -> None:
    file = opened()
    assert [found.text for found in file.paragraphs if found.style.name == "Title"] == ["Coaching that sticks"]
    titled = [f"{number}. {title} ({minutes}\xa0min)" for number, (_, title, minutes) in enumerate(PLAN, start=1)]
    assert headings(file, 1) == ["Agenda", *titled, "Materials", "Sources"]
    rows = [[cell.text for cell in row.cells] for row in file.tables[1].rows]
    assert rows[0] == ["Time", "Min", "Section", "Type"]
    assert [(row[2], int(row[1])) for row in rows[1:]] == [(title, minutes) for _, title, minutes in PLAN]


def test_the_strip_is_a_row_of_cells_as_wide_as_their_minutes() -> None:
    cells = opened().tables[0].rows[0].cells
    assert sum(cell.width for cell in cells) == pytest.approx(WIDTH, abs=20_000)
    for cell, (kind, _, minutes) in zip(cells, PLAN, strict=True):
        assert cell.width / WIDTH == pytest.approx(minutes / 90, abs=0.001)
        assert cell._tc.tcPr.find(qn("w:shd")).get(qn("w:fill")) == COLOURS[kind]
        assert cell.text == str(minutes)


def test_numbered_steps_begin_with_one_in_each_section() -> None:
    steps = [found for found in opened().paragraphs if found.style.name == "List Number"]
    lists = [found._p.pPr.numPr.numId.val for found in steps]
    assert len(steps) == 2 * len(PLAN)
    assert len(set(lists)) == len(PLAN)


def test_header_footer_and_properties() -> None:
    file = opened(brief={"language": "de"})
    page = file.sections[0]
    assert page.header.paragraphs[0].text == "Coaching that sticks"
    assert "AI with the author's material (1 source)" in page.footer.paragraphs[0].text
    assert [stop.position for stop in file.styles["Footer"].paragraph_format.tab_stops] == []
    fields = [found.get(qn("w:instr")) for found in page.footer._element.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]
    properties = file.core_properties
    assert (properties.title, properties.revision, properties.language) == ("Coaching that sticks", 3, "de")
    assert (properties.author, properties.content_status) == ("Session Builder", "Draft, version 3")
    language = file.styles.element.find(".//" + qn("w:docDefaults")).find(".//" + qn("w:lang"))
    assert language.get(qn("w:val")) == "de"


def test_participants_get_an_agenda_and_what_they_will_learn() -> None:
    file = Document(BytesIO(write(handover(Audience.PARTICIPANT))))
    assert headings(file, 1) == ["Agenda", "What you will learn"]
    assert "Keep the time visible" not in etree.tostring(file.element, encoding="unicode")


def test_text_from_right_to_left_runs_that_way() -> None:
    plan = outline(section(SectionType.TOPIC, "محادثة", 90, description="يفكر الجميع", steps=(Step("اسأل", 5),)))
    file = opened(title="محادثات تنجح", outline=plan)
    title = next(found for found in file.paragraphs if found.style.name == "Title")
    assert title._p.pPr.find(qn("w:bidi")) is not None
    assert title.runs[0].font.rtl
    step = next(found for found in file.paragraphs if found.style.name == "List Number")
    assert step.text == "اسأل \u200e5 min\u200e"
    assert headings(file, 2)[0] == "People can then"


@pytest.mark.parametrize("plan", [outline(), long_outline()], ids=["usual", "long"])
def test_the_parts_of_the_file_are_sound(plan: Outline) -> None:
    with zipfile.ZipFile(BytesIO(write(handover(outline=plan)))) as archive:
        assert archive.testzip() is None
        trees = {name: etree.fromstring(archive.read(name)) for name in archive.namelist() if name.endswith(".xml")}
    for name in ("word/document.xml", "word/styles.xml", "word/numbering.xml", "docProps/core.xml"):
        assert name in trees
    for tree in trees.values():
        for kind, order in ORDERS.items():
            for properties in tree.iter(qn(f"w:{kind}")):
                found = [etree.QName(child).localname for child in properties]
                places = [order.split().index(child) for child in found if child in order.split()]
                assert places == sorted(places), found


def test_more_sections_than_word_has_columns() -> None:
    plan = outline(*(section(SectionType.TOPIC, str(number), 5) for number in range(64)))
    agenda = Document(BytesIO(write(handover(Audience.PARTICIPANT, outline=plan))))
    assert len(agenda.tables) == 1


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_it(tmp_path: Path) -> None:
    right_to_left = outline(section(SectionType.TOPIC, "محادثة", 45), section(SectionType.CLOSING, "סיכום 🎉", 45))
    names = {
        "usual": handover(),
        "agenda": handover(Audience.PARTICIPANT),
        "long": handover(outline=long_outline(), schedule=Schedule(START, BERLIN, 480)),
        "right-to-left": handover(title="محادثات", outline=right_to_left),
    }
    for name, document in names.items():
        (tmp_path / f"{name}.docx").write_bytes(write(document))
    subprocess.run(
        [
            str(SOFFICE),
            f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
            *("--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)),
            *(str(tmp_path / f"{name}.docx") for name in names),
        ],
        check=True,
        capture_output=True,
        timeout=100,
    )
    pages = {name: [page.extract_text() for page in PdfReader(tmp_path / f"{name}.pdf").pages] for name in names}
    assert len(pages["agenda"]) == 1
    assert "Two truths about being coached" in pages["usual"][0]
    assert f"Page 1 of {len(pages['long'])}" in pages["long"][0]
    assert "Section 39" in pages["long"][-1]
    assert "For you" in pages["right-to-left"][0]
