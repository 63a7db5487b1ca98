"""The guide's metrics endpoints."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from analytics.experiment.report import experiment
from analytics.metrics.ai import ai_metrics
from analytics.metrics.builder import builder_metrics
from analytics.metrics.stats import stats
from analytics.serializers.queries import ExperimentQuery, MetricsQuery, asked
from analytics.views.base import PRIVATE, AnalyticsView


class MetricsView(AnalyticsView):
    """A view that answers with one computed document."""

    compute: Callable[..., dict[str, Any]]

    def get(self, request: Request) -> Response:
        query = asked(request, MetricsQuery)
        answer = type(self).compute(query["period"], category=query.get("category"), demo=query["demo"])
        return Response(answer, headers=PRIVATE)


def _documented(operation: str) -> Callable[[type[MetricsView]], type[MetricsView]]:
    document = extend_schema(
        parameters=[MetricsQuery], responses=OpenApiTypes.OBJECT, operation_id=operation, tags=["Analytics"]
    )
    return extend_schema_view(get=document)


@_documented("analytics_ai_metrics")
class AIMetricsView(MetricsView):
    """Generations, their times and rates against the targets, quality, tokens and cost."""

    compute = staticmethod(ai_metrics)


@_documented("analytics_builder_metrics")
class BuilderMetricsView(MetricsView):
    """Sessions, active time, what people do, and the way from opening the builder to publishing."""

    compute = staticmethod(builder_metrics)


class ExperimentView(AnalyticsView):
    """Whether retrieved material wins beyond chance, and whether four variants beat one."""

    @extend_schema(
        parameters=[ExperimentQuery],
        responses=OpenApiTypes.OBJECT,
        operation_id="analytics_experiment",
        tags=["Analytics"],
    )
    def get(self, request: Request) -> Response:
        query = asked(request, ExperimentQuery)
        return Response(experiment(query["period"], demo=query["demo"]), headers=PRIVATE)


@_documented("analytics_stats")
class StatsView(MetricsView):
    """How many events of which type, in total and by day."""

    compute = staticmethod(stats)
