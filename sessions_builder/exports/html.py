"""One HTML file to read and to print: its style inside, no script, nothing loaded from anywhere."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from sessions_builder.exports import strip
from sessions_builder.exports.document import Audience, CitedSource, HandoverDocument, HandoverSection
from sessions_builder.exports.markup import Markup, element
from sessions_builder.exports.text import paragraphs
from sessions_builder.exports.words import TYPE_NAMES, places

STYLE = Markup(Path(__file__).with_name("handover.css").read_text(encoding="utf-8"))
# Even if markup of somebody else got in, it could neither run nor load anything.
POLICY = f"default-src 'none'; style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'"


def write(document: HandoverDocument) -> bytes:
    """The document as UTF-8."""
    page = element("html", _head(document), element("body", element("main", *_body(document))), lang="en")
    return f"<!doctype html>\n{page}\n".encode()


def _head(document: HandoverDocument) -> Markup:
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", f"{document.title} · {document.kind}"),
        element("style", STYLE),
    )


def _body(document: HandoverDocument) -> Iterator[Markup]:
    said = Words(document.language)
    yield element(
        "header",
        element("p", f"{document.kind} · {document.status}", class_="quiet"),
        said.element("h1", document.title),
        *said.paragraphs(document.summary, class_="lead"),
        element("dl", *(_fact(said, fact.label, fact.text) for fact in document.facts)),
        *(element("p", notice, class_="notice") for notice in document.notices),
        strip.svg(document),
    )
    yield _agenda(said, document.sections)
    if document.audience is Audience.FACILITATOR:
        yield from (_section(said, section) for section in document.sections)
    else:
        yield from _list(said, "What you will learn", document.objectives, "h2")
    if document.materials:
        items = (
            element("li", said.element("span", item.name), element("span", f" {places(item.sections)}", class_="quiet"))
            for item in document.materials
        )
        yield element("section", element("h2", "Materials"), element("ul", *items, class_="materials"))
    if document.sources:
        yield element("section", element("h2", "Sources"), *(_source(said, source) for source in document.sources))


class Words:
    """Elements that hold an author's words: in their language, in the direction they are written in."""

    def __init__(self, language: str) -> None:
        self.language = None if language == "en" else language

    def element(self, name: str, *children: str, class_: str | None = None) -> Markup:
        return element(name, *children, dir="auto", lang=self.language, class_=class_)

    def paragraphs(self, text: str, class_: str | None = None) -> Iterator[Markup]:
        """A paragraph each, line breaks kept."""
        for lines in paragraphs(text):
            broken = [piece for line in lines for piece in (element("br"), line)][1:]
            yield self.element("p", *broken, class_=class_)


def _fact(said: Words, label: str, text: str) -> Markup:
    return element("div", element("dt", label), said.element("dd", text))


def _agenda(said: Words, sections: Sequence[HandoverSection]) -> Markup:
    rows = (
        element(
            "tr",
            element("td", section.starts, class_="figures"),
            element("td", f"{section.minutes} min", class_="figures"),
            said.element("td", section.title),
            element("td", TYPE_NAMES[section.type], class_=f"type {section.type}"),
        )
        for section in sections
    )
    names = element("tr", *(element("th", name, scope="col") for name in ("Time", "Length", "Section", "Type")))
    return element(
        "section", element("h2", "Agenda"), element("table", element("thead", names), element("tbody", *rows))
    )


def _section(said: Words, section: HandoverSection) -> Markup:
    how = [TYPE_NAMES[section.type], " · " if section.how else "", said.element("span", section.how)]
    return element(
        "section",
        element(
            "h2",
            element("span", f"{section.starts}–{section.ends}", class_="figures"),
            said.element("span", f"{section.number}. {section.title}"),
            element("span", f"{section.minutes} min", class_="quiet figures"),
            class_=f"timed {section.type}",
        ),
        element("p", *how, class_="quiet"),
        *said.paragraphs(section.description),
        *_list(said, "People can then", section.objectives),
        *_steps(said, section),
        *_list(said, "Ask", section.prompts),
        *_note(said, section.note),
        *_list(said, "Bring", section.materials),
        *_list(said, "Rests on", [f"{source.id}: {source.title}" for source in section.sources]),
        class_="part",
    )


def _steps(said: Words, section: HandoverSection) -> Iterator[Markup]:
    if section.steps:
        yield element("h3", "Steps")
        yield element("ol", *(said.element("li", step.text, *_minutes(step.minutes)) for step in section.steps))


def _minutes(minutes: int | None) -> Iterator[Markup]:
    if minutes:
        yield element("span", f" {minutes} min", class_="quiet figures")


def _note(said: Words, note: str) -> Iterator[Markup]:
    if note:
        yield element("div", element("h3", "For you"), *said.paragraphs(note), class_="note")


def _list(said: Words, heading: str, texts: Sequence[str], level: str = "h3") -> Iterator[Markup]:
    if texts:
        yield element(level, heading)
        yield element("ul", *(said.element("li", text) for text in texts))


def _source(said: Words, source: CitedSource) -> Markup:
    return element(
        "div",
        element("h3", f"{source.id}: ", said.element("span", source.title)),
        element("p", source.about, class_="quiet") if source.about else "",
        element("blockquote", *said.paragraphs(source.excerpt)) if source.excerpt else "",
        class_="source",
    )
