"""Categories, audiences, tones and variant profiles, as product staff edit them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from unfold.admin import ModelAdmin

from sessions_builder.models import Audience, Category, Tone, VariantProfile
from sessions_builder.pipeline.types import WEIGHTS
from sessions_builder.services.prompts import prompt_preview

LONGEST = 2000


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
    fields = ("number", "weight", "label", "description", "instruction", "prompt")
    readonly_fields = ("number", "weight", "prompt")

    class Media:
        js = (Script("sessions_builder/prompt-preview.js", type="module"),)
        css = {"all": ("sessions_builder/prompt-preview.css",)}

    def get_urls(self) -> list[URLPattern]:
        preview = self.admin_site.admin_view(self.preview)
        name = "sessions_builder_variantprofile_prompt"
        return [path("<int:pk>/prompt/", preview, name=name), *super().get_urls()]

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The prompt with the words in the form, saved or not, as plain text."""
        profile = get_object_or_404(VariantProfile, pk=pk)
        if not self.has_view_permission(request, profile):
            raise PermissionDenied
        words = {name: request.POST.get(name, getattr(profile, name))[:LONGEST] for name in ("label", "instruction")}
        return HttpResponse(prompt_preview(number=profile.number, **words), content_type="text/plain; charset=utf-8")

    @admin.display(description="What the model is told")
    def prompt(self, profile: VariantProfile) -> str:
        """The prompt of an example brief, kept up to date while the fields above are edited."""
        return render_to_string(
            "sessions_builder/prompt_preview.html",
            {
                "text": prompt_preview(number=profile.number, label=profile.label, instruction=profile.instruction),
                "url": reverse("admin:sessions_builder_variantprofile_prompt", args=(profile.pk,)),
            },
        )

    @admin.display(description="RAG weight")
    def weight(self, profile: VariantProfile) -> float:
        return WEIGHTS.get(profile.number, 0.0)

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
