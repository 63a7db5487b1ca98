"""Who is on or off by name."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from featureflags import services
from featureflags.admin.actions import acting_user
from featureflags.models import FlagOverride, Source


@admin.register(FlagOverride)
class FlagOverrideAdmin(ModelAdmin):
    list_display = ("flag", "target", "enabled", "reason", "expires_at")
    list_filter = ("flag", "enabled")
    list_select_related = ("flag", "user", "group")
    search_fields = ("flag__key", "user__username", "group__name", "reason")
    fields = ("flag", "user", "group", "enabled", "reason", "expires_at")
    autocomplete_fields = ("user",)

    def get_readonly_fields(self, request: HttpRequest, obj: FlagOverride | None = None) -> tuple[str, ...]:
        """Return whom it is for: another person is another override."""
        return () if obj is None else ("flag", "user", "group")

    def save_model(self, request: HttpRequest, obj: FlagOverride, form: object, change: bool) -> None:
        """Write through the services; the object then shows what is stored."""
        saved = services.set_override(
            obj.flag.key,
            user=obj.user,
            group=obj.group,
            enabled=obj.enabled,
            reason=obj.reason,
            expires_at=obj.expires_at,
            source=Source.ADMIN,
            actor=acting_user(request),
        )
        obj.pk = saved.pk

    def delete_model(self, request: HttpRequest, obj: FlagOverride) -> None:
        """Take it away through the services."""
        services.remove_override(
            obj.flag.key,
            override_id=obj.pk,
            reason=f"Removed the override of {obj.target}.",
            source=Source.ADMIN,
            actor=acting_user(request),
        )

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[FlagOverride]) -> None:
        """Take them away one by one, each with its audit row."""
        for override in queryset.select_related("flag", "user", "group"):
            self.delete_model(request, override)
