"""Two addresses are hot: polling and submitting. They keep DRF's class, for the schema, and leave out its machinery.

A DRF request costs about three times the CPU of the same work in a plain view. What is left out (content negotiation,
parsers, renderers, throttles) is done here in a few lines; trouble is raised and gets its shape from the middleware.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from pydantic_core import to_json
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import (
    AuthenticationFailed,
    NotAuthenticated,
    PermissionDenied,
    UnsupportedMediaType,
)
from rest_framework.views import APIView

from sessions_builder.authentication import SCHEME, authenticate_bearer
from sessions_builder.parsers import parse_json
from sessions_builder.permissions import TokenScopeAllows, scope_allows
from sessions_builder.selectors import Question, has_right, right_question

SAFE_METHODS = ("GET", "HEAD")
JSON = "application/json"


class LeanView(APIView):
    """Who, may they, then the method. Handlers get Django's own request; its `user` is set whatever the credentials."""

    right: str
    asked: Question
    token_scope: str
    http_method_names = ["get", "post", "head"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        name = (request.method or "").lower()
        handler = getattr(self, name, None) if name in self.http_method_names else None
        if handler is None:
            return self._not_allowed()
        self.asked = self.question(request, **kwargs)
        token = self._authenticate(request)
        if not scope_allows(token, self, request.method or ""):
            raise PermissionDenied(TokenScopeAllows.message)
        self.check_right(request)
        return handler(request, *args, **kwargs)

    def question(self, request: HttpRequest, **kwargs: Any) -> Question:
        """What the view will ask of the user; the statement that reads a token answers it too."""
        return right_question(self.right)

    def check_right(self, request: HttpRequest) -> None:
        """Raise PermissionDenied for a user without the view's right."""
        if not has_right(request.user, self.right):
            raise PermissionDenied

    def _authenticate(self, request: HttpRequest) -> Any:
        """The token of the request, None for a session; sets `request.user`. Raises DRF's errors for neither."""
        try:
            bearer = authenticate_bearer(request, self.asked)
        except AuthenticationFailed as error:
            error.auth_header = SCHEME  # type: ignore[attr-defined]
            raise
        if bearer is not None:
            request.user, token = bearer
            return token
        if not request.user.is_authenticated:
            anonymous = NotAuthenticated()
            anonymous.auth_header = SCHEME  # type: ignore[attr-defined]
            raise anonymous
        if request.method not in SAFE_METHODS:
            SessionAuthentication().enforce_csrf(request)  # type: ignore[arg-type]
        return None

    def _not_allowed(self) -> HttpResponse:
        return HttpResponse(status=405, headers={"Allow": ", ".join(self.allowed_methods)})


def body_of(request: HttpRequest) -> Any:
    """The parsed JSON body. Raises UnsupportedMediaType, ParseError or InvalidInput."""
    if request.content_type != JSON:
        raise UnsupportedMediaType(request.content_type or "")
    return parse_json(request.body)


def json_answer(value: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> HttpResponse:
    """The value as a JSON answer."""
    return HttpResponse(to_json(value), content_type=JSON, status=status, headers=headers)
