"""The guide's feature flag status."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from featureflags import selectors
from featureflags.flags import current_version
from featureflags.serializers import FeaturesSerializer


class FeaturesView(APIView):
    """The caller's own effective flags; who may see flags also gets percentage, source and revision."""

    token_scope = "flags"

    @extend_schema(responses=FeaturesSerializer, operation_id="config_features", tags=["Operations"])
    def get(self, request: Request) -> Response:
        user = request.user
        answer: dict[str, object] = {"features": selectors.features_for(user)}
        if user.has_perm("featureflags.view_flag"):
            answer["version"] = current_version()
            answer["flags"] = selectors.features_in_detail(user)
        return Response(answer, headers={"Cache-Control": "private, no-store"})
