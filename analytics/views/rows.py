"""Rows, newest first, page by page."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from analytics import selectors
from analytics.errors import InvalidCursor
from analytics.serializers.queries import EventsQuery, InteractionsQuery, asked
from analytics.serializers.rows import (
    EventSerializer,
    EventsPageSerializer,
    InteractionSerializer,
    InteractionsPageSerializer,
)
from analytics.views.base import PRIVATE, AnalyticsView


class EventsView(AnalyticsView):
    """Recent events."""

    @extend_schema(
        parameters=[EventsQuery],
        responses=EventsPageSerializer,
        operation_id="analytics_events",
        tags=["Analytics"],
    )
    def get(self, request: Request) -> Response:
        query = asked(request, EventsQuery)
        try:
            page = selectors.events_page(
                query["period"], limit=query["limit"], event_type=query.get("type"), cursor=query.get("cursor")
            )
        except InvalidCursor as error:
            raise ValidationError({"cursor": [str(error)]}) from error
        return _answer("events", EventSerializer(page.rows, many=True).data, page)


class InteractionsView(AnalyticsView):
    """Recent model calls, without prompts and answers."""

    @extend_schema(
        parameters=[InteractionsQuery],
        responses=InteractionsPageSerializer,
        operation_id="analytics_interactions",
        tags=["Analytics"],
    )
    def get(self, request: Request) -> Response:
        query = asked(request, InteractionsQuery)
        try:
            page = selectors.interactions_page(
                query["period"], limit=query["limit"], cursor=query.get("cursor"), **query["filters"]
            )
        except InvalidCursor as error:
            raise ValidationError({"cursor": [str(error)]}) from error
        return _answer("interactions", InteractionSerializer(page.rows, many=True).data, page)


def _answer(name: str, rows: Any, page: selectors.Page) -> Response:
    return Response({name: rows, "next": page.next}, headers=PRIVATE)
