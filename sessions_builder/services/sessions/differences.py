"""What differs between two contents of a session, for people to look at before they restore one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

Content = Mapping[str, Any]
Wire = dict[str, Any]

OWN_FIELDS = ("title", "category", "sessionType", "durationMinutes", "startsAt", "timeZone")
OUTLINE_FIELDS = ("summary", "difficulty")


def difference(before: Content, after: Content) -> Wire:
    """Fields with both values; sections added, removed, moved and changed; minutes in all."""
    old, new = before["outline"]["sections"], after["outline"]["sections"]
    return {
        "minutes": {"before": _total(old), "after": _total(new)},
        "fields": [
            *_fields(before, after, OWN_FIELDS),
            *_fields(before["outline"], after["outline"], OUTLINE_FIELDS),
            *_fields(before["brief"], after["brief"], sorted({*before["brief"], *after["brief"]})),
        ],
        "sections": {
            "added": _only_in(new, old),
            "removed": _only_in(old, new),
            "moved": list(_moved(old, new)),
            "changed": list(_changed(old, new)),
        },
    }


def _fields(before: Content, after: Content, names: Sequence[str]) -> list[Wire]:
    return [
        {"field": name, "before": before.get(name), "after": after.get(name)}
        for name in names
        if before.get(name) != after.get(name)
    ]


def _total(sections: Sequence[Content]) -> int:
    return sum(section["minutes"] for section in sections)


def _only_in(sections: Sequence[Content], others: Sequence[Content]) -> list[Wire]:
    """Sections that are not among the others, each with its place from 0."""
    known = {section["id"] for section in others}
    return [
        {"position": place, "section": section} for place, section in enumerate(sections) if section["id"] not in known
    ]


def _moved(old: Sequence[Content], new: Sequence[Content]) -> Iterator[Wire]:
    """Sections of both that stand in another order; those that stay put keep their order among themselves."""
    were, are = [section["id"] for section in old], [section["id"] for section in new]
    shared_before = [one for one in were if one in set(are)]
    shared_after = [one for one in are if one in set(were)]
    stayed: set[str] = set()
    for block in SequenceMatcher(None, shared_before, shared_after, autojunk=False).get_matching_blocks():
        stayed.update(shared_before[block.a : block.a + block.size])
    for place, section in enumerate(new):
        if section["id"] in set(shared_after) - stayed:
            start = were.index(section["id"])
            yield {"id": section["id"], "title": section["title"], "before": start, "after": place}


def _changed(old: Sequence[Content], new: Sequence[Content]) -> Iterator[Wire]:
    earlier = {section["id"]: section for section in old}
    for section in new:
        was = earlier.get(section["id"])
        if was is not None and was != section:
            yield {
                "id": section["id"],
                "title": section["title"],
                "minutes": {"before": was["minutes"], "after": section["minutes"]},
                "fields": _fields(was, section, [name for name in section if name != "id"]),
            }
