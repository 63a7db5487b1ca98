"""The session strip: a block per section, as wide as its minutes, coloured by type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from sessions_builder.exports.document import HandoverDocument, HandoverSection
from sessions_builder.exports.markup import Markup, element
from sessions_builder.exports.words import TYPE_NAMES
from sessions_builder.pipeline.types import SectionType

COLOURS: Mapping[SectionType, str] = {
    SectionType.OPENER: "DCA657",
    SectionType.TOPIC: "9EACF1",
    SectionType.EXERCISE: "76C68D",
    SectionType.INSPIRATION: "E593C2",
    SectionType.CLOSING: "F0967F",
    SectionType.VIDEO: "C79DE6",
    SectionType.DISCUSSION: "57C3CF",
    SectionType.PRESENTATION: "79B8ED",
    SectionType.BREAK: "ADB1B9",
    SectionType.ASSESSMENT: "B3B85E",
    SectionType.CUSTOM: "61C6B1",
}
"""The colours of static/css/tokens.css in sRGB, for files that have no style sheet of ours."""
GLYPHS = Path(__file__).parents[2] / "static" / "icons" / "sections.svg"

# Shares of a page's width: what a glyph needs, and a letter of a clock time, and the space between two of these.
GLYPH_SHARE = 0.03
LETTER_SHARE = 0.012
SPACE_SHARE = 0.02


def ticks(sections: Sequence[HandoverSection], total: int) -> list[HandoverSection]:
    """The sections under which there is room to write their starting time, beside the end of the last one."""
    chosen: list[HandoverSection] = []
    free = 0.0
    for section in sections:
        begins = section.begins / total
        ends = begins + len(section.starts) * LETTER_SHARE + SPACE_SHARE
        if free <= begins and ends <= 1 - len(sections[-1].ends) * LETTER_SHARE:
            chosen.append(section)
            free = ends
    return chosen


def svg(document: HandoverDocument) -> Markup:
    """The strip as inline SVG that needs nothing else; empty for a session without minutes."""
    total = document.minutes
    if not total:
        return Markup()
    glyphs = Markup(GLYPHS.read_text(encoding="utf-8"))
    drawn = element(
        "svg",
        *(_block(section, total) for section in document.sections),
        *_times(document, total),
        class_="strip",
        role="img",
        aria_label=in_words(document),
    )
    return element("div", element("div", glyphs, class_="glyphs", aria_hidden="true"), drawn, class_="strip-place")


def _block(section: HandoverSection, total: int) -> Markup:
    share = section.minutes / total
    glyph = element("use", class_="glyph", href=f"#{section.type}", x="50%", width=16, height=16)
    return element(
        "svg",
        element("title", f"{section.starts} {section.title} ({TYPE_NAMES[section.type]}, {section.minutes} min)"),
        element("rect", width="100%", height=28, rx=4, fill=f"#{COLOURS[section.type]}"),
        glyph if share >= GLYPH_SHARE else "",
        class_="block",
        x=_percent(section.begins / total),
        width=_percent(share),
        height="100%",
    )


def _times(document: HandoverDocument, total: int) -> Iterator[Markup]:
    for place, section in enumerate(ticks(document.sections, total)):
        yield element(
            "text", section.starts, class_="more" if place else None, x=_percent(section.begins / total), y=44
        )
    yield element("text", document.schedule.clock(total), x="100%", y=44, text_anchor="end")


def in_words(document: HandoverDocument) -> str:
    parts = (f"{TYPE_NAMES[section.type]} {section.minutes} min" for section in document.sections)
    return f"{document.minutes} minutes: {', '.join(parts)}"


def _percent(share: float) -> str:
    return f"{share * 100:.3f}%"
