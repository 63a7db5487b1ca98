"""Reads of single rows, newest first, page by page."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model, QuerySet

from analytics.errors import InvalidCursor
from analytics.measures import BUILDER_GAP_MS
from analytics.models import AIInteraction, Event
from analytics.periods import Period


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and the cursor of the next page; None on the last."""

    rows: Sequence[Any]
    next: str | None


@dataclass(frozen=True, slots=True)
class ActiveTime:
    """Work on a session in milliseconds: all of it, and since its event before. Pauses over five minutes are none."""

    total: int
    since_last: int


ACTIVE_TIME = f"""
SELECT coalesce(round(sum(gap) FILTER (WHERE gap <= {BUILDER_GAP_MS}))::bigint, 0),
    coalesce(round((array_agg(gap ORDER BY at DESC))[1])::bigint, 0)
FROM (
    SELECT at, extract(epoch FROM at - lag(at) OVER (ORDER BY at)) * 1000 AS gap
    FROM (
        SELECT occurred_at AS at FROM analytics_event WHERE session_id = %(session)s AND occurred_at <= %(until)s
        UNION ALL SELECT %(until)s::timestamptz
    ) AS moments
) AS gaps
"""


def active_time(session_id: UUID, *, until: datetime) -> ActiveTime:
    """Return how long somebody worked on a session up to a moment, by the events that tell of it."""
    with connection.cursor() as cursor:
        cursor.execute(ACTIVE_TIME, {"session": session_id, "until": until})
        total, since_last = cursor.fetchone()
    return ActiveTime(total, since_last if since_last <= BUILDER_GAP_MS else 0)


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
