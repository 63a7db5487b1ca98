"""How single rows look in JSON."""

from rest_framework import serializers

from analytics.models import AIInteraction, Event


class EventSerializer(serializers.ModelSerializer):
    """An event as analysts see it: whom it is about only by pseudonym."""

    eventType = serializers.CharField(source="event_type")
    occurredAt = serializers.DateTimeField(source="occurred_at")
    receivedAt = serializers.DateTimeField(source="received_at")
    sessionId = serializers.UUIDField(source="session_id", allow_null=True)
    generationId = serializers.UUIDField(source="generation_id", allow_null=True)
    schemaVersion = serializers.IntegerField(source="schema_version")
    isDemo = serializers.BooleanField(source="is_demo")
    metadata = serializers.DictField(source="shown_metadata")

    class Meta:
        model = Event
        fields = (
            "id",
            "eventType",
            "occurredAt",
            "receivedAt",
            "sessionId",
            "generationId",
            "subject",
            "metadata",
            "schemaVersion",
            "isDemo",
        )


class InteractionSerializer(serializers.ModelSerializer):
    """A model call without what was said in it."""

    createdAt = serializers.DateTimeField(source="created_at")
    generationId = serializers.UUIDField(source="generation_id", allow_null=True)
    promptVersion = serializers.CharField(source="prompt_version")
    tokensIn = serializers.IntegerField(source="tokens_in")
    tokensOut = serializers.IntegerField(source="tokens_out")
    tokensCached = serializers.IntegerField(source="tokens_cached")
    tokensReasoning = serializers.IntegerField(source="tokens_reasoning")
    costUsd = serializers.DecimalField(source="cost_usd", max_digits=14, decimal_places=8, allow_null=True)
    latencyMs = serializers.IntegerField(source="latency_ms")
    errorCode = serializers.CharField(source="error_code", allow_null=True)
    isDemo = serializers.BooleanField(source="is_demo")

    class Meta:
        model = AIInteraction
        fields = (
            "id",
            "createdAt",
            "purpose",
            "generationId",
            "variant",
            "subject",
            "model",
            "promptVersion",
            "tokensIn",
            "tokensOut",
            "tokensCached",
            "tokensReasoning",
            "costUsd",
            "latencyMs",
            "attempts",
            "outcome",
            "errorCode",
            "category",
            "feedback",
            "isDemo",
        )


class EventsPageSerializer(serializers.Serializer):
    events = EventSerializer(many=True)
    next = serializers.CharField(allow_null=True)


class InteractionsPageSerializer(serializers.Serializer):
    interactions = InteractionSerializer(many=True)
    next = serializers.CharField(allow_null=True)
