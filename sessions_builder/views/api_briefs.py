"""What helps with a brief before it is submitted: sources to choose from, and advice."""

from __future__ import annotations

from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sessions_builder.permissions import WRITE_GENERATIONS, HasRight, TokenScopeAllows
from sessions_builder.serializers.brief import advice_to_wire, brief_to_coach, brief_to_search_for
from sessions_builder.serializers.generation import preview_to_wire
from sessions_builder.services import briefs, sources
from sessions_builder.throttles import CoachThrottle, PreviewThrottle
from sessions_builder.views import docs


class SourcesPreviewView(APIView):
    """`/api/sources/preview`"""

    permission_classes = [IsAuthenticated, TokenScopeAllows, HasRight]
    throttle_classes = [PreviewThrottle]
    right = WRITE_GENERATIONS
    token_scope = "generations"

    @docs.sources_preview
    def post(self, request: Request) -> Response:
        preview = sources.sources_preview(
            owner=request.user,  # type: ignore[arg-type]
            brief=brief_to_search_for(request.data),
        )
        return Response(preview_to_wire(preview))


class BriefCoachView(APIView):
    """`/api/briefs/coach`"""

    permission_classes = [IsAuthenticated, TokenScopeAllows, HasRight]
    throttle_classes = [CoachThrottle]
    right = WRITE_GENERATIONS
    token_scope = "generations"

    @docs.brief_coach
    def post(self, request: Request) -> Response:
        advice = briefs.brief_coach(brief=brief_to_coach(request.data))
        return Response(advice_to_wire(advice))
