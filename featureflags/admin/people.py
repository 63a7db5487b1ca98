"""Users in the admin, and how they are found by name where a flag is switched for somebody."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from featureflags.models import FlagOverride

admin.site.unregister(User)
admin.site.unregister(Group)


@admin.register(User)
class PeopleAdmin(UserAdmin, ModelAdmin):
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    search_fields = ("username", "first_name", "last_name")  # not by address, for whoever only names people on a flag

    def has_view_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Let those who may switch a flag for somebody look names up there; the pages of users stay closed to them."""
        return super().has_view_permission(request, obj) or (
            _asks_for_names(request) and request.user.has_perm("featureflags.add_flagoverride")
        )


@admin.register(Group)
class GroupsAdmin(GroupAdmin, ModelAdmin):
    pass


def _asks_for_names(request: HttpRequest) -> bool:
    match = request.resolver_match
    return (
        match is not None
        and match.view_name == "admin:autocomplete"
        and request.GET.get("model_name") == FlagOverride._meta.model_name
    )
