"""OFREP 0.3: evaluate one flag or all of them for a context."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.utils.http import parse_etags
from rest_framework.exceptions import APIException, ParseError, PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from featureflags.flags import current_version, decide_all, decide_for_key
from featureflags.ofrep.answers import ErrorCode, evaluation, failure, status_of
from featureflags.ofrep.context import ContextParser, InvalidContext, context_of, targeting_key_of
from featureflags.ofrep.openapi import describe_bulk, describe_single
from featureflags.ofrep.throttle import PoliteThrottle

ASK_FOR_OTHERS = "featureflags.evaluate_for_others"
SEE_FLAGS = "featureflags.view_flag"
HEADERS = {"Cache-Control": "private, no-cache"}


class EvaluationView(APIView):
    """Who may ask for whom, and errors in the protocol's words beside our own."""

    token_scope = "flags:read"
    parser_classes = (ContextParser,)
    throttle_classes = (PoliteThrottle,)

    def handle_exception(self, exc: Exception) -> Response:
        """Add the protocol's error to the answer; what nobody expected stays a 500."""
        refused = super().handle_exception(exc)
        details = str(exc.detail) if isinstance(exc, APIException) else "The request was refused."
        body = {**_body_of(refused), **failure(_error_code(exc), details, key=self.kwargs.get("key"))}
        headers = {name: value for name, value in refused.headers.items() if not name.startswith("Content-")}
        return Response(body, status=refused.status_code, headers=headers)

    def targeting_key(self, request: Request, context: Mapping[str, Any]) -> str | None:
        """Return whom the context asks for. Raises `PermissionDenied` for somebody else without the right to."""
        key = targeting_key_of(context)
        if key is not None and key != str(request.user.pk) and not request.user.has_perm(ASK_FOR_OTHERS):
            raise PermissionDenied("You may evaluate flags for yourself only: targetingKey is your own user id.")
        return key


class SingleView(EvaluationView):
    """One flag."""

    @describe_single
    def post(self, request: Request, key: str) -> Response:
        targeting_key = self.targeting_key(request, context_of(request.data))
        answer = evaluation(key, decide_for_key(key, targeting_key), detailed=request.user.has_perm(SEE_FLAGS))
        return Response(answer, status=status_of(answer), headers=HEADERS)


class BulkView(EvaluationView):
    """All flags, or 304 when the caller has the same answer already."""

    @describe_bulk
    def post(self, request: Request) -> Response:
        context = context_of(request.data)
        targeting_key = self.targeting_key(request, context)
        detailed = request.user.has_perm(SEE_FLAGS)
        decisions = decide_all(targeting_key).items()
        answer = {
            "flags": [evaluation(key, decision, detailed=detailed) for key, decision in decisions],
            "metadata": {"version": current_version()} if detailed else {},
        }
        etag = _etag(current_version(), context, answer)
        headers = {**HEADERS, "ETag": etag}
        # By hand: Django's `condition` answers 412 to a POST whose ETag matches.
        if _matches(request.headers.get("If-None-Match", ""), etag):
            return Response(status=304, headers=headers)
        return Response(answer, headers=headers)


def _body_of(refused: HttpResponse) -> Mapping[str, Any]:
    """Return what the project's handler answers, whether it leaves rendering to REST framework or not."""
    body = refused.data if isinstance(refused, Response) else json.loads(refused.content)
    return body or {}


def _error_code(error: Exception) -> ErrorCode:
    match error:
        case InvalidContext():
            return error.error_code
        case ParseError():
            return ErrorCode.PARSE_ERROR
        case _:
            return ErrorCode.GENERAL


def _etag(version: int, context: Mapping[str, Any], answer: Mapping[str, Any]) -> str:
    """Return a strong ETag over the version, the context and the answer.

    The answer is part of it because an override that expires, or a variable of the environment, moves no version.
    """
    seen = json.dumps([version, context, answer], sort_keys=True, separators=(",", ":"))
    return f'"{hashlib.sha256(seen.encode()).hexdigest()[:32]}"'


def _matches(if_none_match: str, etag: str) -> bool:
    known = [tag.removeprefix("W/") for tag in parse_etags(if_none_match)]
    return etag in known or known == ["*"]
