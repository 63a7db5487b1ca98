"""Events browsers send."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone
from rest_framework import serializers

from analytics.errors import AnalyticsError
from analytics.events import event_type
from analytics.serializers.fields import MomentField

MAX_BATCH = 100
OLDEST = timedelta(days=30)
CLOCK_SKEW = timedelta(minutes=1)


class BatchSerializer(serializers.Serializer):
    """Up to 100 events; each is judged by itself."""

    events = serializers.ListField(child=serializers.JSONField(allow_null=True), min_length=1, max_length=MAX_BATCH)


class BrowserEventSerializer(serializers.Serializer):
    """One event: when it happened by the browser's clock, and what its type wants to know."""

    id = serializers.UUIDField(help_text="Made by the browser: an event sent twice is stored once.")
    type = serializers.CharField(max_length=100)
    occurredAt = MomentField(help_text="ISO 8601 time, at most 30 days ago.")
    sessionId = serializers.UUIDField(required=False, allow_null=True, default=None)
    generationId = serializers.UUIDField(required=False, allow_null=True, default=None)
    metadata = serializers.DictField(required=False, default=dict)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if isinstance(data, dict) and (unknown := sorted(set(data) - set(self.fields))):
            raise serializers.ValidationError({name: ["There is no such field."] for name in unknown[:5]})
        return super().to_internal_value(data)

    def validate_occurredAt(self, value: Any) -> datetime:
        now = timezone.now()
        if not isinstance(value, datetime):
            raise serializers.ValidationError("Give a time, not only a date.")
        if value > now + CLOCK_SKEW:
            raise serializers.ValidationError("This has not happened yet.")
        if value < now - OLDEST:
            raise serializers.ValidationError(f"This is more than {OLDEST.days} days ago.")
        return value.astimezone(UTC)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        try:
            found = event_type(attrs["type"])
            if not found.from_browser:
                raise serializers.ValidationError({"type": ["Browsers cannot send this type."]})
            attrs["event"] = found.from_wire(attrs["metadata"])
            attrs["event"].metadata()
        except AnalyticsError as error:
            field = "type" if error.code == "unknown_event_type" else "metadata"
            raise serializers.ValidationError({field: [str(error)]}) from error
        return attrs


class BatchResultSerializer(serializers.Serializer):
    """What became of each event, in the order sent: 201 stored, 200 known already, 400 refused."""

    results = serializers.ListField(child=serializers.DictField())
