"""Who is on or off by name."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from featureflags import services
from featureflags.admin.actions import acting_user
from featureflags.admin.buttons import flag_page
from featureflags.admin.reach import ReachForm, reach_of
from featureflags.admin.saving import OneSave
from featureflags.models import Flag, FlagOverride, Source
from featureflags.state import iso

HELP = {
    "user": "One user or one group, not both.",
    "enabled": "On: they get it at any percentage. Off: never.",
    "expires_at": "In UTC. Empty: until it is taken away.",
}


class OverrideForm(ReachForm, forms.ModelForm):
    """An override; that of a group is saved once it was shown whom it reaches."""

    class Meta:
        model = FlagOverride
        fields = ("flag", "user", "group", "enabled", "reason", "expires_at")

    def clean(self) -> dict[str, Any]:
        """Show whom a group's override reaches; one person is named on the page already."""
        cleaned = super().clean() or {}
        group = self._chosen("group")
        if not self.errors and group is not None and cleaned.get("user") is None:
            self._show(self._chosen("flag"), group)
        return cleaned

    def _chosen(self, name: str) -> Any:
        """What is entered, or what an existing override is for."""
        return self.cleaned_data.get(name) if self.instance.pk is None else getattr(self.instance, name)

    def _show(self, flag: Flag, group: Group) -> None:
        values = {"enabled": self.cleaned_data["enabled"], "expiresAt": iso(self.cleaned_data["expires_at"])}
        self.check_shown(
            reach_of(
                flag,
                enabled=flag.enabled,
                basis_points=flag.basis_points,
                overrides={f"group:{group.pk}": values},
            )
        )


@admin.register(FlagOverride)
class FlagOverrideAdmin(OneSave):
    form = OverrideForm
    list_display = ("flag", "target", "enabled", "reason", "expires_at")
    list_filter = ("flag", "enabled")
    list_select_related = ("flag", "user", "group")
    search_fields = ("flag__key", "user__username", "group__name", "reason")
    fields = ("flag", "user", "group", "enabled", "reason", "expires_at")
    autocomplete_fields = ("user",)
    change_form_before_template = "featureflags/override_confirmation.html"

    class Media:
        js = ("featureflags/rollout.js",)
        css = {"all": ("featureflags/flag.css",)}

    def get_readonly_fields(self, request: HttpRequest, obj: FlagOverride | None = None) -> tuple[str, ...]:
        """Return whom it is for: another person is another override."""
        return () if obj is None else ("flag", "user", "group")

    def get_form(
        self, request: HttpRequest, obj: FlagOverride | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Return the form with what its fields do not say by themselves."""
        return super().get_form(request, obj, change, help_texts=HELP, **kwargs)

    def response_add(
        self, request: HttpRequest, obj: FlagOverride, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Go to the flag, where the next one can be named."""
        return self._saved(request, obj)

    def response_change(self, request: HttpRequest, obj: FlagOverride) -> HttpResponse:
        """Go to the flag, which tells how far the change has got."""
        return self._saved(request, obj)

    def _saved(self, request: HttpRequest, obj: FlagOverride) -> HttpResponse:
        messages.success(request, f"Saved: {obj}. Every process follows within a second.")
        return HttpResponseRedirect(flag_page(obj.flag))

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
