"""Query strings of the analytics endpoints."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

from analytics.events import event_types
from analytics.models import Outcome, Purpose
from analytics.periods import DAY, Period, midnight
from analytics.serializers.fields import MomentField

MAX_EVENTS = 1000
DEFAULT_EVENTS = 50
INTERACTION_FILTERS = ("purpose", "outcome", "model", "category", "generation_id", "cost_usd__gte", "latency_ms__gte")
ALIASES = {"startDate": "start", "endDate": "end"}


class PeriodQuery(serializers.Serializer):
    """The period all analytics endpoints understand."""

    start = MomentField(required=False, help_text="First UTC day, or the time from which on. `startDate` is the same.")
    end = MomentField(
        required=False, help_text="Last UTC day, it is included; or the time before which. `endDate` is the same."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        start, end = _begin(attrs.get("start")), _end(attrs.get("end"))
        ends_with_a_day = not isinstance(attrs.get("end"), datetime)
        if start is not None and end is not None and (start > end or (start == end and ends_with_a_day)):
            raise serializers.ValidationError({"start": ["The start is after the end."]})
        attrs["period"] = Period(start, end)
        return attrs


class MetricsQuery(PeriodQuery):
    """Period, and whose data."""

    category = serializers.CharField(required=False, max_length=200, help_text="Only this category.")
    demo = serializers.BooleanField(default=False, help_text="Demonstration data instead of real data.")


class ExperimentQuery(PeriodQuery):
    """Period, and whose data."""

    demo = serializers.BooleanField(default=False, help_text="Demonstration data instead of real data.")


class EventsQuery(PeriodQuery):
    """Which page of the events."""

    type = serializers.CharField(required=False, max_length=100, help_text="Only events of this type.")
    limit = serializers.IntegerField(default=DEFAULT_EVENTS, min_value=1, max_value=MAX_EVENTS)
    cursor = serializers.CharField(required=False, max_length=200, help_text="`next` of the page before.")

    def validate_type(self, value: str) -> str:
        return known_event_type(value)


class InteractionsQuery(PeriodQuery):
    """Which model calls."""

    limit = serializers.IntegerField(default=DEFAULT_EVENTS, min_value=1, max_value=MAX_EVENTS)
    cursor = serializers.CharField(required=False, max_length=200)
    purpose = serializers.ChoiceField(choices=Purpose.choices, required=False)
    outcome = serializers.ChoiceField(choices=Outcome.choices, required=False)
    model = serializers.CharField(required=False, max_length=200)
    category = serializers.CharField(required=False, max_length=200)
    generationId = serializers.UUIDField(required=False, source="generation_id")
    minCostUsd = serializers.DecimalField(required=False, max_digits=14, decimal_places=8, source="cost_usd__gte")
    minLatencyMs = serializers.IntegerField(required=False, min_value=0, source="latency_ms__gte")
    hasFeedback = serializers.BooleanField(required=False, allow_null=True, default=None)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate(attrs)
        attrs["filters"] = {name: attrs[name] for name in INTERACTION_FILTERS if name in attrs}
        if attrs["hasFeedback"] is not None:
            attrs["filters"]["feedback__isnull"] = not attrs["hasFeedback"]
        return attrs


def known_event_type(name: str) -> str:
    """Return the name; raises ValidationError where no such event type is declared."""
    if name not in event_types():
        raise serializers.ValidationError(f"There is no event type of that name; there are {', '.join(event_types())}.")
    return name


def asked(request: Request, serializer: type[serializers.Serializer]) -> dict[str, Any]:
    """Return the checked query of a request. Raises ValidationError, with the fields that are wrong."""
    query = serializer(data=_without_aliases(request.query_params))
    query.is_valid(raise_exception=True)
    return dict(query.validated_data)


def _without_aliases(params: Mapping[str, str]) -> dict[str, str]:
    plain = {name: value for name, value in params.items() if name not in ALIASES}
    renamed = {ALIASES[name]: value for name, value in params.items() if name in ALIASES}
    return renamed | plain


def _begin(moment: date | datetime | None) -> datetime | None:
    return moment if moment is None or isinstance(moment, datetime) else midnight(moment)


def _end(moment: date | datetime | None) -> datetime | None:
    if moment is None or isinstance(moment, datetime):
        return moment
    return midnight(moment) + DAY
