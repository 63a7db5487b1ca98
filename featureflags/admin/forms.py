"""The form of a flag: exposure with a preview, a reason, and the revision it was opened with."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorList
from django.http import QueryDict
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from featureflags.blast_radius import BlastRadius, preview
from featureflags.evaluation import basis_points_of
from featureflags.models import Flag
from featureflags.standing import effective_state, state_after

UNCONFIRMED = "unconfirmed"


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = forms.CharField(max_length=500, widget=UnfoldAdminTextareaWidget(attrs={"rows": 2, "autofocus": True}))


class FlagForm(forms.ModelForm):
    """A flag as staff edit it.

    A change of exposure is saved in two steps: the first shows who it reaches (`blast_radius` is set then), the second
    saves exactly what was shown.
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
    typed_count = forms.IntegerField(
        required=False,
        label="Number of users reached",
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    opened_revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    previewed = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Flag
        fields = ("key", "name", "description", "kind", "owner", "expires_on", "enabled")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.blast_radius: BlastRadius | None = None
        self.now_and_then = ""
        self.awaits_confirmation = False
        self.stored: Flag | None = None
        if self.instance.pk is not None:
            self.stored = Flag.objects.get(pk=self.instance.pk)
            # Without a trailing .00, so that an untouched field reads as it is stored.
            self.initial["percentage"] = f"{self.instance.percentage:g}"
            self.initial["opened_revision"] = self.instance.revision

    def clean(self) -> dict[str, Any]:
        """Refuse a stale page and a change without a reason; show who a change reaches before it is saved."""
        cleaned = super().clean() or {}
        if self.stored is None or self.errors:
            return cleaned
        self._check_revision(self.stored, cleaned)
        points = basis_points_of(cleaned["percentage"])
        if (self.stored.enabled, self.stored.basis_points) == (cleaned["enabled"], points):
            return cleaned
        if not cleaned["reason"].strip():
            self.add_error("reason", "Say why: switching a flag or changing its percentage needs a reason.")
        self.blast_radius = preview(self.stored, enabled=cleaned["enabled"], basis_points=points)
        after = state_after(self.stored, enabled=cleaned["enabled"], basis_points=points)
        self.now_and_then = f"{effective_state(self.stored)} → {after}"
        self._check_preview(self.stored, f"{cleaned['enabled']}:{points}", cleaned)
        return cleaned

    def _check_revision(self, stored: Flag, cleaned: dict[str, Any]) -> None:
        if cleaned.get("opened_revision") == stored.revision:
            return
        last = stored.changes.first()
        who = f" by {last.who} ({last.reason or 'no reason given'})" if last else ""
        self.add_error(
            None,
            f"This flag was changed{who} while you had it open; nothing was saved. Your entries are still here, the "
            "current state is shown above. Save again to put your entries in its place.",
        )
        self._put("opened_revision", stored.revision)
        self._put("previewed", "")

    def _check_preview(self, stored: Flag, wanted: str, cleaned: dict[str, Any]) -> None:
        radius = self.blast_radius
        if self.errors or radius is None:
            return
        signature = f"{stored.revision}:{wanted}"
        if cleaned.get("previewed") != signature:
            self._put("previewed", signature)
            self._put("typed_count", "")
            self.awaits_confirmation = True
            self.add_error(None, ValidationError(f"This reaches {radius}.", code=UNCONFIRMED))
        elif radius.needs_typing and cleaned.get("typed_count") != radius.affected:
            self.add_error("typed_count", f"Type {radius.affected} to confirm that so many users are reached.")
            self.awaits_confirmation = True

    def non_field_errors(self) -> ErrorList:
        """Return what is wrong; that a change waits for its confirmation is not, and has a place of its own."""
        found = super().non_field_errors()
        found.data = [error for error in found.as_data() if error.code != UNCONFIRMED]
        return found

    def _put(self, name: str, value: object) -> None:
        """Change what the redisplayed page will send."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data[self.add_prefix(name)] = str(value)
        self.data = data
