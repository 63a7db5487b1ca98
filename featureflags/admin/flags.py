"""The list and the page of the flags."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from unfold.admin import ModelAdmin
from unfold.decorators import action, display
from unfold.enums import ActionVariant
from unfold.views import ChangeList

from featureflags import services
from featureflags.admin.actions import acting_user, ask_and_act
from featureflags.admin.forms import FlagForm
from featureflags.blast_radius import preview
from featureflags.errors import FlagConflict, InvalidFlag
from featureflags.evaluation import basis_points_of
from featureflags.history import differences
from featureflags.models import Flag, FlagChange, RampPlan, Source
from featureflags.standing import propagation, standings

HISTORY_SHOWN = 20
KILL = "featureflags.kill_flag"


def flag_page(flag: Flag) -> str:
    """Return the address of a flag's page."""
    return reverse("admin:featureflags_flag_change", args=(flag.pk,))


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
class FlagAdmin(ModelAdmin):
    form = FlagForm
    list_display = ("key", "name", "state", "kind", "owner", "changed", "stale")
    list_filter = ("kind", "enabled")
    search_fields = ("key", "name", "description", "owner")
    actions = ("kill_selected",)
    actions_detail = ("kill", "pause_ramp", "resume_ramp")
    change_form_before_template = "featureflags/flag_standing.html"
    change_form_outer_after_template = "featureflags/flag_history.html"
    list_before_template = "featureflags/propagation.html"

    class Media:
        js = ("featureflags/rollout.js",)

    # --- what is shown ------------------------------------------------------------------------------------------------

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Return a list that knows where its flags stand."""
        return FlagChangeList

    @display(description="State")
    def state(self, flag: Any) -> str:
        return flag.standing.effective

    @display(description="Last change")
    def changed(self, flag: Any) -> str:
        last = flag.standing.last_change
        return f"{last.created_at:%Y-%m-%d %H:%M} UTC, {last.who}" if last else ""

    @display(description="Stale", label="warning")
    def stale(self, flag: Any) -> str:
        return flag.standing.stale

    def get_fieldsets(self, request: HttpRequest, obj: Flag | None = None) -> list[tuple[str | None, dict[str, Any]]]:
        """Return the exposure first; who may only look sees values instead of the form's own fields."""
        about = ("name", "description", "kind", "owner", "expires_on")
        if obj is None:
            exposure: tuple[str, ...] = ("key", "enabled", "percentage", "reason")
        elif self.has_change_permission(request, obj):
            exposure = ("enabled", "percentage", "reason", "typed_count", "opened_revision", "previewed")
        else:
            exposure = ("enabled", "percentage")
        facts = [] if obj is None else [("Facts", {"fields": ("salt", "revision"), "classes": ("collapse",)})]
        return [("Exposure", {"fields": exposure}), ("About", {"fields": about}), *facts]

    def get_readonly_fields(self, request: HttpRequest, obj: Flag | None = None) -> tuple[str, ...]:
        """Return the facts, and the percentage for those who may not change it."""
        may_change = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        return ("salt", "revision") if may_change else ("salt", "revision", "percentage")

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
        """Show the page with the flag's standing and history; a conflict at the last moment sends back to it."""
        context = extra_context or {}
        flag = Flag.objects.filter(pk=object_id).first() if object_id and object_id.isdecimal() else None
        if flag is not None:
            context |= self._page(flag)
        try:
            return super().changeform_view(request, object_id, form_url, context)
        except (FlagConflict, InvalidFlag) as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(request.path)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show the list under the proof that the current version has arrived everywhere."""
        return super().changelist_view(request, {"propagation": propagation(), **(extra_context or {})})

    def _page(self, flag: Flag) -> dict[str, Any]:
        changes = list(flag.changes.all()[:HISTORY_SHOWN])
        return {
            "standing": standings([flag])[flag.pk],
            "propagation": propagation(),
            "ramp": flag.ramps.first(),
            "overrides": flag.overrides.select_related("user", "group"),
            "scheduled": flag.scheduled_changes.filter(state="pending"),
            "history": [(change, differences(change.before, change.after)) for change in changes],
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

    # --- buttons ------------------------------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        """Return the admin's addresses, the preview's and the reverts'."""
        wrap = self.admin_site.admin_view
        return [
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

    def revert_view(self, request: HttpRequest, object_id: int, change_id: int) -> HttpResponse:
        """Take one change back, with one click and a reason that may stay as proposed."""
        flag = get_object_or_404(Flag, pk=object_id)
        if not self.has_change_permission(request, flag):
            raise PermissionDenied
        change = get_object_or_404(FlagChange, pk=change_id, flag=flag)
        if request.method != "POST":
            raise Http404
        try:
            services.revert_change(change, source=Source.ADMIN, actor=acting_user(request))
            messages.success(request, f"Revision {change.revision} was reverted.")
        except InvalidFlag as error:
            messages.error(request, str(error))
        return HttpResponseRedirect(flag_page(flag))

    @action(description="Switch off now", permissions=["kill"], variant=ActionVariant.DANGER, icon="power_settings_new")
    def kill(self, request: HttpRequest, object_id: int) -> HttpResponse:
        flag = get_object_or_404(Flag, pk=object_id)
        return ask_and_act(
            self,
            request,
            title=f"Switch {flag.key} off for everyone",
            explanation="Takes effect within a second, pauses its ramp, and keeps the percentage for later.",
            button="Switch off",
            back=flag_page(flag),
            act=lambda why: services.kill_flag(flag.key, source=Source.ADMIN, reason=why, actor=acting_user(request)),
        )

    @action(description="Pause ramp", permissions=["change"], icon="pause")
    def pause_ramp(self, request: HttpRequest, object_id: int) -> HttpResponse:
        flag, plan = self._ramp(object_id)
        return ask_and_act(
            self,
            request,
            title=f"Pause the ramp of {flag.key}",
            explanation=f"It stays at {flag.percentage:g} % until somebody resumes it.",
            button="Pause",
            back=flag_page(flag),
            act=lambda why: services.pause_ramp(plan, source=Source.ADMIN, reason=why, actor=acting_user(request)),
        )

    @action(description="Resume ramp", permissions=["change"], icon="play_arrow")
    def resume_ramp(self, request: HttpRequest, object_id: int) -> HttpResponse:
        flag, plan = self._ramp(object_id)
        return ask_and_act(
            self,
            request,
            title=f"Resume the ramp of {flag.key}",
            explanation="The step it was on starts anew, for the same people as before.",
            button="Resume",
            back=flag_page(flag),
            act=lambda why: services.resume_ramp(plan, source=Source.ADMIN, reason=why, actor=acting_user(request)),
        )

    def get_actions_detail(self, request: HttpRequest, object_id: int) -> list[Any]:
        """Return the buttons that make sense for the flag as it is."""
        flag = Flag.objects.filter(pk=object_id).first()
        state = flag and flag.ramps.values_list("state", flat=True).first()
        hidden = {
            "kill": flag is None or not flag.enabled,
            "pause_ramp": state != RampPlan.State.RUNNING,
            "resume_ramp": state not in (RampPlan.State.PAUSED, RampPlan.State.ROLLED_BACK),
        }
        return [
            button
            for button in super().get_actions_detail(request, object_id)
            if not hidden[button.method.original_function_name]
        ]

    def _ramp(self, object_id: int) -> tuple[Flag, RampPlan]:
        flag = get_object_or_404(Flag, pk=object_id)
        plan = flag.ramps.first()
        if plan is None:
            raise Http404
        return flag, plan

    @admin.action(description="Switch the selected flags off now", permissions=["kill"])
    def kill_selected(self, request: HttpRequest, queryset: QuerySet[Flag]) -> HttpResponse:
        """Ask for one reason, then switch off flag by flag, each with its audit row."""
        keys = list(queryset.values_list("key", flat=True))

        def act(reason: str) -> None:
            for key in keys:
                services.kill_flag(key, source=Source.ADMIN, reason=reason, actor=acting_user(request))

        chosen = tuple((ACTION_CHECKBOX_NAME, value) for value in request.POST.getlist(ACTION_CHECKBOX_NAME))
        return ask_and_act(
            self,
            request,
            title=f"Switch {len(keys)} flags off for everyone",
            explanation=", ".join(keys),
            button="Switch off",
            back=reverse("admin:featureflags_flag_changelist"),
            act=act,
            hidden=(("action", "kill_selected"), *chosen),
            submitted="reason" in request.POST,
        )

    def has_kill_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Whether the emergency switch may be used."""
        return request.user.has_perm(KILL)
