"""Who a change reaches, shown before it is made: pages that switch many people at once ask by this one rule.

Not asked are the ways out of trouble: the emergency switch, and a revert that switches nobody on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorList
from django.http import QueryDict
from unfold.widgets import UnfoldAdminTextInputWidget

from featureflags.blast_radius import BlastRadius, preview
from featureflags.models import Flag
from featureflags.standing import effective_state, state_after

Overrides = Mapping[str, Mapping[str, Any] | None]

UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True, slots=True)
class Reach:
    """A change of a flag as it is shown: the revision it starts from, what it sets, and whom it switches."""

    flag_id: int
    revision: int
    enabled: bool
    basis_points: int
    overrides: Overrides
    becomes: str
    radius: BlastRadius

    @property
    def signature(self) -> str:
        """What a page sends back to say that exactly this was shown."""
        return json.dumps(
            [self.flag_id, self.revision, self.enabled, self.basis_points, self.overrides], sort_keys=True
        )


def reach_of(flag: Flag, *, enabled: bool, basis_points: int, overrides: Overrides | None = None) -> Reach:
    """Return who would be switched if the stored `flag` got these values and `overrides` (see `preview`)."""
    radius = preview(flag, enabled=enabled, basis_points=basis_points, overrides=overrides)
    now, then = effective_state(flag), state_after(flag, enabled=enabled, basis_points=basis_points)
    same = f"{now}, as before" + ("; overrides change" if overrides else "")
    becomes = f"{now} → {then}" if now != then else same
    return Reach(flag.pk, flag.revision, enabled, basis_points, overrides or {}, becomes, radius)


class ReachForm(forms.Form):
    """A form that acts only on what was shown, and on a typed number where many are reached."""

    typed_count = forms.IntegerField(
        required=False,
        label="Number of users reached",
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    previewed = forms.CharField(required=False, widget=forms.HiddenInput)

    reach: Reach | None = None
    awaits_confirmation = False

    def check_shown(self, reach: Reach) -> None:
        """Add an error unless the person has seen `reach` and, above 1000 users, typed how many they are."""
        self.reach = reach
        number = reach.radius.affected
        if self.cleaned_data.get("previewed") != reach.signature:
            self.put("previewed", reach.signature)
            self.put("typed_count", "")
            self.awaits_confirmation = True
            self.add_error(None, ValidationError(f"This reaches {reach.radius}.", code=UNCONFIRMED))
        elif reach.radius.needs_typing and self.cleaned_data.get("typed_count") != number:
            self.add_error("typed_count", f"Type {number} to confirm that so many users are reached.")
            self.awaits_confirmation = True

    def non_field_errors(self) -> ErrorList:
        """Return what is wrong; that a change waits for its confirmation is not, and has a place of its own."""
        found = super().non_field_errors()
        found.data = [error for error in found.as_data() if error.code != UNCONFIRMED]
        return found

    def put(self, name: str, value: object) -> None:
        """Change what the redisplayed page will send."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data[self.add_prefix(name)] = str(value)
        self.data = data
