"""Categories, audiences, tones and variant profiles, as product staff edit them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from sessions_builder.models import Audience, Category, Tone, VariantProfile
from sessions_builder.pipeline.types import WEIGHTS


class ListedAdmin(ModelAdmin):
    """A list authors choose from; order and activity are edited in the list itself."""

    list_display: tuple[str, ...] = ("name", "active", "position")
    list_editable = ("active", "position")
    list_filter = ("active",)
    search_fields: tuple[str, ...] = ("name",)


@admin.register(Category)
class CategoryAdmin(ListedAdmin):
    search_fields = ("name", "aliases")


@admin.register(Audience)
class AudienceAdmin(ListedAdmin):
    list_display = ("name", "experience_level", "technical_depth", "active", "position")


@admin.register(Tone)
class ToneAdmin(ListedAdmin):
    list_display = ("name", "style", "formality", "active", "position")


@admin.register(VariantProfile)
class VariantProfileAdmin(ModelAdmin):
    """The five profiles exist from the start; their wording is edited, their number and weight are fixed."""

    list_display = ("number", "label", "weight", "description")
    list_display_links = ("number", "label")
    fields = ("number", "weight", "label", "description", "instruction")
    readonly_fields = ("number", "weight")

    @admin.display(description="RAG weight")
    def weight(self, profile: VariantProfile) -> float:
        return WEIGHTS.get(profile.number, 0.0)

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
