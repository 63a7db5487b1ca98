"""The HTML file: whole in itself, and harmless."""

from __future__ import annotations

import re
from dataclasses import replace

from lxml import etree

from sessions_builder.exports.document import Audience
from sessions_builder.exports.html import write
from sessions_builder.exports.strip import COLOURS
from tests.sessions_builder.exports.examples import PLAN, handover, outline

LOADING = {"src", "srcset", "href", "action", "data", "poster", "background", "style"}


def tree(html: bytes) -> etree._Element:
    """The document as XML: what is not closed or not escaped fails here."""
    return etree.fromstring(html.removeprefix(b"<!doctype html>\n"))


def text_of(element: etree._Element) -> str:
    return " ".join("".join(element.itertext()).split())


def test_it_works() -> None:
    page = tree(write(handover()))
    assert page.findtext(".//h1") == "Coaching that sticks"
    rows = [[text_of(cell) for cell in row] for row in page.findall(".//tbody/tr")]
    assert [(title, minutes) for _, minutes, title, _ in rows] == [
        (title, f"{minutes} min") for _, title, minutes in PLAN
    ]
    assert text_of(page.find(".//blockquote")) == "A short coaching talk has one topic and three open questions."
    assert {"Materials", "Sources", "For you"} <= {text_of(found) for found in page.iter("h2", "h3")}


def test_it_loads_nothing_and_runs_nothing() -> None:
    html = write(handover())
    page = tree(html)
    assert not set(page.iter("script", "link", "img", "iframe", "object"))
    for found in page.iter():
        for name, value in found.attrib.items():
            assert not name.startswith("on")
            assert name not in LOADING or value.startswith("#")
    assert b"url(" not in html
    assert b"@import" not in html
    policy = next(meta.get("content") for meta in page.iter("meta") if meta.get("http-equiv"))
    assert policy.startswith("default-src 'none'; style-src 'sha256-")


def test_the_strip_shows_minutes_and_types() -> None:
    page = tree(write(handover()))
    blocks = page.findall(".//svg[@class='block']")
    assert [block.get("width") for block in blocks] == [f"{minutes / 90 * 100:.3f}%" for *_, minutes in PLAN]
    assert [block.find("rect").get("fill") for block in blocks] == [f"#{COLOURS[kind]}" for kind, *_ in PLAN]
    glyphs = {symbol.get("id") for symbol in page.iter("{*}symbol")}
    assert {block.find("use").get("href").removeprefix("#") for block in blocks} <= glyphs
    assert page.find(".//svg[@role='img']").get("aria-label").startswith("90 minutes: Opener 10 min, Topic 20 min")


def test_participants_see_no_detail() -> None:
    page = tree(write(handover(Audience.PARTICIPANT)))
    assert [text_of(found) for found in page.iter("h2", "h3")] == ["Agenda", "What you will learn"]
    assert b"Keep the time visible" not in write(handover(Audience.PARTICIPANT))


def test_words_of_the_author_carry_language_and_direction() -> None:
    page = tree(write(handover(title="محادثات", brief={"language": "ar"})))
    heading = page.find(".//h1")
    assert (heading.get("lang"), heading.get("dir"), page.get("lang")) == ("ar", "auto", "en")


def test_it_is_made_for_paper() -> None:
    style = re.sub(r"\s+", " ", tree(write(handover())).findtext(".//style"))
    assert "@page { size: A4;" in style
    assert "@media print" in style
    assert "color-scheme: light;" in style


def test_an_outline_without_sections_is_still_a_page() -> None:
    page = tree(write(handover(outline=replace(outline(), sections=()))))
    assert page.find(".//svg") is None
    assert page.findtext(".//h1") == "Coaching that sticks"
