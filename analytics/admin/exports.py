from django.contrib import admin

from analytics.admin.readonly import ReadOnlyAdmin
from analytics.models import Export


@admin.register(Export)
class ExportAdmin(ReadOnlyAdmin):
    list_display = ("started_at", "username", "dataset", "format", "state", "rows", "size", "raw", "prompts")
    list_filter = ("dataset", "format", "state", "raw", "prompts")
    search_fields = ("username", "id__exact")
    exclude = ("user_id",)
