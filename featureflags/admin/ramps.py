"""Planning a ramp: its steps and its guardrails."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from unfold.admin import TabularInline
from unfold.decorators import action, display
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from featureflags import services
from featureflags.admin.actions import acting_user, ask_and_act, asked_for, looks_again
from featureflags.admin.buttons import RESUMABLE, flag_page
from featureflags.admin.forms import SAY_WHY
from featureflags.admin.reach import reach_of
from featureflags.admin.saving import OneSave
from featureflags.errors import InvalidFlag
from featureflags.evaluation import basis_points_of
from featureflags.guardrails import metric_names
from featureflags.models import Guardrail, RampPlan, RampStep, Source
from featureflags.services.ramps import DEFAULT_RULES, check_steps, proposed_steps, step_to_enter

PROGRESS = ("step_started_at", "checked_at")
"""What a ramp itself writes, beside what the card above says."""

CHECKS = (
    (Guardrail.Check.BELOW, "falls below"),
    (Guardrail.Check.ABOVE, "rises above"),
    (Guardrail.Check.WORSE_THAN_CONTROL, "worse than control"),
    (Guardrail.Check.SAMPLE_RATIO, "uneven split"),
)
ACTIONS = (
    (Guardrail.Action.PAUSE, "Pause"),
    (Guardrail.Action.STEP_BACK, "One step back"),
    (Guardrail.Action.ROLL_BACK, "Back to 0 %"),
)


class RowForm(forms.ModelForm):
    """A row of a table, whose fields are named by its head and, for those who do not see it, each by itself."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = str(field.label)


