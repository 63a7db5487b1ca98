"""Health and figures, for probes, people, load balancers and Prometheus."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest, HttpResponse
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sessions_builder.authentication import authenticate_bearer
from sessions_builder.permissions import SEE_HEALTH, scope_allows
from sessions_builder.selectors import has_right
from sessions_builder.serializers.times import iso
from sessions_builder.services import health, metrics
from sessions_builder.views import docs
from sessions_builder.views.lean import LeanView

NOT_STORED = {"Cache-Control": "no-store"}


class Public(APIView):
    """Answers anybody. Nobody is authenticated beforehand: that takes the database, which may be what is broken."""

    permission_classes = [AllowAny]
    authentication_classes: list[Any] = []
    token_scope = "operations"


class HealthView(Public):
    """`/api/health`"""

    @docs.health
    def get(self, request: Request) -> Response:
        report = health.report()
        body: dict[str, Any] = {
            "status": report.health,
            "checks": dict(report.checks),
            "version": settings.SPECTACULAR_SETTINGS["VERSION"],
        }
        is_up = report.health is not health.Health.UNHEALTHY
        if is_up and _may_see_details(request._request, self):
            body["details"] = report.details
        return Response(body, status=200 if is_up else 503, headers=NOT_STORED)


class LiveView(Public):
    """`/api/health/live`"""

    @docs.live
    def get(self, request: Request) -> Response:
        return Response({"status": "ok"}, headers=NOT_STORED)


class ReadyView(Public):
    """`/api/health/ready`"""

    @docs.ready
    def get(self, request: Request) -> Response:
        if health.database_answers():
            return Response({"status": "ok"}, headers=NOT_STORED)
        return Response({"status": "unavailable"}, status=503, headers=NOT_STORED)


class RagHealthView(APIView):
    """`/api/rag/health`"""

    token_scope = "operations"

    @docs.rag_health
    def get(self, request: Request) -> Response:
        found = health.rag_health()
        body = {
            "available": found.available,
            "latencyMs": found.latency_ms,
            "state": found.state,
            "checkedAt": iso(found.checked_at),
        }
        return Response(body, headers=NOT_STORED)


class MetricsView(LeanView):
    """`/metrics`"""

    right = SEE_HEALTH
    token_scope = "operations"

    @docs.metrics
    def get(self, request: HttpRequest) -> HttpResponse:
        text, content_type = metrics.exposition(request.headers.get("Accept", ""))
        return HttpResponse(text, content_type=content_type, headers=NOT_STORED)


def _may_see_details(request: HttpRequest, view: APIView) -> bool:
    try:
        user, token = authenticate_bearer(request) or (get_user(request), None)
    except AuthenticationFailed:
        return False
    return user.is_authenticated and scope_allows(token, view, "GET") and has_right(user, SEE_HEALTH)
