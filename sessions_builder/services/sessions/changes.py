"""What a write changed, in the words events and diffs use: wire names, and `sections.` before those of a section."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Content = Mapping[str, Any]

NOT_EDITED = ("outline", "sources", "variantNumber", "generationSource", "origins")
"""What is looked at part by part, or only follows from what else changes."""


def changed_fields(before: Content, after: Content) -> list[str]:
    """Names of what differs; `sections` alone for sections added, removed or moved."""
    outer = [name for name in after if name not in NOT_EDITED and before[name] != after[name]]
    old, new = before["outline"], after["outline"]
    outer += [name for name in ("summary", "difficulty") if old.get(name) != new.get(name)]
    return [*outer, *_changed_of_sections(old["sections"], new["sections"])]


def moved_minutes(before: Content, after: Content) -> int:
    """Minutes that sections gained, new sections with all of theirs."""
    old = {section["id"]: section["minutes"] for section in before["outline"]["sections"]}
    new = after["outline"]["sections"]
    return sum(max(0, section["minutes"] - old.get(section["id"], 0)) for section in new)


def removed_any(before: Content, after: Content) -> bool:
    """Whether a section is gone."""
    kept = {section["id"] for section in after["outline"]["sections"]}
    return any(section["id"] not in kept for section in before["outline"]["sections"])


def _changed_of_sections(old: list[Any], new: list[Any]) -> list[str]:
    moved = ["sections"] if [section["id"] for section in old] != [section["id"] for section in new] else []
    earlier = {section["id"]: section for section in old}
    names = {
        f"sections.{name}"
        for section in new
        if section["id"] in earlier
        for name in section
        if section[name] != earlier[section["id"]].get(name)
    }
    return [*moved, *sorted(names)]
