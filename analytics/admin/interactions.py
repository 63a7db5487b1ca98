"""AI interactions: list with filters, and a page that shows texts only to those who may read them."""

from collections.abc import Sequence

from django.contrib import admin
from django.http import HttpRequest
from unfold.contrib.filters.admin import FieldTextFilter, RangeNumericFilter

from analytics.admin.filters import UtcRangeFilter, one_of
from analytics.admin.readonly import ReadOnlyAdmin
from analytics.aggregates import counted_categories, counted_details
from analytics.models import AIInteraction

TEXTS = ("prompt", "response")


@admin.register(AIInteraction)
class AIInteractionAdmin(ReadOnlyAdmin):
    list_display = (
        "created_at",
        "purpose",
        "variant",
        "outcome",
        "model",
        "category",
        "cost_usd",
        "latency_ms",
        "error_code",
    )
    list_filter = (
        ("created_at", UtcRangeFilter),
        "purpose",
        "outcome",
        ("model", one_of(lambda: counted_details("calls"))),
        ("category", one_of(counted_categories)),
        ("cost_usd", RangeNumericFilter),
        ("latency_ms", RangeNumericFilter),
        ("feedback", admin.EmptyFieldListFilter),
        ("error_code", one_of(lambda: counted_details("callFailures"))),
        ("prompt_version", FieldTextFilter),
        "is_demo",
    )
    list_filter_submit = True
    search_fields = ("generation_id",)
    search_help_text = "The id of a generation"
    sortable_by = ("created_at",)
    list_per_page = 50

    def get_fields(self, request: HttpRequest, obj: AIInteraction | None = None) -> Sequence[str]:
        names = [field.name for field in AIInteraction._meta.fields if field.name not in (*TEXTS, "user_id")]
        if request.user.has_perm("analytics.view_prompt"):
            names += TEXTS
        return names
