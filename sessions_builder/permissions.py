"""What a user and a token may do. Rights are Django permissions, which the roles get from a migration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

if TYPE_CHECKING:  # REST framework loads this module while its views are still being imported
    from rest_framework.views import APIView

WRITE_GENERATIONS = "sessions_builder.add_generation"
"""The right of an author: to request generations, see the own ones and choose from them."""
WRITE_SESSIONS = "sessions_builder.add_trainingsession"
"""The right of an author: to keep, edit and publish own training sessions."""
SEE_HEALTH = "sessions_builder.view_processheartbeat"
"""The right of an operator: to see the details behind the health answer."""


class HasRight(BasePermission):
    """Allows users with the permission a view names as `right`."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return request.user.has_perm(view.right)  # type: ignore[attr-defined]


class TokenScopeAllows(BasePermission):
    """Lets a token with scopes reach only views whose `token_scope` it holds; others are not concerned.

    `token_scope = "generations"` asks for `generations:read` or `generations:write` by method; one with a colon, such
    as `"flags:read"`, is asked for whatever the method. A view without one is out of reach for a limited token.
    """

    message = "This token may not do this."

    def has_permission(self, request: Request, view: APIView) -> bool:
        return scope_allows(request.auth, view, request.method or "GET")


def scope_allows(token: Any, view: object, method: str) -> bool:
    """Whether a token (None for a session) reaches this view with this method."""
    scopes = getattr(token, "scopes", None)
    if not scopes:
        return True
    needed = getattr(view, "token_scope", "")
    if needed and ":" not in needed:
        needed = f"{needed}:{'read' if method in SAFE_METHODS else 'write'}"
    return needed in scopes
