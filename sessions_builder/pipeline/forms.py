"""What a model can be asked for, and how its answer is read: an outline, or one section of one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sessions_builder.pipeline.parse import parse_outline, parse_section
from sessions_builder.pipeline.prompt import PROMPT_VERSION
from sessions_builder.pipeline.prompt_section import SECTION_PROMPT_VERSION
from sessions_builder.pipeline.schema import OUTLINE_SCHEMA, SECTION_SCHEMA
from sessions_builder.pipeline.types import Outline, WriteRequest


@dataclass(frozen=True, slots=True)
class Form:
    """`parse` raises ParseError; a section comes back as the only one of an outline."""

    name: str
    schema: dict[str, Any] = field(hash=False, compare=False)
    parse: Callable[[str], Outline]
    prompt_version: str


OUTLINE = Form("outline", OUTLINE_SCHEMA, parse_outline, PROMPT_VERSION)
SECTION = Form("section", SECTION_SCHEMA, parse_section, SECTION_PROMPT_VERSION)


def form_of(request: WriteRequest) -> Form:
    """The form of what a request asks for."""
    return OUTLINE if request.ask is None else SECTION
