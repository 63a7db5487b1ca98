"""The audit, to read."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin
from unfold.decorators import display

from featureflags.models import FlagChange
from featureflags.wording import lines_of


@admin.register(FlagChange)
class FlagChangeAdmin(ModelAdmin):
    list_display = ("created_at", "flag", "revision", "who", "source", "what", "reason")
    list_filter = ("source", "flag", "created_at")
    search_fields = ("flag__key", "actor_name", "reason")
    list_select_related = ("flag",)
    date_hierarchy = "created_at"
    fields = ("created_at", "flag", "revision", "version", "who", "source", "reason", "what", "evidence")
    readonly_fields = fields

    @display(description="Who")
    def who(self, change: FlagChange) -> str:
        return change.who

    @display(description="What")
    def what(self, change: FlagChange) -> SafeString:
        rows = [(line.label, line.before, line.after) for line in lines_of([change])[0]]
        return format_html("<div>{}</div>", format_html_join("\n", "<div>{}: {} → {}</div>", rows))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Rows come from changes only."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: FlagChange | None = None) -> bool:
        """The audit is never rewritten."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: FlagChange | None = None) -> bool:
        """The audit is never thinned out."""
        return False
