"""Cursor pagination: a page begins after the last row of the one before, however many rows were added meanwhile."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from sessions_builder.errors import InvalidInput

USUAL_LIMIT, LARGEST_LIMIT = 20, 100
MOST_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and where the next ones begin (None at the end)."""

    rows: list[Any]
    next_cursor: str | None


def page_of(rows: QuerySet[Any], query: Mapping[str, str], *, by: str) -> Page:
    """The page a query string asks for (`cursor`, `limit` 1..100), by a time column and id, both descending.

    Raises InvalidInput for a cursor or a limit that is none.
    """
    limit = _limit(query.get("limit"))
    if cursor := query.get("cursor"):
        at, last_id = _decoded(cursor)
        # The first condition alone lets the index find the place; the rest tells rows of the same moment apart.
        rows = rows.filter(Q(**{f"{by}__lte": at}) & (Q(**{f"{by}__lt": at}) | Q(pk__lt=last_id)))
    return _page(rows.order_by(f"-{by}", "-pk"), limit, lambda row: f"{getattr(row, by).isoformat()} {row.pk}")


def page_by_number(rows: QuerySet[Any], query: Mapping[str, str], *, by: str) -> Page:
    """The same by a whole number no two of the rows share, descending."""
    limit = _limit(query.get("limit"))
    if cursor := query.get("cursor"):
        rows = rows.filter(**{f"{by}__lt": _decoded_number(cursor)})
    return _page(rows.order_by(f"-{by}"), limit, lambda row: str(getattr(row, by)))


def _page(rows: QuerySet[Any], limit: int, place_of: Callable[[Any], str]) -> Page:
    found = list(rows[: limit + 1])
    shown = found[:limit]
    return Page(shown, _encoded(place_of(shown[-1])) if len(found) > limit else None)


def _limit(asked: str | None) -> int:
    if asked is None:
        return USUAL_LIMIT
    if asked.isascii() and asked.isdigit() and len(asked) <= 4 and 1 <= int(asked) <= LARGEST_LIMIT:
        return int(asked)
    raise InvalidInput(fields={"limit": [f"Must be a whole number from 1 to {LARGEST_LIMIT}."]})


def _encoded(place: str) -> str:
    return base64.urlsafe_b64encode(place.encode()).decode()


def _text_of(cursor: str) -> str:
    return base64.urlsafe_b64decode(cursor.encode("ascii")).decode("ascii")


def _decoded(cursor: str) -> tuple[datetime, UUID]:
    try:
        at, row_id = _text_of(cursor).split(" ")
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise ValueError("no time zone")
        return moment.astimezone(UTC), UUID(row_id)
    except (ValueError, OverflowError, binascii.Error) as error:
        raise _not_ours() from error


def _decoded_number(cursor: str) -> int:
    try:
        text = _text_of(cursor)
    except (ValueError, binascii.Error) as error:
        raise _not_ours() from error
    if not text.isdigit() or len(text) > MOST_DIGITS:
        raise _not_ours()
    return int(text)


def _not_ours() -> InvalidInput:
    return InvalidInput(fields={"cursor": ["This is not a cursor we gave out."]})
