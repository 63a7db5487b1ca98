"""Generations as operators see them: how they run, never what they say."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from sessions_builder.models import Generation

TEXTS = ("brief", "snapshot", "retrieval")
"""What an author wrote and what was found for it; nobody else's business."""


@admin.register(Generation)
class GenerationAdmin(ModelAdmin):
    """Read only: what happens to a generation goes through services and workers."""

    list_display = (
        "id",
        "state",
        "mode",
        "writer",
        "error_code",
        "rag_state",
        "processing_ms",
        "run",
        "claims",
        "created_at",
    )
    list_filter = ("state", "mode", "writer", "error_code", "rag_state")
    search_fields = ("id",)
    search_help_text = "The id of a generation"
    date_hierarchy = "created_at"
    show_full_result_count = False
    fields = (
        "id",
        "parent",
        "state",
        "mode",
        "writer",
        "error_code",
        "rag_state",
        "processing_ms",
        "decision",
        "progress",
        "run",
        "claims",
        "published_count",
        "available_at",
        "lease_until",
        "expires_at",
        "cancel_requested",
        "created_at",
        "finished_at",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Generation]:
        return super().get_queryset(request).defer(*TEXTS)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
