"""A span for every request under the API, probes left out: they come every few seconds and tell nothing."""

from collections.abc import Callable
from contextlib import suppress

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve

from sessions_builder import tracing
from sessions_builder.tracing.attributes import HTTP_METHOD, HTTP_ROUTE, HTTP_STATUS

TRACED = "/api/"
NOT_TRACED = ("/api/health",)


class Trace:
    """In the settings only where OTEL_EXPORTER_OTLP_ENDPOINT is set; a caller's own trace is gone on with."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if not path.startswith(TRACED) or path.startswith(NOT_TRACED):
            return self.get_response(request)
        method = request.method or ""
        parent = request.headers.get("traceparent", "")
        route = _route(path.rstrip("/"))
        about = {HTTP_METHOD: method, HTTP_ROUTE: route}
        with tracing.span(f"{method} {route}", kind="server", parent=parent, attributes=about) as note:
            response = self.get_response(request)
            note({HTTP_STATUS: response.status_code})
            return response


def _route(path: str) -> str:
    """The address as it is declared: ids in the names of spans would make each a kind of its own."""
    with suppress(Resolver404):
        return f"/{resolve(path).route}"
    return TRACED
