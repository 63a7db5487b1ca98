"""The guide's metrics endpoints."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import APIView

from analytics.metrics.ai import ai_metrics
from analytics.metrics.builder import builder_metrics
from analytics.metrics.stats import stats
from analytics.permissions import MayReadMetrics
from analytics.serializers.queries import MetricsQuery, asked

PRIVATE = {"Cache-Control": "private, no-store"}


class AnalyticsView(APIView):
    """Base of what analysts, product staff and operators read."""

    token_scope = "analytics"
    permission_classes = [*api_settings.DEFAULT_PERMISSION_CLASSES, MayReadMetrics]


class MetricsView(AnalyticsView):
    """A view that answers with one computed document."""

    compute: Callable[..., dict[str, Any]]

    def get(self, request: Request) -> Response:
        query = asked(request, MetricsQuery)
        answer = type(self).compute(query["period"], category=query.get("category"), demo=query["demo"])
        return Response(answer, headers=PRIVATE)


def _documented(operation: str) -> Callable[[type[MetricsView]], type[MetricsView]]:
    return extend_schema(
        parameters=[MetricsQuery], responses=OpenApiTypes.OBJECT, operation_id=operation, tags=["Analytics"]
    )


@_documented("analytics_ai_metrics")
class AIMetricsView(MetricsView):
    """Generations, their times and rates against the targets, quality, tokens and cost."""

    compute = staticmethod(ai_metrics)


@_documented("analytics_builder_metrics")
class BuilderMetricsView(MetricsView):
    """Sessions, active time, what people do, and the way from opening the builder to publishing."""

    compute = staticmethod(builder_metrics)


@_documented("analytics_stats")
class StatsView(MetricsView):
    """How many events of which type, in total and by day."""

    compute = staticmethod(stats)
