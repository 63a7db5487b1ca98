"""Choosing variants, rejecting them, and taking a rejection back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils import timezone

from analytics.selections import Choice, ShownVariant
from analytics.services import record, record_selection
from featureflags.flags import is_enabled
from sessions_builder import counters
from sessions_builder.errors import Conflict, NotFound, ProductError
from sessions_builder.events import ContentAccepted, ContentRejected, RejectionWithdrawn
from sessions_builder.models import (
    Generation,
    SessionState,
    TrainingSession,
    Variant,
    VariantState,
    VersionKind,
    WriterKind,
)
from sessions_builder.pipeline.types import STANDARD
from sessions_builder.services.sessions.history import keep_version
from sessions_builder.services.sessions.sources import excerpt_of

LOGGING_FLAG = "variant_selection_logging"


def variant_select(*, generation: Generation, number: int, session_id: UUID | None = None) -> TrainingSession:
    """Make a variant the outline of a training session, a new one or the draft made from this generation before.

    Choosing again before publishing replaces the outline. Raises NotFound for a variant or session that is not there,
    and
    Conflict when the variant has no outline or the session is published; what failed is recorded as a rejection.
    """
    try:
        with transaction.atomic():
            _lock(generation)
            variants = _on_the_table(generation)
            session = _session_with(generation, _ready(variants, number), session_id)
            _record_choice(generation, variants, number, session)
            return session
    except ProductError as error:
        _record_failure(generation, number, error)
        raise


def variant_reject(*, generation: Generation, number: int, reason: str = "") -> None:
    """Note that the author does not want a variant. Saying it twice changes nothing.

    Raises NotFound when it is not there, and Conflict when its author has chosen: what is said then is no part of how
    the choice came about.
    """
    with transaction.atomic():
        _lock(generation)
        variant = _variant(generation, number)
        if variant.rejected_at is not None:
            return
        if is_settled(generation):
            raise Conflict("You have chosen a version; from then on none is set aside.")
        variant.rejected_at = _database_now()
        variant.save(update_fields=["rejected_at"])
        event = ContentRejected(variant_id=number, reason=reason or None)
        record(event, user_id=generation.owner_id, generation_id=generation.pk, occurred_at=variant.rejected_at)


def variant_unreject(*, generation: Generation, number: int) -> None:
    """Take a rejection back. Doing it twice, or without a rejection, changes nothing.

    Raises NotFound when the variant is not there, and Conflict when its author chose a version after rejecting it.
    """
    with transaction.atomic():
        _lock(generation)
        variant = _variant(generation, number)
        if variant.rejected_at is None:
            return
        if is_settled(generation):
            raise Conflict("You have chosen a version since; what was set aside before stays set aside.")
        after_it = max(_database_now(), variant.rejected_at + timedelta(microseconds=1))
        variant.rejected_at = None
        variant.save(update_fields=["rejected_at"])
        event = RejectionWithdrawn(variant_id=number)
        record(event, user_id=generation.owner_id, generation_id=generation.pk, occurred_at=after_it)


def is_settled(generation: Generation) -> bool:
    """Whether its author has made a session of it: from then on rejections are part of how the choice came about."""
    return TrainingSession.objects.filter(generation=generation, owner_id=generation.owner_id).exists()


def _variant(generation: Generation, number: int) -> Variant:
    found = generation.variants.filter(number=number).only("rejected_at").first()
    if found is None:
        raise NotFound
    return found


def _database_now() -> datetime:
    """The database's clock: what came first does not depend on which web server was asked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
        return now


def _lock(generation: Generation) -> None:
    """Hold the generation's row: two choices at once must not make two sessions, and nothing is undone beside one."""
    Generation.objects.select_for_update(no_key=True).only("pk").get(pk=generation.pk)


def _on_the_table(generation: Generation) -> list[Variant]:
    """The versions an author sees: a Standard Outline only as long as none of several is ready."""
    variants = list(generation.variants.all())
    several = any(variant.number != STANDARD and variant.state == VariantState.READY for variant in variants)
    return [variant for variant in variants if variant.number != STANDARD or not several]


def _ready(variants: list[Variant], number: int) -> Variant:
    found = next((variant for variant in variants if variant.number == number), None)
    if found is None:
        raise NotFound
    if found.state != VariantState.READY:
        raise Conflict("This version was not written; retry it or choose another.")
    return found


