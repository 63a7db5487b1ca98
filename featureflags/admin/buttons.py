"""What is done to a flag with one button and a reason: switch it off, pause and resume its ramp."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from unfold.admin import ModelAdmin
from unfold.decorators import action
from unfold.enums import ActionVariant

from featureflags import services
from featureflags.admin.actions import acting_user, ask_and_act, asked_for, chosen_rows, looks_again
from featureflags.admin.reach import reach_of
from featureflags.errors import InvalidFlag
from featureflags.models import Flag, RampPlan, Source
from featureflags.services.ramps import step_to_resume

KILL = "featureflags.kill_flag"
RESUMABLE = (RampPlan.State.PAUSED, RampPlan.State.ROLLED_BACK)


def flag_page(flag: Flag) -> str:
    """Return the address of a flag's page."""
    return reverse("admin:featureflags_flag_change", args=(flag.pk,))


class FlagButtons(ModelAdmin):
    """The buttons of the page and the list of flags."""

    actions = ("kill_selected",)
    actions_detail = ("kill", "pause_ramp", "resume_ramp")

    @action(description="Switch off now", permissions=["kill"], variant=ActionVariant.DANGER, icon="power_settings_new")
    def kill(self, request: HttpRequest, object_id: int) -> HttpResponse:
        flag = asked_for(self, request, object_id)
        return ask_and_act(
            self,
            request,
            title=f"Switch {flag.key} off for everyone",
            done="Switched off for everyone",
            explanation="Takes effect within a second, pauses its ramp, and keeps the percentage for later.",
            button="Switch off",
            danger=True,
            back=flag_page(flag),
            about=flag,
            act=lambda why: services.kill_flag(flag.key, source=Source.ADMIN, reason=why, actor=acting_user(request)),
        )

    @action(description="Pause ramp", permissions=["change"], icon="pause")
    def pause_ramp(self, request: HttpRequest, object_id: int) -> HttpResponse:
        flag, plan = self._ramp(request, object_id)
        return ask_and_act(
            self,
            request,
            title=f"Pause the ramp of {flag.key}",
            done="Ramp paused",
            explanation=f"It stays at {flag.percentage:g} % until somebody resumes it.",
            button="Pause",
            back=flag_page(flag),
            about=flag,
            act=lambda why: services.pause_ramp(plan, source=Source.ADMIN, reason=why, actor=acting_user(request)),
        )

    @action(description="Resume ramp", permissions=["change"], icon="play_arrow")
    @looks_again
    def resume_ramp(self, request: HttpRequest, object_id: int) -> HttpResponse:
        flag, plan = self._ramp(request, object_id)
        try:
            step = step_to_resume(flag, plan)
        except InvalidFlag as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(flag_page(flag))
        reach = reach_of(flag, enabled=True, basis_points=step.basis_points)
        return ask_and_act(
            self,
            request,
            title=f"Resume the ramp of {flag.key}",
            done="Ramp resumed",
            explanation="The step it was on starts anew, for the same people as before.",
            button="Resume",
            back=flag_page(flag),
            about=flag,
            reach=reach,
            act=lambda why: services.resume_ramp(
                plan,
                source=Source.ADMIN,
                reason=why,
                actor=acting_user(request),
                expected_revision=reach.revision,
            ),
        )

    def buttons_of(self, request: HttpRequest, flag: Flag, ramp: RampPlan | None) -> list[dict[str, Any]]:
        """Return the buttons that make sense for the flag as it is and for who looks."""
        may_change = self.has_change_permission(request, flag)
        state = ramp and ramp.state
        offered = (
            ("pause_ramp", "Pause ramp", may_change and state == RampPlan.State.RUNNING),
            ("resume_ramp", "Resume ramp", may_change and state in RESUMABLE),
            ("kill", "Switch off now", flag.enabled and self.has_kill_permission(request)),
        )
        return [
            {
                "label": label,
                "url": reverse(f"admin:featureflags_flag_{name}", args=(flag.pk,)),
                "danger": name == "kill",
            }
            for name, label, shown in offered
            if shown
        ]

    def _ramp(self, request: HttpRequest, object_id: int) -> tuple[Flag, RampPlan]:
        flag = asked_for(self, request, object_id)
        plan = RampPlan.current(flag)
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

        return ask_and_act(
            self,
            request,
            title=f"Switch {len(keys)} flags off for everyone",
            done=f"Switched {len(keys)} flags off for everyone",
            explanation=", ".join(keys),
            button="Switch off",
            danger=True,
            back=reverse("admin:featureflags_flag_changelist"),
            act=act,
            hidden=chosen_rows(request, "kill_selected"),
            submitted="reason" in request.POST,
        )

    def has_kill_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Whether the emergency switch may be used."""
        return request.user.has_perm(KILL)
