"""A planned ramp: steps up, and the guardrails that stop it or take it back."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from featureflags.evaluation import FULL
from featureflags.models.flags import Flag


class RampPlan(models.Model):
    """One ramp of one flag. `position` is the step that is in force (0: not started), `reason` why it was planned."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        RUNNING = "running", "Running"
        PAUSED = "paused", "Paused"
        ROLLED_BACK = "rolled_back", "Rolled back"
        FINISHED = "finished", "Finished"

    flag = models.ForeignKey(Flag, on_delete=models.CASCADE, related_name="ramps")
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT)
    reason = models.CharField(max_length=500, blank=True, db_default="")
    position = models.PositiveSmallIntegerField(default=0)
    step_started_at = models.DateTimeField(null=True, blank=True)
    status = models.CharField(max_length=500, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("flag",), condition=Q(state__in=("running", "paused")), name="rampplan_one_active_per_flag"
            ),
        )

    def __str__(self) -> str:
        return f"Ramp of {self.flag} ({self.get_state_display().lower()})"

    @classmethod
    def current(cls, flag: Flag) -> RampPlan | None:
        """Return the ramp of `flag` that runs or is paused, else the newest; a later draft does not stand before it."""
        plans = cls.objects.filter(flag=flag)
        return plans.filter(state__in=(cls.State.RUNNING, cls.State.PAUSED)).first() or plans.first()


class RampStep(models.Model):
    """An exposure, how long it is held and how much must have been seen before the next one."""

    plan = models.ForeignKey(RampPlan, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])
    basis_points = models.PositiveSmallIntegerField()
    hold_minutes = models.PositiveIntegerField(default=60)
    minimum_samples = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("plan", "position")
        constraints = (
            models.UniqueConstraint(fields=("plan", "position"), name="rampstep_position_once"),
            models.CheckConstraint(
                condition=Q(basis_points__gte=1) & Q(basis_points__lte=FULL), name="rampstep_basis_points_1_10000"
            ),
        )

    def __str__(self) -> str:
        return f"step {self.position}: {self.percentage:g} %"

    @property
    def percentage(self) -> float:
        """The exposure in percent, 0.01-100.00."""
        return self.basis_points / 100


class Guardrail(models.Model):
    """A metric that must not leave its bounds while the ramp runs, and what happens when it does."""

    class Check(models.TextChoices):
        BELOW = "below", "Value falls below the threshold"
        ABOVE = "above", "Value rises above the threshold"
        WORSE_THAN_CONTROL = "worse_than_control", "Rate is worse than the control's (sequential test)"
        SAMPLE_RATIO = "sample_ratio", "Arms are not split as planned"

    class Action(models.TextChoices):
        PAUSE = "pause", "Pause the ramp"
        STEP_BACK = "step_back", "Go back one step"
        ROLL_BACK = "roll_back", "Go back to 0 %"

    plan = models.ForeignKey(RampPlan, on_delete=models.CASCADE, related_name="guardrails")
    metric = models.CharField(max_length=100)
    check_kind = models.CharField(max_length=30, choices=Check)
    threshold = models.FloatField(
        default=0.0, help_text="In the metric's unit; for the two tests: the significance level, such as 0.05 or 0.001."
    )
    minimum_samples = models.PositiveIntegerField(default=40)
    action = models.CharField(max_length=20, choices=Action, default=Action.PAUSE)

    class Meta:
        ordering = ("plan", "pk")
        constraints = (
            models.UniqueConstraint(fields=("plan", "metric", "check_kind"), name="guardrail_once_per_metric"),
        )

    def __str__(self) -> str:
        return f"{self.metric} {self.get_check_kind_display().lower()}"
