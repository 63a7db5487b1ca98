"""Nothing is kept for longer than it is needed, and a person can be forgotten."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from analytics import rollups
from analytics.models import AIInteraction, Alert, Event, Export, Selection
from analytics.periods import midnight
from analytics.registry import forgetters

log = structlog.get_logger(__name__)

BATCH = 5_000

WITH_TEXT = Q(prompt__isnull=False) | Q(response__isnull=False)


@dataclass(frozen=True, slots=True)
class Cleared:
    """How many rows went, or would go."""

    events: int = 0
    interactions: int = 0
    selections: int = 0
    texts: int = 0


def prune() -> Cleared:
    """Clear what is older than ANALYTICS_RETENTION_DAYS, and texts older than PROMPT_RETENTION_DAYS.

    Closed alerts and finished exports go with the rows. Daily rollups hold nothing about a person and stay.
    """
    now = timezone.now()
    before = (now - timedelta(days=settings.ANALYTICS_RETENTION_DAYS)).astimezone(UTC).date()
    cleared = clear_before(before)
    texts = _empty_texts(AIInteraction.objects.filter(created_at__lt=_prompt_limit(now)))
    _delete(Alert.objects.filter(closed_at__lt=midnight(before)))
    _delete(Export.objects.filter(started_at__lt=midnight(before)))
    return Cleared(cleared.events, cleared.interactions, cleared.selections, texts)


def clear_before(day: date, *, dry_run: bool = False) -> Cleared:
    """Delete events, interactions and selections from before a UTC day, in batches; with `dry_run` only count them.

    Everything received is rolled up first, and the days stay in the rollups as they are.
    """
    limit = midnight(day)
    rows: Sequence[QuerySet] = (
        Event.objects.filter(occurred_at__lt=limit),
        AIInteraction.objects.filter(created_at__lt=limit),
        Selection.objects.filter(selected_at__lt=limit),
    )
    if dry_run:
        return Cleared(*(found.count() for found in rows))
    if any(found.exists() for found in rows):
        rollups.refresh()
        rollups.freeze_before(day)
    cleared = Cleared(*(_delete(found) for found in rows))
    log.info("Old events cleared", before=day.isoformat(), events=cleared.events, interactions=cleared.interactions)
    return cleared


def forget_user(user_id: int) -> Cleared:
    """Remove a person and return the counts: rows keep the pseudonym and lose the user id, and their texts go.

    What other apps keep about the person goes by what they registered with `registry.register_forgetter`.
    """
    for forget in forgetters():
        forget(user_id)
    mine = {"user_id": user_id}
    texts = _empty_texts(AIInteraction.objects.filter(**mine))
    with transaction.atomic():
        AIInteraction.objects.filter(**mine).exclude(feedback=None).update(feedback=None)
        cleared = Cleared(
            events=_forget_events(user_id),
            interactions=AIInteraction.objects.filter(**mine).update(user_id=None),
            selections=Selection.objects.filter(**mine).update(user_id=None),
            texts=texts,
        )
        Export.objects.filter(**mine).update(user_id=None, username="")
    log.info("User forgotten", events=cleared.events, interactions=cleared.interactions)
    return cleared


# Free text an author may have written into an event: the reason for rejecting a variant, the text of an error.
FORGET_EVENTS = """
UPDATE analytics_event SET user_id = NULL, metadata = metadata - ARRAY['reason', 'error'] WHERE user_id = %s
"""


def _forget_events(user_id: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(FORGET_EVENTS, [user_id])
        return cursor.rowcount


def _prompt_limit(now: datetime) -> datetime:
    return now - timedelta(days=settings.PROMPT_RETENTION_DAYS)


def _delete(rows: QuerySet) -> int:
    """Delete rows a batch at a time, each in its own transaction, so that nothing waits long."""
    total = 0
    while keys := list(rows.order_by().values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            total += rows.model.objects.filter(pk__in=keys).delete()[1].get(rows.model._meta.label, 0)
    return total


def _empty_texts(rows: QuerySet) -> int:
    total = 0
    while keys := list(rows.filter(WITH_TEXT).order_by().values_list("pk", flat=True)[:BATCH]):
        total += rows.model.objects.filter(pk__in=keys).update(prompt=None, response=None)
    return total
