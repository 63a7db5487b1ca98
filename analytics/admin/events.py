"""Events in the admin, and the dashboard above them."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from unfold.contrib.filters.admin import FieldTextFilter
from unfold.decorators import action

from analytics.admin.dashboard import dashboard_page
from analytics.admin.filters import ARMS, MODES, UtcRangeFilter, one_of
from analytics.admin.readonly import ReadOnlyAdmin
from analytics.events import event_types
from analytics.models import Event

Page = Callable[..., Any]


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = (
        "occurred_at",
        "event_type",
        "category",
        "mode",
        "arm",
        "error_code",
        "processing_ms",
        "generation",
    )
    list_filter = (
        ("occurred_at", UtcRangeFilter),
        ("event_type", one_of(event_types)),
        ("mode", one_of(lambda: MODES)),
        ("arm", one_of(lambda: ARMS)),
        ("error_code", FieldTextFilter),
        "is_demo",
    )
    list_filter_submit = True
    search_fields = ("generation_id", "session_id")
    search_help_text = "The id of a generation or a training session"
    exclude = ("user_id", "metadata")
    readonly_fields = ("told",)
    sortable_by = ("occurred_at",)
    list_per_page = 50
    actions_list = ("open_dashboard",)

    @admin.display(description="Generation")
    def generation(self, event: Event) -> str:
        """The beginning of its id, which fits beside the rest and leads to everything it told."""
        if event.generation_id is None:
            return "-"
        rows = f"{reverse('admin:analytics_event_changelist')}?{urlencode({'q': event.generation_id})}"
        link = '<a class="text-primary-600 dark:text-primary-500 underline" href="{}" title="{}">{}…</a>'
        return format_html(link, rows, event.generation_id, str(event.generation_id)[:8])

    @admin.display(description="Metadata")
    def told(self, event: Event) -> str:
        return json.dumps(event.shown_metadata, indent=1, ensure_ascii=False)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Not by what is in the metadata: the words of an author could be guessed from what is found."""
        return not lookup.startswith("metadata") and super().lookup_allowed(lookup, value, request)

    @action(description="Dashboard", url_path="open-dashboard", permissions=["view"])
    def open_dashboard(self, request: HttpRequest) -> Any:
        return redirect("admin:analytics_dashboard")

    def get_urls(self) -> list[URLPattern]:
        page: Page = partial(dashboard_page, site=self.admin_site)
        mine = path("dashboard/", self.admin_site.admin_view(page), name="analytics_dashboard")
        return [mine, *super().get_urls()]