class StepForm(RowForm):
    """A step with its exposure in percent."""

    percentage = forms.DecimalField(
        label="Rollout, %",
        min_value=0,
        max_value=100,
        decimal_places=2,
        widget=UnfoldAdminDecimalFieldWidget(attrs={"step": "0.01"}),
    )

    class Meta:
        model = RampStep
        fields = ("position", "percentage", "hold_minutes", "minimum_samples")
        labels = {"position": "Step", "hold_minutes": "Hold, minutes", "minimum_samples": "Samples at least"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            self.initial["percentage"] = f"{self.instance.percentage:g}"

    def clean(self) -> dict[str, Any]:
        """Keep the percentage as the basis points that are stored."""
        cleaned = super().clean() or {}
        if (percentage := cleaned.get("percentage")) is not None:
            self.instance.basis_points = basis_points_of(percentage)
        return cleaned


class StepFormSet(BaseInlineFormSet):
    """The steps of one plan, which have to rise."""

    def clean(self) -> None:
        """Refuse steps that do not rise from above 0 to at most 100 %."""
        super().clean()
        if any(self.errors):
            return
        rows = [form for form in self.forms if form.has_changed() or form.instance.pk]
        kept = [form.instance for form in rows if form not in self.deleted_forms]
        try:
            check_steps([step.basis_points for step in sorted(kept, key=lambda step: step.position)])
        except InvalidFlag as error:
            raise ValidationError(str(error)) from error


class StepInline(TabularInline):
    model = RampStep
    form = StepForm
    formset = StepFormSet
    fields = ("position", "percentage", "hold_minutes", "minimum_samples")
    extra = 0
    hide_title = True
    verbose_name = "step"
    verbose_name_plural = "steps"

    @display(description="Rollout, %")
    def percentage(self, step: RampStep) -> str:
        return f"{step.percentage:g}"


def metric_choices(stored: str = "") -> list[tuple[str, str]]:
    """The metrics that are registered, next to those of the default plan and the `stored` one."""
    names = {*metric_names(), *(rule.metric for rule in DEFAULT_RULES), stored}
    return [(name, name) for name in sorted(names - {""})]


class GuardrailForm(RowForm):
    """A guardrail."""

    class Meta:
        model = Guardrail
        fields = ("metric", "check_kind", "threshold", "minimum_samples", "action")
        labels = {"check_kind": "Breached when", "minimum_samples": "Samples at least", "action": "Then"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        metric = self.fields.get("metric")
        if isinstance(metric, forms.ChoiceField):
            # Its own also when no longer registered: else another one would be taken for it, unseen.
            metric.choices = metric_choices(self.instance.metric)


class GuardrailInline(TabularInline):
    model = Guardrail
    form = GuardrailForm
    hide_title = True
    fields = ("metric", "check_kind", "threshold", "minimum_samples", "action")
    extra = 0

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer short words, so that a row fits."""
        kwargs["choices"] = CHECKS if db_field.name == "check_kind" else ACTIONS
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer metrics by name."""
        if db_field.name == "metric":
            return forms.ChoiceField(label="Metric", choices=metric_choices(), widget=UnfoldAdminSelectWidget)
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class PlanForm(forms.ModelForm):
    """A plan and why it is made or changed."""

    reason = forms.CharField(
        max_length=500,
        widget=UnfoldAdminTextInputWidget,
        error_messages={"required": SAY_WHY},
        help_text="A plan begins as a draft with the usual steps and guardrails; nothing happens before it is started.",
    )

    class Meta:
        model = RampPlan
        fields = ("flag", "reason")


@admin.register(RampPlan)
class RampPlanAdmin(OneSave):
    form = PlanForm
    list_display = ("flag", "state", "step", "step_started_at", "status", "checked_at")
    list_filter = ("state", "flag")
    list_select_related = ("flag",)
    inlines = (StepInline, GuardrailInline)
    actions_detail = ("start",)
    change_form_before_template = "featureflags/ramp_standing.html"

    class Media:
        css = {"all": ("featureflags/flag.css",)}

    @display(description="Step")
    def step(self, plan: RampPlan) -> str:
        return f"{plan.position} of {plan.steps.count()}"

    def get_fields(self, request: HttpRequest, obj: RampPlan | None = None) -> tuple[str, ...]:
        """Return the flag and the reason for a draft that may be edited; what the ramp is doing otherwise."""
        entered = ("flag", "reason")
        return entered if self.has_change_permission(request, obj) else (*entered, *PROGRESS)

    def get_readonly_fields(self, request: HttpRequest, obj: RampPlan | None = None) -> tuple[str, ...]:
        """Return everything that the ramp itself writes, and the flag once it is chosen."""
        return () if obj is None else ("flag", *PROGRESS)

    def has_change_permission(self, request: HttpRequest, obj: RampPlan | None = None) -> bool:
        """Only a draft is edited; a ramp under way is paused, resumed or replaced."""
        editable = obj is None or obj.state == RampPlan.State.DRAFT
        return editable and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: RampPlan | None = None) -> bool:
        """Plans stay, as part of the flag's history."""
        return False

    def get_inline_instances(self, request: HttpRequest, obj: RampPlan | None = None) -> list[Any]:
        """Return steps and guardrails once the plan exists: a new one gets the default ones first."""
        return [] if obj is None else super().get_inline_instances(request, obj)

    def save_model(self, request: HttpRequest, obj: RampPlan, form: PlanForm, change: bool) -> None:
        """Add a plan with the proposed steps and guardrails; an edit is written together with its rows below."""
        if not change:
            obj.pk = services.create_ramp(
                obj.flag.key,
                source=Source.ADMIN,
                reason=form.cleaned_data["reason"],
                actor=acting_user(request),
                steps=proposed_steps(obj.flag),
                rules=DEFAULT_RULES,
            ).pk
            obj.refresh_from_db()

    def response_add(self, request: HttpRequest, obj: RampPlan, post_url_continue: str | None = None) -> HttpResponse:
        """Go on to the draft, whose steps and guardrails come next."""
        messages.success(request, "The draft is ready: look at its steps and guardrails, then start it.")
        return HttpResponseRedirect(reverse("admin:featureflags_rampplan_change", args=(obj.pk,)))

    def response_change(self, request: HttpRequest, obj: RampPlan) -> HttpResponse:
        """Stay with the draft, which is started from here."""
        messages.success(request, "The draft is saved. Nothing happens before you start it.")
        return HttpResponseRedirect(reverse("admin:featureflags_rampplan_change", args=(obj.pk,)))

    def save_related(self, request: HttpRequest, form: PlanForm, formsets: Any, change: bool) -> None:
        """Write the reason, steps and guardrails as one audited change of the flag."""
        reason = form.cleaned_data["reason"]
        with services.recorded_change(
            form.instance.flag.key, source=Source.ADMIN, reason=reason, actor=acting_user(request)
        ):
            form.instance.save(update_fields=("reason",))
            super().save_related(request, form, formsets, change)

    @action(
        description="Start ramp",
        permissions=["start"],
        variant=ActionVariant.PRIMARY,
        icon="trending_up",
    )
    @looks_again
    def start(self, request: HttpRequest, object_id: int) -> HttpResponse:
        plan = asked_for(self, request, object_id)
        steps = " → ".join(f"{step.percentage:g} %" for step in plan.steps.all())
        try:
            step = step_to_enter(plan)
        except InvalidFlag as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(reverse("admin:featureflags_rampplan_change", args=(plan.pk,)))
        reach = reach_of(plan.flag, enabled=True, basis_points=step.basis_points)
        begins = "Goes" if plan.flag.enabled else "Switches the flag on and goes"
        return ask_and_act(
            self,
            request,
            title=f"Start the ramp of {plan.flag.key}",
            done="Ramp started",
            explanation=f"{begins} {steps}, as long as no guardrail is breached.",
            button="Start",
            back=flag_page(plan.flag),
            about=plan,
            reach=reach,
            reason=plan.reason,
            act=lambda why: services.start_ramp(
                plan,
                source=Source.ADMIN,
                reason=why,
                actor=acting_user(request),
                expected_revision=reach.revision,
            ),
        )

    def has_start_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Whether exposure may be changed, which is what a ramp does."""
        return request.user.has_perm("featureflags.change_flag")

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """Add where the ramp stands, and the button that comes next."""
        if (plan := context.get("original")) is not None:
            context |= {
                "steps": list(plan.steps.all()),
                "next": self._next(request, plan),
                "flag_url": flag_page(plan.flag),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def _next(self, request: HttpRequest, plan: RampPlan) -> tuple[str, str] | None:
        """Return label and address of what can be done with a ramp, for those who may."""
        if not self.has_start_permission(request):
            return None
        if plan.state == RampPlan.State.DRAFT:
            return "Start ramp", reverse("admin:featureflags_rampplan_start", args=(plan.pk,))
        if plan != RampPlan.current(plan.flag):
            return None
        if plan.state == RampPlan.State.RUNNING:
            return "Pause ramp", reverse("admin:featureflags_flag_pause_ramp", args=(plan.flag_id,))
        if plan.state in RESUMABLE:
            return "Resume ramp", reverse("admin:featureflags_flag_resume_ramp", args=(plan.flag_id,))
        return None
