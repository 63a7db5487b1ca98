"""What happens to every request and answer."""

import re
from collections.abc import Callable
from uuid import uuid4

import structlog
from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.defaults import page_not_found

GetResponse = Callable[[HttpRequest], HttpResponseBase]
REQUEST_ID = re.compile(r"[A-Za-z0-9_.-]{8,64}")
ADMIN_PREFIXES = ("/admin/",)
API_PREFIXES = ("/api/", "/ofrep/")
# The admin theme evaluates Alpine expressions and writes inline styles; its pages never show a model's output as HTML.
ADMIN_POLICY = {
    "default-src": [SELF],
    "script-src": [SELF, UNSAFE_INLINE, UNSAFE_EVAL],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:"],
    "object-src": [NONE],
    "base-uri": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [NONE],
}
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


class RequestId:
    """Give each request an id, that of the caller where it is a sane one; it is logged and answered."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        offered = request.headers.get("X-Request-Id", "")
        request_id = offered if REQUEST_ID.fullmatch(offered) else uuid4().hex
        request.id = request_id  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(requestId=request_id)
        response = self.get_response(request)
        response.headers["X-Request-Id"] = request_id
        return response


class ResponseHeaders:
    """Headers no library sets for us, and the admin's own content security policy."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return response


class OwnNotFound:
    """Show the product's page for what is not found in development too, where Django would list addresses."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """None leaves it to others: what is no Http404, and the API, which has a shape of its own."""
        if not isinstance(exception, Http404) or request.path_info.startswith(API_PREFIXES):
            return None
        return page_not_found(request, exception)


class OptionalTrailingSlash:
    """Make the trailing slash of API addresses optional; they are declared without one."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(API_PREFIXES):
            request.path_info = request.path_info.rstrip("/")
        response = self.get_response(request)
        if request.path_info.startswith(ADMIN_PREFIXES):
            response._csp_replace = ADMIN_POLICY  # type: ignore[attr-defined]
        return response
