"""Complete values for tests, of which a test names only what it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sessions_builder.pipeline.retrieve import round_of
from sessions_builder.pipeline.types import (
    Brief,
    Document,
    Hit,
    Outline,
    RagState,
    Retrieval,
    RetrievalError,
    Round,
    Section,
    SectionType,
    Source,
    Step,
    VariantProfile,
    Wait,
)

TODAY = date(2026, 6, 1)


def a_brief(**fields: Any) -> Brief:
    defaults: dict[str, Any] = {
        "category": "Prospecting",
        "session_type": "workshop",
        "desired_outcome": "Book five qualified appointments per week using a short phone script",
        "current_problem": "New advisors avoid calling and lose confidence after objections",
        "specific_topics": ("call opening", "objection handling", "referral request"),
    }
    return Brief(**{**defaults, **fields})


def a_hit(doc_id: str = "d1", chunk_id: str = "1", score: float = 0.9, snippet: str = "", path: str = "") -> Hit:
    return Hit(doc_id, chunk_id, score, snippet or f"Notes of {doc_id}, part {chunk_id}, on how to open a call.", path)


def a_document(doc_id: str = "d1", **fields: Any) -> Document:
    return Document(doc_id, **fields)


def a_source(id: str = "S1", **fields: Any) -> Source:
    defaults: dict[str, Any] = {
        "id": id,
        "doc_id": f"d-{id}",
        "chunk_id": "1",
        "title": "Opening a call",
        "category": "Prospecting",
        "updated_at": date(2026, 5, 1),
        "similarity": 0.9,
        "score": 0.9,
        "text": "Open with a genuine reason for the call. Then ask one question.",
        "kept": True,
        "reason": "kept",
    }
    return Source(**{**defaults, **fields})


def a_retrieval(*sources: Source, state: RagState = RagState.OK) -> Retrieval:
    return Retrieval(state, sources, query_ms=12, hits_found=len(sources))


def a_profile(number: int = 1, **fields: Any) -> VariantProfile:
    defaults = {"label": f"Version {number}", "description": "A version.", "instruction": "Keep it lively."}
    return VariantProfile(number, **{**defaults, **fields})


def a_section(type: SectionType = SectionType.TOPIC, minutes: int = 30, **fields: Any) -> Section:
    return Section(type=type, minutes=minutes, **{"title": f"A {type.value}", **fields})


def an_outline(*sections: Section, **fields: Any) -> Outline:
    parts = sections or (
        a_section(SectionType.OPENER, 10),
        a_section(SectionType.TOPIC, 30, source_ids=("S1",), steps=(Step("Explain", 10), Step("Show", 20))),
        a_section(SectionType.EXERCISE, 35),
        a_section(SectionType.CLOSING, 15),
    )
    return Outline(
        **{"title": "From cold to booked", "summary": "A summary.", "difficulty": "beginner", **fields}, sections=parts
    )


@dataclass
class FakeRetriever:
    """A knowledge source that answers from a dictionary and remembers what it was asked."""

    hits: Mapping[tuple[str, str | None], Sequence[Hit] | Exception] = field(default_factory=dict)
    default: Sequence[Hit] | Exception = ()
    catalogue: Mapping[str, Document] | Exception = field(default_factory=dict)
    asked: list[tuple[str, str | None, float]] = field(default_factory=list)

    def ask(
        self, queries: Sequence[str], *, category: str | None, deadline: float, wait: Wait = Future.result
    ) -> Round:
        self.asked += [(query, category, deadline) for query in queries]
        return round_of([self.hits.get((query, category), self.default) for query in queries], self.catalogue)


TIMED_OUT = RetrievalError("timeout")