def _session_with(generation: Generation, variant: Variant, session_id: UUID | None) -> TrainingSession:
    session = _existing(generation, session_id)
    if session is None:
        session = TrainingSession(owner_id=generation.owner_id, generation=generation)
        session.version = 0
    brief = generation.brief
    session.title = variant.outline["title"][:200]
    session.variant_number = variant.number
    session.generation = generation
    session.generation_source = variant.generation_source
    session.category = generation.snapshot["brief"]["category"]
    session.session_type = brief["sessionType"]
    session.duration_minutes = brief["durationMinutes"]
    session.time_zone = brief.get("timeZone") or "UTC"
    session.starts_at = datetime.fromisoformat(brief["startTime"]) if brief.get("startTime") else None
    session.brief = _brief_of(generation)
    session.outline = _editable(variant.outline, session.title)
    session.origins = None
    session.sources = _cited_sources(generation, variant)
    session.version += 1
    session.save()
    keep_version(session, VersionKind.CHOSEN)
    return session


def _brief_of(generation: Generation) -> dict[str, Any]:
    """The author's brief with the audience by its name: the session outlives the reference data."""
    audience = generation.snapshot["brief"].get("audience") or {}
    name = generation.brief.get("audienceName") or audience.get("name", "")
    return {**generation.brief, "audienceName": name}


def _existing(generation: Generation, session_id: UUID | None) -> TrainingSession | None:
    """The draft to put the outline into, if there is one."""
    sessions = TrainingSession.objects.select_for_update().filter(owner_id=generation.owner_id)
    if session_id is not None:
        session = sessions.filter(pk=session_id).first()
        if session is None:
            raise NotFound
        if sessions.filter(generation=generation, state=SessionState.DRAFT).exclude(pk=session_id).exists():
            raise Conflict("There is another draft made from this generation; choose into that one.")
    else:
        session = sessions.filter(generation=generation).order_by("-created_at").first()
    if session is not None and not SessionState(session.state).accepts_choice:
        raise Conflict(f"Your session is {session.state}. Take it back to a draft there to choose another version.")
    return session


def _editable(outline: dict[str, Any], title: str) -> dict[str, Any]:
    """The outline with what the editor needs: an id and an open lock for each section."""
    sections = [{**section, "id": str(uuid4()), "locked": False} for section in outline["sections"]]
    return {**outline, "title": title, "sections": sections}


def _cited_sources(generation: Generation, variant: Variant) -> list[dict[str, Any]]:
    """Excerpts of what this outline cites: they stay with the session whatever happens to the generation."""
    cited = {source for section in variant.outline["sections"] for source in section["sourceIds"]}
    sources = (generation.retrieval or {}).get("sources", [])
    return [excerpt_of(source) for source in sources if source["id"] in cited]


def _record_choice(generation: Generation, variants: list[Variant], number: int, session: TrainingSession) -> None:
    shown = tuple(_shown(generation, variant) for variant in variants)
    choice = Choice(
        generation_id=generation.pk,
        session_id=session.pk,
        user_id=generation.owner_id,
        mode=generation.mode,
        number=number,
        category=session.category,
        shown=shown,
        comparison_ms=_comparison_ms(variants),
        offline=generation.writer == WriterKind.OFFLINE,
        counted=session.first_published_at is None,
    )
    picked = choice.picked
    event = ContentAccepted(
        variant_id=number,
        variant_label=picked.label,
        generation_source=picked.generation_source,
        rag_weight=picked.rag_weight,
        rag_effective=picked.rag_effective,
        position=picked.position,
        variants_shown=len(choice.ready),
        comparison_time=choice.comparison_ms,
        category=choice.category,
    )
    record_selection(choice, event, enabled=is_enabled(LOGGING_FLAG, generation.owner))
    counters.count_selection(number, picked.generation_source)


def _shown(generation: Generation, variant: Variant) -> ShownVariant:
    return ShownVariant(
        number=variant.number,
        position=position_of(generation, variant.number),
        label=variant.label,
        rag_weight=float(variant.rag_weight),
        rag_effective=variant.rag_effective,
        generation_source=variant.generation_source,
        state=variant.state,
        quality=None if variant.quality is None else variant.quality["score"],
    )


def position_of(generation: Generation, number: int) -> int:
    """Place of a variant's card, counted from 1; the Standard Outline comes first."""
    return generation.card_order.index(number) + 1 if number in generation.card_order else 1


def _comparison_ms(variants: list[Variant]) -> int | None:
    """Milliseconds since there were two versions to compare; None when there never were."""
    ready = sorted(variant.created_at for variant in variants if variant.state == VariantState.READY)
    return round((timezone.now() - ready[1]).total_seconds() * 1000) if len(ready) > 1 else None


def _record_failure(generation: Generation, number: int, error: ProductError) -> None:
    if 0 <= number <= 4:
        event = ContentRejected(variant_id=number, error_code=error.code, error=error.message)
        record(event, user_id=generation.owner_id, generation_id=generation.pk)
