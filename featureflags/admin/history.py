"""The audit, to read."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.views import ChangeList

from featureflags.models import FlagChange
from featureflags.wording import Line, lines_of


class WordedList(ChangeList):
    """The list of changes, each with its lines: two queries for all of them."""

    result_list: Any

    def get_results(self, request: HttpRequest) -> None:
        """Read one page of changes and put them into words."""
        super().get_results(request)
        self.result_list = list(self.result_list)
        for change, lines in zip(self.result_list, lines_of(self.result_list), strict=True):
            change.lines = lines


@admin.register(FlagChange)
class FlagChangeAdmin(ModelAdmin):
    list_display = ("created_at", "flag", "revision", "who", "source", "what", "reason")
    list_filter = ("source", "flag", "created_at")
    search_fields = ("flag__key", "actor_name", "reason")
    list_select_related = ("flag",)
    date_hierarchy = "created_at"
    fields = ("created_at", "flag", "revision", "version", "who", "source", "reason", "what", "evidence")
    readonly_fields = fields

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Return a list that has its changes in words."""
        return WordedList

    @display(description="Who")
    def who(self, change: FlagChange) -> str:
        return change.who

    @display(description="What")
    def what(self, change: FlagChange) -> SafeString:
        lines: list[Line] = getattr(change, "lines", None) or lines_of([change])[0]
        rows = [(line.label, line.before, line.after) for line in lines]
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
