"""Writing HTML and SVG so that text cannot become markup: whatever is not Markup is escaped."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

WITHOUT_CONTENT = frozenset({"meta", "rect", "use", "br"})


class Markup(str):
    """Text that is markup already: made by the functions here, and from files of ours."""

    __slots__ = ()


def element(name: str, /, *children: str, **attributes: str | int | None) -> Markup:
    """An element. `class_` is written `class`, `a_b` is written `a-b`; an attribute that is None is left out."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in WITHOUT_CONTENT:
        return Markup(f"<{name}{written}/>")
    return Markup(f"<{name}{written}>{together(children)}</{name}>")


def together(parts: Iterable[str]) -> Markup:
    """Texts and pieces of markup, one after the other."""
    return Markup("".join(part if isinstance(part, Markup) else escape(part) for part in parts))
