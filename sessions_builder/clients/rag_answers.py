"""Reading tribeRAG's answers: strict about their shape, tolerant about fields that are missing or odd."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from sessions_builder.clients.http import HttpTrouble
from sessions_builder.pipeline.types import Document, Hit

MOST_HITS = 200
LONGEST_SNIPPET = 10_000
LONGEST_NAME = 300


def hits_in(answer: Any) -> tuple[Hit, ...]:
    """The usable hits, best first, at most 200. Raises HttpTrouble (bad_response) when `hits` is not a list."""
    hits = [hit for entry in _list(answer, "hits") if (hit := _hit(entry)) is not None]
    return tuple(sorted(hits, key=lambda hit: -hit.score)[:MOST_HITS])


def documents_in(answer: Any) -> tuple[Document, ...]:
    """The catalogue entries with an id. Raises HttpTrouble (bad_response) when `documents` is not a list."""
    return tuple(document for entry in _list(answer, "documents") if (document := _document(entry)) is not None)


def _list(answer: Any, name: str) -> Iterable[Any]:
    entries = answer.get(name) if isinstance(answer, dict) else None
    if not isinstance(entries, list):
        raise HttpTrouble("bad_response", f"{name} is not a list")
    return entries


def _hit(entry: Any) -> Hit | None:
    """A hit with an id, a text and a score; None for anything less. Scores outside 0..1 are brought inside."""
    if not isinstance(entry, dict):
        return None
    doc_id, snippet, score = _text(entry.get("doc_id")), _text(entry.get("snippet"), LONGEST_SNIPPET), _score(entry)
    if not doc_id or not snippet.strip() or score is None:
        return None
    return Hit(doc_id, _text(entry.get("chunk_id")), score, snippet, _text(entry.get("path")))


def _score(entry: dict[str, Any]) -> float | None:
    try:
        score = float(entry.get("score", ""))
    except (TypeError, ValueError, OverflowError):
        return None
    return min(1.0, max(0.0, score)) if math.isfinite(score) else None


def _document(entry: Any) -> Document | None:
    if not isinstance(entry, dict):
        return None
    doc_id = _text(entry.get("doc_id"))
    if not doc_id:
        return None
    return Document(doc_id, _text(entry.get("title")), _text(entry.get("category")), _date(entry.get("updated_at")))


def _date(value: Any) -> date | None:
    """The day (UTC) of an ISO 8601 time; None when there is none or it cannot be read."""
    try:
        moment = datetime.fromisoformat(_text(value))
        return (moment if moment.tzinfo is None else moment.astimezone(UTC)).date()
    except (ValueError, OverflowError):
        return None


def _text(value: Any, limit: int = LONGEST_NAME) -> str:
    """A text fit for the database: ids may come as numbers; NUL and half surrogate pairs are taken out."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)[:limit].replace("\x00", "").encode("utf-8", "ignore").decode()
