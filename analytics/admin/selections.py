from django.contrib import admin

from analytics.admin.filters import UtcRangeFilter
from analytics.admin.readonly import ReadOnlyAdmin
from analytics.models import Selection


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
        "variant",
        "source",
        "rag_effective",
        "category",
        "counted",
        "eligible",
        "is_demo",
    )
    list_filter_submit = True
    search_fields = ("generation_id__exact", "session_id__exact")
    exclude = ("user_id",)
    show_full_result_count = False
