"""Sources before the outlines: look for them, keep what was found, and hold an author's ticks against it."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from sessions_builder import counters
from sessions_builder.errors import InvalidInput, Unavailable
from sessions_builder.jobs import knowledge_source
from sessions_builder.models import SourcePreview
from sessions_builder.pipeline.retrieve import choose
from sessions_builder.pipeline.types import Brief, Retrieval
from sessions_builder.pipeline.wire import retrieval_from_wire, retrieval_to_wire
from sessions_builder.services.briefs import resolve

log = structlog.get_logger(__name__)

KEEP_PREVIEWS = timedelta(hours=12)
PREVIEWS_PER_OWNER = 20
SEARCHES_AT_ONCE = 4
RETRY_AFTER_SECONDS = 2

_searching = threading.BoundedSemaphore(SEARCHES_AT_ONCE)
"""A silent knowledge source must not take all threads of the web process with it."""


def sources_preview(*, owner: User, brief: Mapping[str, Any]) -> SourcePreview:
    """Look for sources for a validated, perhaps unfinished brief and keep what was found, within the RAG deadline.

    No database connection is held while the knowledge source is asked. Raises InvalidInput for reference data that is
    not offered, Unavailable while this process waits for too many searches already.
    """
    wanted = replace(resolve(brief).brief, notes="", chosen_sources=None)
    source = knowledge_source.source_for(owner)
    if not _searching.acquire(blocking=False):
        raise Unavailable(
            "Too many searches are running right now; try again shortly.", retry_after=RETRY_AFTER_SECONDS
        )
    try:
        found = knowledge_source.ask_without_connection(wanted, source)
    finally:
        _searching.release()
    if source is not None:
        counters.count_retrieval(found.state, found.query_ms)
    log.info(
        "Sources previewed",
        resultsFound=len(found.material),
        ragState=found.state.value,
        queryTime=found.query_ms,
        error=found.error,
    )
    return _keep(owner, found)


def chosen_material(*, owner: User, brief: Mapping[str, Any], resolved: Brief) -> Retrieval | None:
    """The preview a brief names with its ticks applied; None without a choice, or where nothing may or could be asked.

    Raises InvalidInput for a preview that is not the owner's or no longer kept, and for ticks it does not offer.
    """
    chosen: Sequence[str] | None = brief.get("chosenSources")
    if chosen is None or (not chosen and "previewId" not in brief):
        return None
    preview = _preview(owner, brief.get("previewId"))
    _check(chosen, preview)
    usable = preview.available and knowledge_source.source_for(owner) is not None
    return choose(resolved, preview) if usable else None


def forget_old_previews() -> int:
    """Drop previews nobody can choose from any more; return how many."""
    deleted, _ = SourcePreview.objects.filter(created_at__lt=timezone.now() - KEEP_PREVIEWS).delete()
    return deleted


@transaction.atomic
def _keep(owner: User, found: Retrieval) -> SourcePreview:
    """Store a preview and let the owner's oldest go: nobody fills the table by searching."""
    kept = SourcePreview.objects.filter(owner=owner).order_by("-created_at").values("pk")
    SourcePreview.objects.filter(pk__in=list(kept[PREVIEWS_PER_OWNER - 1 :].values_list("pk", flat=True))).delete()
    return SourcePreview.objects.create(owner=owner, retrieval=retrieval_to_wire(found))


def _preview(owner: User, preview_id: str | None) -> Retrieval:
    if preview_id is None:
        raise InvalidInput(fields={"previewId": ["chosenSources are ticked in a preview; name it."]})
    recent = SourcePreview.objects.filter(owner_id=owner.pk, created_at__gte=timezone.now() - KEEP_PREVIEWS)
    identity = _uuid(preview_id)
    kept = None if identity is None else recent.filter(pk=identity).first()
    if kept is None:
        raise InvalidInput(fields={"previewId": ["These sources are no longer kept; look for sources again."]})
    return retrieval_from_wire(kept.retrieval)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _check(chosen: Sequence[str], preview: Retrieval) -> None:
    """Raise InvalidInput naming each tick the preview does not offer."""
    offered = {f"{source.doc_id}#{source.chunk_id}": source for source in preview.sources}
    wrong = []
    for place, name in enumerate(chosen, start=1):
        if name not in offered:
            wrong.append(f"Item {place}: This source is not in the preview.")
        elif offered[name].reason == "suspicious":
            wrong.append(f"Item {place}: This source reads like instructions to the model and cannot be used.")
    if wrong:
        raise InvalidInput(fields={"chosenSources": wrong})
