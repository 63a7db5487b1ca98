"""The form of a flag: exposure with a preview, a reason, and the revision it was opened with."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from featureflags.admin.reach import Reach, ReachForm, reach_of
from featureflags.errors import ReasonRequired
from featureflags.evaluation import basis_points_of
from featureflags.models import Flag
from featureflags.wording import by_whom

SAY_WHY = "Say why, in a few words: the history keeps it."


class ReasonForm(ReachForm):
    """Why something is done; where it switches people, the page shows whom (`reach`)."""

    reason = forms.CharField(
        max_length=500,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2, "autofocus": True}),
        error_messages={"required": SAY_WHY},
    )

    def __init__(self, *args: Any, reach: Reach | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reach = reach
        if reach is not None:
            self.initial["previewed"] = reach.signature

    def clean(self) -> dict[str, Any]:
        """Refuse what was not shown: the flag may have been changed while the page was open."""
        cleaned = super().clean() or {}
        if self.reach is not None:
            self.check_shown(self.reach)
            if cleaned.get("previewed") != self.reach.signature:
                self.add_error(None, "The flag was changed meanwhile. Look at what this does now, and press again.")
        return cleaned


class FlagForm(ReachForm, forms.ModelForm):
    """A flag as staff edit it.

    A change of exposure is saved in two steps: the first shows who it reaches, the second saves exactly what was shown.
    """

    enabled = forms.BooleanField(required=False, label="Switched on", widget=UnfoldBooleanSwitchWidget)
    percentage = forms.DecimalField(
        min_value=Decimal(0),
        max_value=Decimal(100),
        decimal_places=2,
        initial=Decimal(0),
        label="Rollout, % of users",
        widget=UnfoldAdminDecimalFieldWidget(attrs={"step": "0.01", "data-rollout": "true"}),
    )
    reason = forms.CharField(
        max_length=500,
        required=False,
        help_text="Required when the flag is switched or its percentage changes.",
        widget=UnfoldAdminTextInputWidget,
    )
    opened_revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Flag
        fields = ("key", "name", "description", "kind", "owner", "expires_on", "enabled")
        widgets = {"description": UnfoldAdminTextareaWidget(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stored: Flag | None = None
        if self.instance.pk is not None:
            self.stored = Flag.objects.get(pk=self.instance.pk)
            # Without a trailing .00, so that an untouched field reads as it is stored.
            self.initial["percentage"] = f"{self.instance.percentage:g}"
            self.initial["opened_revision"] = self.instance.revision

    def clean(self) -> dict[str, Any]:
        """Refuse a stale page and a change without a reason; show who a change reaches before it is saved."""
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        if self.stored is None:
            if (cleaned["enabled"] or cleaned["percentage"]) and not cleaned["reason"].strip():
                self.add_error("reason", str(ReasonRequired()))
            return cleaned
        self._check_revision(self.stored, cleaned)
        points = basis_points_of(cleaned["percentage"])
        if (self.stored.enabled, self.stored.basis_points) == (cleaned["enabled"], points):
            return cleaned
        if not cleaned["reason"].strip():
            self.add_error("reason", str(ReasonRequired()))
        reach = reach_of(self.stored, enabled=cleaned["enabled"], basis_points=points)
        if not self.errors:
            self.check_shown(reach)
        return cleaned

    def _check_revision(self, stored: Flag, cleaned: dict[str, Any]) -> None:
        if cleaned.get("opened_revision") == stored.revision:
            return
        last = stored.changes.first()
        who = by_whom(last) if last else ""
        self.add_error(
            None,
            f"This flag was changed{who} while you had it open; nothing was saved. Your entries are still here, the "
            "current state is shown above. Save again to put your entries in its place.",
        )
        self.put("opened_revision", stored.revision)
        self.put("previewed", "")
