"""Who is asking: `Authorization: Bearer TOKEN`."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from sessions_builder.models import ApiToken
from sessions_builder.selectors import Question
from sessions_builder.services.tokens import token_of

SCHEME = "Bearer"
LONGEST_HEADER = 200


class BearerTokenAuthentication(BaseAuthentication):
    """Authenticate by one of our own tokens. First in line, so that an anonymous request gets 401 and not 403."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        return authenticate_bearer(request)

    def authenticate_header(self, request: Request) -> str:
        return SCHEME


def authenticate_bearer(
    request: Request | HttpRequest, question: Question | None = None
) -> tuple[User, ApiToken] | None:
    """The user and token of the Authorization header; None without one. Raises AuthenticationFailed for a bad token.

    A `question` that will be asked of the user is answered by the same statement.
    """
    header = request.META.get("HTTP_AUTHORIZATION", "")
    scheme, _, secret = header.partition(" ")
    if scheme.lower() != SCHEME.lower():
        return None
    token = token_of(secret.strip(), question) if len(header) <= LONGEST_HEADER else None
    if token is None:
        raise AuthenticationFailed("This token is unknown, expired or revoked.")
    return token.user, token
