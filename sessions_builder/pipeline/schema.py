"""The shape of an outline on the wire to and from a model: strict about names, silent about lengths."""

from __future__ import annotations

from typing import Any

from sessions_builder.pipeline.parse import PURPOSES
from sessions_builder.pipeline.types import SectionType

MODES = ("individual", "pairs", "small_groups", "plenary")


def _object(**properties: Any) -> dict[str, Any]:
    """A JSON schema object that needs all of its properties and takes no others, as strict mode demands."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list_of(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


_TEXT = {"type": "string"}
_NUMBER = {"type": "number"}

# Lengths and ranges are checked after the answer: not every server knows them, and a cut answer beats none.
SECTION_SCHEMA: dict[str, Any] = _object(
    type={"type": "string", "enum": [kind.value for kind in SectionType]},
    title=_TEXT,
    minutes=_NUMBER,
    description=_TEXT,
    objectives=_list_of(_TEXT),
    purposes=_list_of({"type": "string", "enum": sorted(PURPOSES)}),
    activity=_TEXT,
    mode={"type": "string", "enum": list(MODES)},
    steps=_list_of(_object(text=_TEXT, minutes=_NUMBER)),
    materials=_list_of(_TEXT),
    facilitatorNote=_TEXT,
    prompts=_list_of(_TEXT),
    sourceIds=_list_of(_TEXT),
)
OUTLINE_SCHEMA: dict[str, Any] = _object(
    title=_TEXT,
    summary=_TEXT,
    difficulty=_TEXT,
    sections=_list_of(SECTION_SCHEMA),
)
