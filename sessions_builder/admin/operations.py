"""Generations as operators see them: how they run, never what they say, and the page where they are looked after."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from unfold.decorators import action

from analytics.admin.readonly import ReadOnlyAdmin
from sessions_builder.errors import ProductError
from sessions_builder.models import Generation
from sessions_builder.permissions import SEE_HEALTH
from sessions_builder.services.generations import generation_cancel
from sessions_builder.services.operations import generation_requeue, operations

DEEDS = {"queue_again": (generation_requeue, "Queued again"), "cancel": (generation_cancel, "Cancelled")}
TEXTS = ("brief", "snapshot", "retrieval")
"""What an author wrote and what was found for it; nobody else's business."""


@admin.register(Generation)
class GenerationAdmin(ReadOnlyAdmin):
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
    # Actions can be told to take all of the list, so it says how many these are.
    paginator = Paginator
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
    actions = ("queue_again", "cancel")
    actions_list = ("open_operations",)

    @action(description="Operations", url_path="open-operations", permissions=["operate"])
    def open_operations(self, request: HttpRequest) -> HttpResponse:
        return redirect("admin:operations")

    @action(description="Queue again", permissions=["operate"])
    def queue_again(self, request: HttpRequest, queryset: QuerySet[Generation]) -> None:
        for generation in queryset:
            self.apply(request, generation, "queue_again")

    @action(description="Cancel", permissions=["operate"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Generation]) -> None:
        for generation in queryset:
            self.apply(request, generation, "cancel")

    def apply(self, request: HttpRequest, generation: Generation, what: str) -> None:
        """Do it through the service, note it in the admin's log, and say what became of it."""
        service, done = DEEDS[what]
        try:
            service(generation=generation)
        except ProductError as error:
            messages.error(request, f"{generation.pk}: {error.message}")
            return
        self.log_change(request, generation, done)
        messages.success(request, f"{generation.pk}: {done.lower()}.")

    def get_urls(self) -> list[URLPattern]:
        page = partial(operations_page, site=self.admin_site, generations=self)
        mine = path("operations/", self.admin_site.admin_view(page), name="operations")
        return [mine, *super().get_urls()]

    def has_operate_permission(self, request: HttpRequest, object_id: object = None) -> bool:
        return request.user.has_perm(SEE_HEALTH)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Generation]:
        return super().get_queryset(request).defer(*TEXTS)


def operations_page(request: HttpRequest, site: AdminSite, generations: GenerationAdmin) -> HttpResponse:
    """Show how things stand, or do what a button asks and come back. Raises PermissionDenied for other staff."""
    if not request.user.has_perm(SEE_HEALTH):
        raise PermissionDenied
    if request.method == "POST":
        what = request.POST.get("what", "")
        if what in DEEDS:
            rows = Generation.objects.defer(*TEXTS)
            generations.apply(request, get_object_or_404(rows, pk=_key(request)), what)
        return redirect("admin:operations")
    context = {**site.each_context(request), "title": "Operations", "now": operations()}
    return TemplateResponse(request, "sessions_builder/operations.html", context)


def _key(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("generation", ""))
    except ValueError:
        return None
