"""Who is on or off by name."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.defaultfilters import pluralize
from django.urls import reverse
from django.utils import timezone
from unfold.decorators import display

from featureflags import services
from featureflags.admin.actions import acting_user, ask_and_act, chosen_rows, looks_again
from featureflags.admin.buttons import flag_page
from featureflags.admin.reach import ReachForm, reach_of
from featureflags.admin.saving import OneSave
from featureflags.models import Flag, FlagChange, FlagOverride, Source
from featureflags.selectors import stored_version
from featureflags.state import iso, target_of
from featureflags.wording import Line, by_whom, lines_of

MISSED_SHOWN = 10

HELP = {
    "user": "One user or one group, not both.",
    "enabled": "On: they get it at any percentage. Off: never.",
    "expires_at": "In UTC. Empty: until it is taken away.",
}


class OverrideForm(ReachForm, forms.ModelForm):
    """An override; that of a group is saved once it was shown whom it reaches.

    The page carries the version of all flags it was opened with: its flag may be chosen later.
    """

    opened_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = FlagOverride
        fields = ("flag", "user", "group", "enabled", "reason", "expires_at")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.missed: list[tuple[FlagChange, list[Line]]] = []
        self.initial["opened_version"] = stored_version()

    def clean(self) -> dict[str, Any]:
        """Refuse what is over already and a stale page; show whom a group's override reaches.

        One person is named on the page already.
        """
        cleaned = super().clean() or {}
        if (until := cleaned.get("expires_at")) is not None and until <= timezone.now():
            self.add_error("expires_at", "Choose a time that is still to come, or none.")
        if "user" in self.errors:
            self.put("user", "")  # nobody's id: the widget would look it up again
        flag, group = self._chosen("flag"), self._chosen("group")
        if not self.errors:
            self._check_version(flag)
        if not self.errors and group is not None and cleaned.get("user") is None:
            self._show(flag, group)
        return cleaned

    def _check_version(self, flag: Flag) -> None:
        changes = flag.changes.filter(version__gt=self.cleaned_data.get("opened_version") or 0)[:MISSED_SHOWN]
        if not changes:
            return
        self.missed = list(zip(changes, lines_of(list(changes)), strict=True))
        self.add_error(
            None,
            f"This flag was changed{by_whom(changes[0])} while you had this page open; nothing was saved. Your entries "
            "are still here, what changed is shown above. Save again if they still hold.",
        )
        self.put("opened_version", changes[0].version)
        self.put("previewed", "")

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
    list_display = ("flag", "target", "state", "reason", "expires_at")
    list_filter = ("flag", "enabled")
    list_select_related = ("flag", "user", "group")
    search_fields = ("flag__key", "user__username", "group__name", "reason")
    fields = ("flag", "user", "group", "enabled", "reason", "expires_at")
    autocomplete_fields = ("user",)
    actions = ("delete_selected",)
    change_form_before_template = "featureflags/override_confirmation.html"

    class Media:
        js = ("featureflags/rollout.js",)
        css = {"all": ("featureflags/flag.css",)}

    @display(description="State", ordering="enabled", label={"On": "success", "Off": "danger", "Expired": "warning"})
    def state(self, override: FlagOverride) -> str:
        if override.expired:
            return "Expired"
        return "On" if override.enabled else "Off"

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
        """Write through the services, unless the flag has changed since it was looked at."""
        saved = services.set_override(
            obj.flag.key,
            user=obj.user,
            group=obj.group,
            enabled=obj.enabled,
            reason=obj.reason,
            expires_at=obj.expires_at,
            source=Source.ADMIN,
            actor=acting_user(request),
            expected_revision=obj.flag.revision,
        )
        obj.pk = saved.pk

    @looks_again
    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Take one away, once it was shown whom that reaches."""
        override = self.get_object(request, unquote(object_id))
        if override is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_delete_permission(request, override):
            raise PermissionDenied
        return self._take_away(
            request,
            override.flag,
            [override],
            title=f"Take away the override of {override.target}",
            done=f"Override of {override.target} taken away",
            explanation=f"From then on the percentage of {override.flag}, or another override, decides.",
            back=flag_page(override.flag),
            about=override,
        )

    @admin.action(description="Take the selected overrides away", permissions=["delete"])
    @looks_again
    def delete_selected(self, request: HttpRequest, queryset: QuerySet[FlagOverride]) -> HttpResponse | None:
        """Take several of one flag away as one change, once it was shown whom that reaches."""
        overrides = list(queryset.select_related("flag", "user", "group"))
        flags = {override.flag for override in overrides}
        if len(flags) != 1:
            messages.error(request, "Choose overrides of one flag: whom a change reaches is counted flag by flag.")
            return None
        (flag,) = flags
        return self._take_away(
            request,
            flag,
            overrides,
            title=f"Take away {len(overrides)} override{pluralize(overrides)} of {flag.key}",
            done=f"{len(overrides)} override{pluralize(overrides)} of {flag.key} taken away",
            explanation=", ".join(override.target for override in overrides),
            back=reverse("admin:featureflags_flagoverride_changelist"),
            hidden=chosen_rows(request, "delete_selected"),
            submitted="reason" in request.POST,
        )

    def _take_away(self, request: HttpRequest, flag: Flag, overrides: list[FlagOverride], **page: Any) -> HttpResponse:
        reach = reach_of(
            flag,
            enabled=flag.enabled,
            basis_points=flag.basis_points,
            overrides={target_of(override): None for override in overrides},
        )
        return ask_and_act(
            self,
            request,
            button="Take away",
            danger=True,
            reach=reach,
            act=lambda why: services.remove_overrides(
                flag.key,
                override_ids=[override.pk for override in overrides],
                reason=why,
                source=Source.ADMIN,
                actor=acting_user(request),
                expected_revision=reach.revision,
            ),
            **page,
        )
