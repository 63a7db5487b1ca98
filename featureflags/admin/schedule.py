"""Changes planned for later."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminSelectWidget

from featureflags import services
from featureflags.admin.actions import acting_user, ask_and_act, asked_for
from featureflags.admin.buttons import flag_page
from featureflags.admin.forms import SAY_WHY
from featureflags.admin.reach import Reach, ReachForm, reach_of
from featureflags.admin.saving import OneSave
from featureflags.errors import FlagError
from featureflags.evaluation import basis_points_of
from featureflags.models import Flag, ScheduledChange, Source


class ScheduledChangeForm(ReachForm, forms.ModelForm):
    """A change for later, its exposure in percent; planned once it was shown whom it would reach now."""

    enabled = forms.NullBooleanField(
        label="Switched on",
        required=False,
        widget=UnfoldAdminSelectWidget(choices=(("", "Stays as it is"), ("true", "On"), ("false", "Off"))),
    )
    percentage = forms.DecimalField(
        label="Rollout, % of users",
        required=False,
        min_value=0,
        max_value=100,
        decimal_places=2,
        help_text="Empty: the percentage stays.",
        widget=UnfoldAdminDecimalFieldWidget(attrs={"step": "0.01"}),
    )

    class Meta:
        model = ScheduledChange
        fields = ("flag", "apply_at", "enabled", "reason")
        labels = {"apply_at": "When"}
        help_texts = {"apply_at": "In UTC."}
        error_messages = {"reason": {"required": SAY_WHY}, "apply_at": {"required": "Enter a date and a time."}}

    def clean(self) -> dict[str, Any]:
        """Refuse a time that has passed and a change that changes nothing; then show whom it would reach."""
        cleaned = super().clean() or {}
        if cleaned.get("apply_at") and cleaned["apply_at"] <= timezone.now():
            self.add_error("apply_at", "Choose a time that is still to come.")
        if cleaned.get("enabled") is None and cleaned.get("percentage") is None:
            self.add_error(None, "Say what changes: switched on or off, the percentage, or both.")
        # The constraint "changes something" is about basis points, which the service fills in from the percentage.
        self.instance.basis_points = None if cleaned.get("percentage") is None else 0
        if not self.errors:
            self.check_shown(_reach(**cleaned))
        return cleaned


def _reach(*, flag: Flag, enabled: bool | None, percentage: Decimal | None, **others: object) -> Reach:
    """Return whom the change would switch if it were made now."""
    return reach_of(
        flag,
        enabled=flag.enabled if enabled is None else enabled,
        basis_points=flag.basis_points if percentage is None else basis_points_of(percentage),
    )


@admin.register(ScheduledChange)
class ScheduledChangeAdmin(OneSave):
    form = ScheduledChangeForm
    list_display = ("flag", "apply_at", "switched", "percentage", "state", "created_by", "reason")
    list_filter = ("state", "flag")
    list_select_related = ("flag", "created_by")
    actions_detail = ("cancel",)
    change_form_before_template = "featureflags/schedule_standing.html"

    class Media:
        js = ("featureflags/rollout.js",)
        css = {"all": ("featureflags/flag.css",)}

    @display(description="Switched on")
    def switched(self, change: ScheduledChange) -> str:
        return {None: "stays as it is", True: "on", False: "off"}[change.enabled]

    @display(description="Rollout, %")
    def percentage(self, change: ScheduledChange) -> str:
        return "stays as it is" if change.basis_points is None else f"{change.basis_points / 100:g} %"

    def get_fields(self, request: HttpRequest, obj: ScheduledChange | None = None) -> tuple[str, ...]:
        """Return what is entered, and for an existing one also what became of it."""
        if obj is None:
            return ("flag", "apply_at", "enabled", "percentage", "reason")
        return ("flag", "apply_at", "switched", "percentage", "reason", "created_by", "state", "outcome")

    def get_readonly_fields(self, request: HttpRequest, obj: ScheduledChange | None = None) -> tuple[str, ...]:
        """Return, for an existing one, what is told in words."""
        return () if obj is None else ("switched",)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """Offer to cancel what is still to come."""
        change = context.get("original")
        if change is not None and change.state == ScheduledChange.State.PENDING and self.has_cancel_permission(request):
            context["cancel_url"] = reverse("admin:featureflags_scheduledchange_cancel", args=(change.pk,))
        return super().render_change_form(request, context, *args, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: ScheduledChange | None = None) -> bool:
        """A scheduled change is cancelled and made anew, so that the audit shows both."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ScheduledChange | None = None) -> bool:
        """Cancelled ones stay visible."""
        return False

    def has_cancel_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Whether somebody may take a change off the schedule."""
        return request.user.has_perm("featureflags.change_scheduledchange")

    def save_model(self, request: HttpRequest, obj: ScheduledChange, form: ScheduledChangeForm, change: bool) -> None:
        """Write through the services; the object then shows what is stored."""
        saved = services.schedule_change(
            obj.flag.key,
            apply_at=obj.apply_at,
            enabled=obj.enabled,
            percentage=form.cleaned_data["percentage"],
            reason=obj.reason,
            source=Source.ADMIN,
            actor=acting_user(request),
        )
        obj.pk = saved.pk

    def response_add(
        self, request: HttpRequest, obj: ScheduledChange, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Go to the flag, where it stands among what else is planned."""
        messages.success(request, f"Planned for {obj.apply_at:%Y-%m-%d %H:%M} UTC. Until then it can be cancelled.")
        return HttpResponseRedirect(flag_page(obj.flag))

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Add one; a refusal at the last moment is a sentence on the same page."""
        try:
            return super().add_view(request, form_url, extra_context)
        except FlagError as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(request.get_full_path())

    @action(description="Cancel", permissions=["cancel"], icon="event_busy")
    def cancel(self, request: HttpRequest, object_id: int) -> HttpResponse:
        change = asked_for(self, request, object_id)
        return ask_and_act(
            self,
            request,
            title=f"Cancel the change of {change.flag.key}",
            done="Scheduled change cancelled",
            explanation=f"It was planned for {change.apply_at:%Y-%m-%d %H:%M} UTC.",
            button="Cancel it",
            back=flag_page(change.flag),
            about=change,
            act=lambda why: services.cancel_scheduled(
                change, reason=why, source=Source.ADMIN, actor=acting_user(request)
            ),
        )
