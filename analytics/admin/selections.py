from django.contrib import admin

from analytics.admin.filters import UtcRangeFilter, one_of
from analytics.admin.readonly import ReadOnlyAdmin
from analytics.aggregates import counted_categories
from analytics.models import Selection

VARIANTS = (1, 2, 3, 4)
SOURCES = ("rag", "baseline", "template")


@admin.register(Selection)
class SelectionAdmin(ReadOnlyAdmin):
    list_display = (
        "selected_at",
        "variant",
        "label",
        "position",
        "rag_weight",
        "rag_effective",
        "comparison_ms",
        "counted",
    )
    list_filter = (
        ("selected_at", UtcRangeFilter),
        ("variant", one_of(lambda: VARIANTS)),
        ("source", one_of(lambda: SOURCES)),
        "rag_effective",
        ("category", one_of(counted_categories)),
        "counted",
        "eligible",
        "is_demo",
    )
    list_filter_submit = True
    search_fields = ("generation_id", "session_id")
    search_help_text = "The id of a generation or a training session"
    exclude = ("user_id",)
    sortable_by = ("selected_at",)
    list_per_page = 50
