"""The list and the page of the flags."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import display
from unfold.views import ChangeList

from featureflags import services
from featureflags.admin.actions import acting_user, ask_and_act, looks_again
from featureflags.admin.buttons import FlagButtons, flag_page
from featureflags.admin.forms import FlagForm
from featureflags.admin.reach import reach_of
from featureflags.admin.saving import OneSave
from featureflags.blast_radius import preview
from featureflags.errors import FlagConflict, FlagError, InvalidFlag
from featureflags.evaluation import basis_points_of
from featureflags.flags import current_version
from featureflags.models import Flag, FlagChange, RampPlan, Source
from featureflags.services.revert import can_revert, exposure_without
from featureflags.standing import effective_state, propagation, standings
from featureflags.wording import lines_of

HISTORY_SHOWN = 20


class FlagChangeList(ChangeList):
    """The list of flags, each with its standing: two queries for all of them."""

    result_list: Any

    def get_results(self, request: HttpRequest) -> None:
        """Read one page of flags and where they stand."""
        super().get_results(request)
        self.result_list = list(self.result_list)
        found = standings(self.result_list)
        for flag in self.result_list:
            flag.standing = found[flag.pk]


@admin.register(Flag)
class FlagAdmin(OneSave, FlagButtons):
    form = FlagForm
    list_display = ("flag", "state", "changed", "kind", "owner", "stale")
    list_filter = ("kind", "enabled")
    search_fields = ("key", "name", "description", "owner")
    change_form_before_template = "featureflags/flag_standing.html"
    change_form_outer_after_template = "featureflags/flag_history.html"
    list_before_template = "featureflags/propagation.html"

    class Media:
        js = ("featureflags/rollout.js",)
        css = {"all": ("featureflags/flag.css",)}

    # --- what is shown ------------------------------------------------------------------------------------------------

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Return a list that knows where its flags stand."""
        return FlagChangeList

    @display(description="Flag", ordering="key", header=True)
    def flag(self, flag: Flag) -> tuple[str, str]:
        return flag.key, flag.name

    @display(description="State")
    def state(self, flag: Any) -> SafeString:
        return format_html(
            '<div class="flag-state-cell"><span class="flag-dot flag-dot-{}" aria-hidden="true"></span>{}'
            '<meter class="flag-meter" min="0" max="100" value="{}" aria-label="Effective rollout"></meter></div>',
            flag.standing.tone,
            flag.standing.effective,
            f"{flag.standing.percentage:.2f}",
        )

    @display(description="Last change", header=True)
    def changed(self, flag: Any) -> tuple[str, str]:
        last = flag.standing.last_change
        if last is None:
            return "", ""
        return last.reason or "No reason given", f"{last.who}, {flag.standing.changed}"

    @display(description="Stale", label={"stale": "warning"})
    def stale(self, flag: Any) -> tuple[str, str] | str:
        return ("stale", flag.standing.stale) if flag.standing.stale else ""

    @display(description="Switched on", boolean=True)
    def switched_on(self, flag: Flag) -> bool:
        return flag.enabled

    @display(description="Rollout, % of users")
    def rollout(self, flag: Flag) -> str:
        return f"{flag.percentage:g}"

    def get_fieldsets(self, request: HttpRequest, obj: Flag | None = None) -> list[tuple[str | None, dict[str, Any]]]:
        """Return the exposure first; who may only look sees values instead of the form's own fields."""
        about = ("name", "description", "kind", "owner", "expires_on")
        if obj is None:
            exposure: tuple[str, ...] = ("key", "enabled", "percentage", "reason")
        elif self.has_change_permission(request, obj):
            exposure = ("enabled", "percentage", "reason")
        else:
            exposure = ("switched_on", "rollout")
        facts = [] if obj is None else [("Facts", {"fields": ("salt", "revision"), "classes": ("collapse",)})]
        return [("Exposure", {"fields": exposure}), ("About", {"fields": about}), *facts]

    def get_readonly_fields(self, request: HttpRequest, obj: Flag | None = None) -> tuple[str, ...]:
        """Return the facts, and the exposure for those who may not change it."""
        may_change = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        return ("salt", "revision") if may_change else ("salt", "revision", "switched_on", "rollout")

    def has_delete_permission(self, request: HttpRequest, obj: Flag | None = None) -> bool:
        """Nobody deletes a flag: its history stays."""
        return False

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show or save the page; what is refused at the last moment sends back to it."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (FlagConflict, InvalidFlag) as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(request.path)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """Add the flag's standing and history, as they are stored."""
        context["show_history"] = False  # the page has a better one
        if (original := context.get("original")) is not None:
            context |= self._page(request, Flag.objects.get(pk=original.pk))
        return super().render_change_form(request, context, *args, **kwargs)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show the list under the proof that the current version has arrived everywhere."""
        return super().changelist_view(request, self._followed() | (extra_context or {}))

    def response_change(self, request: HttpRequest, obj: Flag) -> HttpResponse:
        """Stay on the page, which tells how far the change has got."""
        messages.success(request, f"Saved. {obj.key}: {effective_state(obj)}. Every process follows within a second.")
        return HttpResponseRedirect(flag_page(obj))

    def _followed(self) -> dict[str, Any]:
        """Return how far the current version has got; this process looks first, for it is one of them."""
        current_version()
        return {"propagation": propagation(), "propagation_url": reverse("admin:featureflags_flag_propagation")}

    def _page(self, request: HttpRequest, flag: Flag) -> dict[str, Any]:
        changes = list(flag.changes.all()[:HISTORY_SHOWN])
        ramp = RampPlan.current(flag)
        return self._followed() | {
            "standing": standings([flag])[flag.pk],
            "ramp": ramp,
            "buttons": self.buttons_of(request, flag, ramp),
            "overrides": flag.overrides.select_related("user", "group"),
            "scheduled": flag.scheduled_changes.filter(state="pending"),
            "history": [
                (change, rows, can_revert(change)) for change, rows in zip(changes, lines_of(changes), strict=True)
            ],
            "preview_url": reverse("admin:featureflags_flag_preview", args=(flag.pk,)),
        }

    # --- saving -------------------------------------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: Flag, form: FlagForm, change: bool) -> None:
        """Write through the services; the object then shows what is stored."""
        values = form.cleaned_data
        details = {name: values[name] for name in ("name", "description", "kind", "owner", "expires_on")}
        common = {"source": Source.ADMIN, "actor": acting_user(request), "reason": values["reason"], "details": details}
        exposure = {"enabled": values["enabled"], "percentage": values["percentage"]}
        if change:
            services.change_flag(obj.key, expected_revision=values["opened_revision"], **exposure, **common)
        else:
            obj.pk = services.create_flag(values["key"], **exposure, **common).pk
        obj.refresh_from_db()

    # --- further addresses --------------------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        """Return the admin's addresses, the preview's and the reverts'."""
        wrap = self.admin_site.admin_view
        return [
            path("propagation/", wrap(self.propagation_view), name="featureflags_flag_propagation"),
            path("<int:object_id>/preview/", wrap(self.preview_view), name="featureflags_flag_preview"),
            path("<int:object_id>/revert/<int:change_id>/", wrap(self.revert_view), name="featureflags_flag_revert"),
            *super().get_urls(),
        ]

    def preview_view(self, request: HttpRequest, object_id: int) -> JsonResponse:
        """Return who a change would reach, for the sentence beside the slider."""
        flag = get_object_or_404(Flag, pk=object_id)
        if not self.has_change_permission(request, flag):
            raise PermissionDenied
        try:
            points = basis_points_of(request.GET.get("percentage", ""))
        except ValueError as error:
            return JsonResponse({"sentence": f"{error}."}, status=400)
        radius = preview(flag, enabled=request.GET.get("enabled") == "true", basis_points=points)
        return JsonResponse({"sentence": str(radius), "affected": radius.affected, "needsTyping": radius.needs_typing})

    def propagation_view(self, request: HttpRequest) -> JsonResponse:
        """Return how far the current version has got, for the line that is asked again after a change."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = propagation()
        return JsonResponse({"sentence": str(found), "settled": found.settled})

    @looks_again
    def revert_view(self, request: HttpRequest, object_id: int, change_id: int) -> HttpResponse:
        """Take one change back: with one click, or with a reason where that switches somebody on."""
        flag = get_object_or_404(Flag, pk=object_id)
        if not self.has_change_permission(request, flag):
            raise PermissionDenied
        change = get_object_or_404(FlagChange, pk=change_id, flag=flag)
        if request.method != "POST":  # after a login in between
            return HttpResponseRedirect(flag_page(flag))
        exposure = exposure_without(change, flag)
        reach = reach_of(
            flag, enabled=exposure.enabled, basis_points=exposure.basis_points, overrides=exposure.overrides
        )

        def act(why: str) -> None:
            services.revert_change(
                change,
                source=Source.ADMIN,
                reason=why,
                actor=acting_user(request),
                expected_revision=reach.revision,
            )

        if reach.radius.on or "reason" in request.POST:  # whoever was asked is asked again, whatever it does now
            return ask_and_act(
                self,
                request,
                title=f"Revert revision {change.revision} of {flag.key}",
                done=f"Revision {change.revision} reverted",
                explanation=f"It was made by {change.who}: {change.reason or 'no reason given'}",
                button="Revert",
                back=flag_page(flag),
                about=flag,
                reach=reach,
                act=lambda why: act(f"{why[:400]} ({reach.becomes})"),
                submitted="reason" in request.POST,
            )
        try:
            act(f"Reverted revision {change.revision}: {reach.becomes}." if reach.radius.off else "")
            messages.success(request, f"Revision {change.revision} reverted.")
        except FlagError as error:
            messages.error(request, str(error))
        return HttpResponseRedirect(flag_page(flag))
