from django.contrib import admin

from analytics.admin.filters import one_of
from analytics.admin.readonly import ReadOnlyAdmin
from analytics.exports.stream import FORMATS
from analytics.models import Export
from analytics.registry import datasets


@admin.register(Export)
class ExportAdmin(ReadOnlyAdmin):
    empty_hint = "Exports are made at the foot of the dashboard, and by the API; each is listed here."
    list_display = ("started_at", "username", "dataset", "format", "state", "rows", "size", "raw", "prompts")
    list_filter = (("dataset", one_of(datasets)), ("format", one_of(lambda: FORMATS)), "state", "raw", "prompts")
    search_fields = ("username", "id")
    exclude = ("user_id",)
