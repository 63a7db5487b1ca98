"""Every write of what happened. Callers own the transaction: an event is stored with what it tells, or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID, uuid4

import structlog
from django.db import connection, transaction
from django.utils import timezone
from pydantic_core import to_json

from analytics import models
from analytics.alerts.catalogue import SELECTION_NOT_LOGGED
from analytics.alerts.states import try_raise_critical
from analytics.counters import UNLOGGED_SELECTIONS, count_event
from analytics.events import Event
from analytics.pseudonyms import subject_of
from analytics.selections import Choice

log = structlog.get_logger(__name__)

NOT_LOGGED = "Failed to log variant selection"


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """An event together with whom and what it is about. Without `occurred_at` it happened now."""

    event: Event
    user_id: int | None
    session_id: UUID | None = None
    generation_id: UUID | None = None
    occurred_at: datetime | None = None
    id: UUID | None = None
    is_demo: bool = False


@dataclass(frozen=True, slots=True)
class Insertion:
    """A row to be stored: its INSERT, and the parameters of that."""

    statement: str
    parameters: Sequence[Any]


def record(
    event: Event,
    *,
    user_id: int | None,
    session_id: UUID | None = None,
    generation_id: UUID | None = None,
    occurred_at: datetime | None = None,
    id: UUID | None = None,
    is_demo: bool = False,
) -> UUID:
    """Store one event in the caller's transaction and return its id. Raises InvalidEvent when a value does not fit."""
    occurrence = Occurrence(
        event=event,
        user_id=user_id,
        session_id=session_id,
        generation_id=generation_id,
        occurred_at=occurred_at,
        id=id,
        is_demo=is_demo,
    )
    values = _values(occurrence)
    insertion = _insertion(values)
    key: UUID = values["id"]
    with connection.cursor() as cursor:
        cursor.execute(insertion.statement, insertion.parameters)
    count_event(event.type)
    return key


def record_along(event: Event, *, user_id: int | None, generation_id: UUID) -> Insertion:
    """The same as `record` for a caller who runs the INSERT as part of a statement of their own, in this transaction.

    Raises InvalidEvent when a value does not fit.
    """
    insertion = _insertion(_values(Occurrence(event=event, user_id=user_id, generation_id=generation_id)))
    count_event(event.type)
    return insertion


def record_all(occurrences: Sequence[Occurrence]) -> int:
    """Store many events in one statement and return how many were new: a repeated id is one row."""
    rows = [models.Event(**_values(occurrence)) for occurrence in occurrences]
    known = set(models.Event.objects.filter(id__in=[row.id for row in rows]).values_list("id", flat=True))
    fresh = {row.id: row for row in rows if row.id not in known}
    models.Event.objects.bulk_create(fresh.values(), ignore_conflicts=True)
    for row in fresh.values():
        count_event(row.event_type)
    return len(fresh)


def record_selection(choice: Choice, event: Event, *, enabled: bool) -> bool:
    """Store an author's choice and its event in a savepoint; return whether they are stored. Never raises.

    `enabled` is the caller's decision about selection logging: off, nothing is stored. A failure is
    logged and leaves the caller's transaction as it was, because the author's choice must stand.
    """
    if not enabled:
        return False
    try:
        with transaction.atomic():
            _store_selection(choice)
            record(
                event,
                user_id=choice.user_id,
                session_id=choice.session_id,
                generation_id=choice.generation_id,
                is_demo=choice.is_demo,
            )
    except Exception as error:  # whatever is wrong with the log, the choice is the author's
        UNLOGGED_SELECTIONS.inc()
        log.error(NOT_LOGGED, generationId=str(choice.generation_id), error=type(error).__name__)
        try_raise_critical(SELECTION_NOT_LOGGED.name, error=type(error).__name__)
        return False
    return True


def _values(occurrence: Occurrence) -> dict[str, Any]:
    """The row of an occurrence, by column; columns its event type does not fill are not among them."""
    event = occurrence.event
    now = timezone.now()
    return {
        "id": occurrence.id or uuid4(),
        "event_type": event.type,
        "occurred_at": occurrence.occurred_at or now,
        "received_at": now,
        "session_id": occurrence.session_id,
        "generation_id": occurrence.generation_id,
        "user_id": occurrence.user_id,
        "subject": subject_of(occurrence.user_id),
        "metadata": event.metadata(),
        "schema_version": event.schema_version,
        "is_demo": occurrence.is_demo,
        **event.columns(),
    }


def _insertion(values: dict[str, Any]) -> Insertion:
    return Insertion(
        _insert_into(tuple(values)), list((values | {"metadata": to_json(values["metadata"]).decode()}).values())
    )


@cache  # the ORM builds its INSERT anew for each of the events a generation leaves
def _insert_into(columns: tuple[str, ...]) -> str:
    places = ", ".join(["%s"] * len(columns))
    return f"INSERT INTO {models.Event._meta.db_table} ({', '.join(columns)}) VALUES ({places})"


def _store_selection(choice: Choice) -> None:
    row = selection_row(choice)
    with connection.cursor() as cursor:  # two choices at once must not both count
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"selection-{choice.generation_id}"])
    if choice.counted:
        models.Selection.objects.filter(generation_id=choice.generation_id, counted=True).update(counted=False)
    row.save(force_insert=True)


def selection_row(choice: Choice) -> models.Selection:
    """Return the row of a choice, not yet stored. Raises ValueError when the chosen variant was not shown."""
    picked = choice.picked
    return models.Selection(
        generation_id=choice.generation_id,
        session_id=choice.session_id,
        user_id=choice.user_id,
        subject=subject_of(choice.user_id),
        mode=choice.mode,
        variant=picked.number,
        label=picked.label,
        position=picked.position,
        rag_weight=picked.rag_weight,
        rag_effective=picked.rag_effective,
        source=picked.generation_source,
        shown=[card.as_json() for card in choice.shown],
        variants_shown=len(choice.ready),
        rag_shown=sum(card.rag_effective for card in choice.ready),
        weights_shown=[card.rag_weight for card in choice.ready if card.rag_effective],
        quality_gap=choice.quality_gap,
        comparison_ms=choice.comparison_ms,
        category=choice.category,
        counted=choice.counted,
        eligible=choice.eligible,
        is_demo=choice.is_demo,
    )
