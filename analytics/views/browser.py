"""Where browsers send their events."""

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from analytics.intake import take_in
from analytics.serializers.browser import BatchResultSerializer, BatchSerializer
from analytics.views.base import signed_in


class BrowserEventsView(APIView):
    """Store what a user's browser saw. Any user may send; what is not right is refused item by item."""

    token_scope = "analytics"

    @extend_schema(
        request=BatchSerializer,
        responses={207: BatchResultSerializer},
        operation_id="events_record",
        tags=["Analytics"],
    )
    def post(self, request: Request) -> Response:
        batch = BatchSerializer(data=request.data)
        batch.is_valid(raise_exception=True)
        results = take_in(batch.validated_data["events"], user_id=signed_in(request).pk)
        return Response({"results": results}, status=status.HTTP_207_MULTI_STATUS)
