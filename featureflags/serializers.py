"""The shapes of the answers, for the OpenAPI document."""

from __future__ import annotations

from rest_framework import serializers


class FeatureDetailSerializer(serializers.Serializer):
    """How one flag was decided for the caller."""

    enabled = serializers.BooleanField()
    reason = serializers.CharField()
    percentage = serializers.FloatField(min_value=0, max_value=100)
    revision = serializers.IntegerField()
    # A serializer takes its fields out of the class, so none of them hides `Field.source`.
    source = serializers.CharField(allow_null=True)  # type: ignore[assignment]
    heldBy = serializers.CharField(allow_null=True, help_text="The environment setting that holds the flag, if any.")


class FeaturesSerializer(serializers.Serializer):
    """Effective flags of the caller by key; `version` and `flags` only for those who may see flags."""

    features = serializers.DictField(child=serializers.BooleanField())
    version = serializers.IntegerField(required=False)
    flags = serializers.DictField(child=FeatureDetailSerializer(), required=False)
