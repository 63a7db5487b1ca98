"""What the views of analytics have in common: who may, and that nobody keeps a copy."""

from typing import Any

from django.contrib.auth.models import User
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

PRIVATE = {"Cache-Control": "private, no-store"}


class RightNeeded(BasePermission):
    """Allows users with the permission a view names as `right`."""

    message = "This is for analysts, product staff and operators."

    def has_permission(self, request: Request, view: APIView) -> bool:
        return request.user.has_perm(view.right)  # type: ignore[attr-defined]


class AnalyticsView(APIView):
    """Base of what analysts, product staff and operators read: the usual permissions, and a right."""

    token_scope = "analytics"
    right = "analytics.view_metrics"

    def get_permissions(self) -> list[Any]:
        return [*super().get_permissions(), RightNeeded()]


def signed_in(request: Request) -> User:
    """Return the user of a request that passed the permissions. Raises NotAuthenticated otherwise."""
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user
