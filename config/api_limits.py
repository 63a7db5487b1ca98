"""Bodies under the API are small; a larger one is refused before anything reads it."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from config.api_errors import API_PREFIXES, answer, problem_of_status

MAX_BODY_BYTES = 256 * 1024


class BodyLimitMiddleware:
    """Answer 413 to a body above 256 kB, judged by its declared length: a server passes on no more than that."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(API_PREFIXES) and _declared_length(request) > MAX_BODY_BYTES:
            return answer(request, problem_of_status(413))
        return self.get_response(request)


def _declared_length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
