"""Training sessions and proposals as operators see them: how they stand, never what they say or whose they are."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from analytics.admin.readonly import ReadOnlyAdmin
from sessions_builder.models import SectionProposal, TrainingSession

TEXTS_OF_SESSION = ("title", "brief", "outline", "sources")
TEXTS_OF_PROPOSAL = ("instruction", "request", "section", "notes")
"""What an author wrote, or what was written for one; nobody else's business."""


ORIGINS = {
    "rag": "AI with material",
    "mixed": "Partly AI",
    "baseline": "AI without material",
    "template": "Offline draft",
    "": "Written by the author",
}


class OriginFilter(admin.SimpleListFilter):
    """Sessions by who wrote them."""

    title = "origin"
    parameter_name = "origin"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(value or "author", words) for value, words in ORIGINS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[TrainingSession]) -> QuerySet[TrainingSession]:
        if not (wanted := self.value()):
            return queryset
        return queryset.filter(generation_source="" if wanted == "author" else wanted)


class WatchedAdmin(ReadOnlyAdmin):
    """What is here changes through services and workers only."""

    search_fields = ("id",)
    date_hierarchy = "created_at"


@admin.register(TrainingSession)
class TrainingSessionAdmin(WatchedAdmin):
    """The list calls a session by its id: its title is its author's."""

    list_display = (
        "id",
        "state",
        "version",
        "category",
        "session_type",
        "duration_minutes",
        "origin",
        "updated_at",
        "published_at",
    )
    list_filter = ("state", "session_type", OriginFilter)
    search_help_text = "The id of a session"
    fields = (
        "id",
        "state",
        "version",
        "generation_id",
        "variant_number",
        "origin",
        "category",
        "session_type",
        "duration_minutes",
        "starts_at",
        "time_zone",
        "created_at",
        "updated_at",
        "published_at",
    )
    readonly_fields = fields

    @admin.display(description="Origin", ordering="generation_source")
    def origin(self, session: TrainingSession) -> str:
        """Who wrote it, in the words of the product."""
        return ORIGINS.get(session.generation_source, session.generation_source)

    def get_queryset(self, request: HttpRequest) -> QuerySet[TrainingSession]:
        return super().get_queryset(request).defer("brief", "outline", "sources")


@admin.register(SectionProposal)
class SectionProposalAdmin(WatchedAdmin):
    """Sections being written anew: what is queued, what failed and why."""

    list_display = ("id", "state", "writer", "model", "error_code", "claims", "created_at", "finished_at", "decided_at")
    list_filter = ("state", "writer", "error_code")
    search_help_text = "The id of a proposal"
    fields = (
        "id",
        "session_id",
        "state",
        "writer",
        "model",
        "error_code",
        "claims",
        "published_count",
        "available_at",
        "lease_until",
        "expires_at",
        "created_at",
        "finished_at",
        "decided_at",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[SectionProposal]:
        return super().get_queryset(request).defer(*TEXTS_OF_PROPOSAL)
