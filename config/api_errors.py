"""One error shape for everything under the API, whoever noticed the trouble: DRF, Django, a parser, a throttle or us.

    {"error": {"code": "validation_error", "message": "…", "fields": {"desiredOutcome": ["…"]}, "requestId": "…"}}

No stack trace and no text of an outside service ever reaches the answer: unknown exceptions become a fixed sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import structlog
from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
)
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from rest_framework import exceptions as drf
from rest_framework.request import Request

from sessions_builder.errors import ProductError

GetResponse = Callable[[HttpRequest], HttpResponseBase]
API_PREFIXES = ("/api/", "/ofrep/", "/metrics")
SECONDS_UNTIL_DATABASE_IS_TRIED_AGAIN = 2
CARRIED_HEADERS = ("Allow", "Retry-After", "WWW-Authenticate")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is answered instead of a result."""

    status: int
    code: str
    message: str
    fields: Mapping[str, Sequence[str]] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self, request_id: str) -> dict[str, Any]:
        """Return the JSON body; `details` only where there are any."""
        error: dict[str, Any] = {
            "code": self.code,
            "message": self.message,
            "fields": {name: list(messages) for name, messages in self.fields.items()},
            "requestId": request_id,
        }
        if self.details:
            error["details"] = dict(self.details)
        return {"error": error}


BY_STATUS: Mapping[int, tuple[str, str]] = {
    400: ("bad_request", "This request cannot be read."),
    401: ("not_authenticated", "Log in or send a valid token."),
    403: ("permission_denied", "You are not allowed to do this."),
    404: ("not_found", "There is nothing here that you can see."),
    405: ("method_not_allowed", "This address does not know that method."),
    406: ("not_acceptable", "This address answers with JSON only."),
    409: ("conflict", "This has changed in the meantime."),
    413: ("too_large", "The request body is larger than allowed."),
    415: ("unsupported_media_type", "Send the body as application/json."),
    429: ("throttled", "Too many requests; wait a little."),
    500: ("internal_error", "Something on our side went wrong; it has been recorded."),
    503: ("unavailable", "The service cannot answer right now; try again shortly."),
}


def problem_of_status(status: int, headers: Mapping[str, str] | None = None) -> Problem:
    """Return the problem that stands for a bare HTTP status."""
    code, message = BY_STATUS.get(status, BY_STATUS[500 if status >= 500 else 400])
    return Problem(status, code, message, headers=headers or {})


def problem_of(exception: Exception) -> Problem | None:
    """Return what to answer to an exception, or None for one nobody expected (a 500)."""
    match exception:
        case ProductError():
            return _of_product_error(exception)
        case drf.APIException():
            return _of_drf_exception(exception)
        case Http404():
            return problem_of_status(404)
        case PermissionDenied():
            return problem_of_status(403)
        case RequestDataTooBig() | TooManyFieldsSent():
            return problem_of_status(413)
        case BadRequest() | SuspiciousOperation():
            return problem_of_status(400)
        case OperationalError() | InterfaceError():
            log.error("Database did not answer", error=type(exception).__name__)
            return problem_of_status(503, {"Retry-After": str(SECONDS_UNTIL_DATABASE_IS_TRIED_AGAIN)})
    return None


def handle(exception: Exception, context: Mapping[str, Any]) -> JsonResponse | None:
    """Answer an exception of a DRF view (the EXCEPTION_HANDLER setting); None leaves it to Django's 500.

    JSON whatever the view's own renderers are: an export and the OpenAPI document have others.
    """
    problem = problem_of(exception)
    return answer(context["request"], problem) if problem else None


class ApiErrorMiddleware:
    """Put the shape around every other error under the API: plain views, the router, CSRF, size limits, crashes."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code < 400 or not request.path_info.startswith(API_PREFIXES) or _is_json(response):
            return response
        carried = {name: response.headers[name] for name in CARRIED_HEADERS if name in response.headers}
        return answer(request, problem_of_status(response.status_code, carried))

    def process_exception(self, request: HttpRequest, exception: Exception) -> JsonResponse | None:
        """Answer what a plain view raised; None leaves it to Django's 500."""
        if not request.path_info.startswith(API_PREFIXES):
            return None
        problem = problem_of(exception)
        return answer(request, problem) if problem else None


def answer(request: HttpRequest | Request, problem: Problem) -> JsonResponse:
    """Return the problem as an answer to this request."""
    return JsonResponse(problem.body(_request_id(request)), status=problem.status, headers=dict(problem.headers))


def _of_product_error(error: ProductError) -> Problem:
    headers = {"Retry-After": str(error.retry_after)} if error.retry_after is not None else {}
    return Problem(error.status, error.code, error.message, error.fields, error.details, headers)


def _of_drf_exception(error: drf.APIException) -> Problem:
    if isinstance(error, drf.ValidationError):
        return Problem(400, "validation_error", "Some fields need another look.", _fields(error.detail))
    if isinstance(error, drf.ParseError):
        return Problem(400, "malformed_json", "The body is not valid JSON.")
    problem = problem_of_status(error.status_code, _headers(error))
    if error.status_code in (401, 403) and error.detail != error.default_detail:
        return replace(problem, message=str(error.detail))
    return problem


def _headers(error: drf.APIException) -> dict[str, str]:
    """The headers DRF attached to the exception: who may ask, and when to come back."""
    headers = {}
    if auth_header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = str(auth_header)
    wait = getattr(error, "wait", None)
    if wait is not None:
        headers["Retry-After"] = str(max(1, int(wait)))
    return headers


def _fields(detail: Any, path: str = "") -> dict[str, list[str]]:
    """DRF's nested error details as one level of dotted names."""
    if isinstance(detail, Mapping):
        nested = [_fields(value, f"{path}.{key}" if path else str(key)) for key, value in detail.items()]
    elif isinstance(detail, list) and any(isinstance(item, Mapping | list) for item in detail):
        nested = [_fields(value, f"{path}.{index}" if path else str(index)) for index, value in enumerate(detail)]
    else:
        return {path or "body": [str(message) for message in (detail if isinstance(detail, list) else [detail])]}
    return {name: messages for part in nested for name, messages in part.items()}


def _is_json(response: HttpResponseBase) -> bool:
    content_type = response.headers.get("Content-Type", "")
    return content_type.startswith(("application/json", "application/problem+json"))


def _request_id(request: HttpRequest | Request) -> str:
    return str(getattr(request, "id", ""))
