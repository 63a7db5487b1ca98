"""Every format a session can be handed over in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sessions_builder.exports import docx, html, ics, markdown
from sessions_builder.exports.document import HandoverDocument


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write a document, with the media type and the ending of the file."""

    name: str
    content_type: str
    ending: str
    write: Callable[[HandoverDocument], bytes]


FORMATS: Mapping[str, Format] = {
    found.name: found
    for found in (
        Format("markdown", "text/markdown; charset=utf-8", "md", markdown.write),
        Format("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx", docx.write),
        Format("html", "text/html; charset=utf-8", "html", html.write),
        Format("ics", "text/calendar; charset=utf-8", "ics", ics.write),
    )
}
