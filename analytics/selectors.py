"""Reads of single rows, newest first, page by page."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet

from analytics.errors import InvalidCursor
from analytics.models import AIInteraction, Event
from analytics.periods import Period


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and the cursor of the next page; None on the last."""

    rows: Sequence[Any]
    next: str | None


def events_page(period: Period, *, limit: int, event_type: str | None = None, cursor: str | None = None) -> Page:
    """Return events of the period, newest first. Raises InvalidCursor."""
    events = Event.objects.all()
    if event_type is not None:
        events = events.filter(event_type=event_type)
    return page_of(events, "occurred_at", period, limit=limit, cursor=cursor)


def interactions_page(period: Period, *, limit: int, cursor: str | None = None, **filters: Any) -> Page:
    """Return model calls of the period, newest first, without their texts. Raises InvalidCursor."""
    interactions = AIInteraction.objects.defer("prompt", "response").filter(**filters)
    return page_of(interactions, "created_at", period, limit=limit, cursor=cursor)


def page_of(rows: QuerySet, time: str, period: Period, *, limit: int, cursor: str | None) -> Page:
    """Return the page behind the cursor, by (time, id): however deep, it costs the same. Raises InvalidCursor."""
    if period.start is not None:
        rows = rows.filter(**{f"{time}__gte": period.start})
    if period.end is not None:
        rows = rows.filter(**{f"{time}__lt": period.end})
    if cursor is not None:
        moment, key = _read_cursor(cursor)
        # A row comparison: PostgreSQL walks the index for it, which it does not for the spelled-out OR.
        rows = rows.extra(where=[f'("{time}", id) < (%s, %s)'], params=[moment, key])
    found = list(rows.order_by(f"-{time}", "-id")[: limit + 1])
    more = len(found) > limit
    return Page(found[:limit], _cursor_at(found[limit - 1], time) if more else None)


def _cursor_at(row: Model, time: str) -> str:
    return base64.urlsafe_b64encode(f"{getattr(row, time).isoformat()}|{row.pk}".encode()).decode()


def _read_cursor(cursor: str) -> tuple[datetime, UUID]:
    try:
        moment, key = base64.b64decode(cursor.encode(), altchars=b"-_", validate=True).decode().split("|")
        found = datetime.fromisoformat(moment)
        if found.tzinfo is None:
            raise ValueError("naive")
        return found, UUID(key)
    except (ValueError, binascii.Error) as error:
        raise InvalidCursor from error
