"""Query strings of exports, and how an export's row looks."""

from typing import Any

from rest_framework import serializers

from analytics.exports.stream import FORMATS
from analytics.models import Export
from analytics.registry import datasets
from analytics.serializers.queries import PeriodQuery, known_event_type


class ExportQuery(PeriodQuery):
    """What to export."""

    format = serializers.ChoiceField(choices=sorted(FORMATS), default="csv")
    dataset = serializers.CharField(default="events", max_length=50, help_text="`events` unless said.")
    type = serializers.CharField(required=False, max_length=100, help_text="Only events of this type.")
    demo = serializers.BooleanField(default=False, help_text="Demonstration data instead of real data.")
    raw = serializers.BooleanField(default=False, help_text="Without the guard against formulas, for scripts.")
    prompts = serializers.BooleanField(default=False, help_text="With prompts and answers, to those who may see them.")
    bom = serializers.BooleanField(default=False, help_text="Start CSV with a byte order mark, for Excel.")

    def validate_dataset(self, value: str) -> str:
        if value not in datasets():
            raise serializers.ValidationError(f"There is no such dataset; there are {', '.join(datasets())}.")
        return value

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate(attrs)
        found = datasets()[attrs["dataset"]]
        if attrs["demo"] and found.demo_column is None:
            raise serializers.ValidationError({"demo": [f"The dataset {found.name} has no demonstration data."]})
        if "type" in attrs:
            if found.type_column is None:
                raise serializers.ValidationError({"type": [f"The dataset {found.name} has no types."]})
            try:
                known_event_type(attrs["type"])
            except serializers.ValidationError as error:
                raise serializers.ValidationError({"type": error.detail}) from error
        return attrs


class ManifestQuery(serializers.Serializer):
    id = serializers.UUIDField(help_text="`X-Export-Id` of the export.")


class ManifestSerializer(serializers.ModelSerializer):
    """An export's row, to hold a file against: SHA-256 and size are those of the uncompressed bytes."""

    startedAt = serializers.DateTimeField(source="started_at")
    finishedAt = serializers.DateTimeField(source="finished_at", allow_null=True)
    eventType = serializers.CharField(source="event_type")
    start = serializers.DateTimeField(source="period_start", allow_null=True)
    end = serializers.DateTimeField(source="period_end", allow_null=True)
    rowCount = serializers.IntegerField(source="rows")
    columns = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Export
        fields = (
            "id",
            "state",
            "startedAt",
            "finishedAt",
            "dataset",
            "format",
            "eventType",
            "start",
            "end",
            "demo",
            "columns",
            "raw",
            "prompts",
            "rowCount",
            "size",
            "sha256",
        )
