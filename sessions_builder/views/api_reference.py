"""Reference data: what a brief can name."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sessions_builder.selectors import reference
from sessions_builder.serializers.reference import reference_to_wire
from sessions_builder.views import docs


class ReferenceView(APIView):
    """`/api/reference`: for everybody who is logged in."""

    token_scope = "reference"

    @docs.reference
    def get(self, request: Request) -> Response:
        return Response(reference_to_wire(reference()), headers={"Cache-Control": "private, no-cache"})
