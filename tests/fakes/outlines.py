"""Outlines the fake model answers with: plausible, complete, about 4 kB, different for each variant number."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

PLANS: dict[str, list[dict[str, Any]]] = json.loads(Path(__file__).with_name("outline_texts.json").read_text("utf-8"))

_SOURCE_ID = re.compile(r"\b(?:S[1-9]\d?|N1)\b")
_MINUTES = re.compile(r"\b(\d{2,3}) ?(?:minutes|min)\b", re.IGNORECASE)
_FIELD = re.compile(
    r"^\W*(desired outcome|outcome|topics?|specific topics|category)\W*[:=]\s*(.{3,160})", re.IGNORECASE | re.MULTILINE
)


def brief_in(messages: Sequence[Mapping[str, Any]]) -> tuple[str, str, str, int, tuple[str, ...]]:
    """Outcome, topic, category, minutes and source ids found in a prompt; plain defaults for what is not there."""
    asked = "\n".join(str(message.get("content") or "") for message in messages if message.get("role") != "system")
    fields: dict[str, str] = {}
    for name, value in _FIELD.findall(asked):
        fields.setdefault(name.lower().split()[-1].removesuffix("s"), value.strip(" \t*.,;\"'"))
    outcome = fields.get("outcome", "a result everybody can see")
    category = fields.get("category", "this field")
    topic = fields.get("topic", outcome).split(",")[0].split(";")[0][:60]
    minutes = _MINUTES.search(asked)
    return outcome[:120], topic, category[:60], int(minutes[1]) if minutes else 90, _source_ids(asked)


def _source_ids(asked: str) -> tuple[str, ...]:
    return tuple(sorted(set(_SOURCE_ID.findall(asked)), key=lambda one: (one[0], int(one[1:]))))[:8]


@lru_cache(maxsize=512)
def outline_text(variant: int, outcome: str, topic: str, category: str, minutes: int, sources: tuple[str, ...]) -> str:
    """The outline of one variant as JSON text; variants 0 and 4 cite nothing."""
    return json.dumps(outline(variant, outcome, topic, category, minutes, sources), ensure_ascii=False)


def outline(
    variant: int, outcome: str, topic: str, category: str, minutes: int, sources: Sequence[str]
) -> dict[str, Any]:
    """The same as a dict, in the product's wire names."""
    words = {"outcome": outcome, "topic": topic, "category": category}
    parts = PLANS[str(variant)]
    cited = iter(range(len(parts)))
    return {
        "title": f"{topic[:1].upper()}{topic[1:]}: {parts[0]['title'].lower()}",
        "summary": f"A session on {topic} for {category}. Participants work towards this: {outcome}.",
        "difficulty": ("intermediate", "beginner", "intermediate", "advanced", "intermediate")[variant],
        "sections": [_section(part, words, minutes, _cited(part, sources, cited, variant)) for part in parts],
    }


def _cited(part: Mapping[str, Any], sources: Sequence[str], turn: Any, variant: int) -> list[str]:
    if not part["cites"] or not sources or variant in (0, 4):
        return []
    return [sources[next(turn) % len(sources)]]


def _section(part: Mapping[str, Any], words: Mapping[str, str], minutes: int, sources: list[str]) -> dict[str, Any]:
    length = max(5, round(part["share"] * minutes))
    first = max(1, length // 4)
    return {
        "type": part["type"],
        "title": part["title"].format_map(words),
        "minutes": length,
        "description": part["description"].format_map(words),
        "objectives": [part["objective"].format_map(words)],
        "purposes": list(part["purposes"]),
        "activity": part["activity"],
        "mode": part["mode"],
        "steps": [
            {"text": text, "minutes": step}
            for text, step in zip(part["steps"], (first, length - 2 * first, first), strict=True)
        ],
        "materials": list(part["materials"]),
        "facilitatorNote": part["note"],
        "prompts": [part["prompt"]],
        "sourceIds": sources,
    }


def fitted(value: Any, schema: Mapping[str, Any], definitions: Mapping[str, Any] | None = None) -> Any:
    """`value` cut down and filled up to what a strict JSON schema asks for."""
    definitions = definitions if definitions is not None else schema.get("$defs", {})
    if "$ref" in schema:
        return fitted(value, definitions[schema["$ref"].rsplit("/", 1)[-1]], definitions)
    if "anyOf" in schema:
        return value if value is not None else fitted(value, schema["anyOf"][0], definitions)
    kind = schema.get("type", "object")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        given = value if isinstance(value, dict) else {}
        return {name: fitted(given.get(name), part, definitions) for name, part in schema["properties"].items()}
    if kind == "array":
        return [fitted(one, schema.get("items", {}), definitions) for one in value or []]
    if "enum" in schema:
        return value if value in schema["enum"] else schema["enum"][0]
    empty = {"string": "", "integer": 0, "number": 0, "boolean": False, "null": None}[kind]
    return empty if value is None else value
