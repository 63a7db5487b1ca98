"""The one error shape: every kind of trouble, whoever noticed it."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation, ValidationError
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path
from rest_framework import exceptions as drf
from rest_framework.permissions import AllowAny
from rest_framework.views import APIView

from config.api_errors import problem_of
from sessions_builder.errors import Conflict, InvalidInput, TooManyJobs

SECRET = "sk-secret-key"
KINDS: dict[str, tuple[Exception, int, str]] = {
    "product": (Conflict(details={"yours": 1}), 409, "conflict"),
    "fields": (InvalidInput(fields={"title": ["Too long."]}), 400, "validation_error"),
    "limit": (TooManyJobs(retry_after=7), 429, "too_many_jobs"),
    "serializer": (drf.ValidationError({"a": {"b": ["Wrong."]}}), 400, "validation_error"),
    "json": (drf.ParseError(SECRET), 400, "malformed_json"),
    "anonymous": (drf.NotAuthenticated(), 401, "not_authenticated"),
    "forbidden": (PermissionDenied(SECRET), 403, "permission_denied"),
    "missing": (Http404(SECRET), 404, "not_found"),
    "media": (drf.UnsupportedMediaType("text/plain"), 415, "unsupported_media_type"),
    "throttled": (drf.Throttled(wait=3.2), 429, "throttled"),
    "suspicious": (SuspiciousOperation(SECRET), 400, "bad_request"),
    "database": (OperationalError(SECRET), 503, "unavailable"),
    "unexpected": (ZeroDivisionError(SECRET), 500, "internal_error"),
    "model": (ValidationError(SECRET), 500, "internal_error"),
}


def plain(request: HttpRequest, kind: str) -> HttpResponse:
    raise KINDS[kind][0]


class Framework(APIView):
    permission_classes = [AllowAny]
    authentication_classes: list[Any] = []

    def get(self, request: Any, kind: str) -> None:
        raise KINDS[kind][0]


def refused(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<h1>no</h1>", status=405, headers={"Allow": "GET"})


def page(request: HttpRequest) -> HttpResponse:
    raise Http404


urlpatterns = [
    path("api/plain/<str:kind>", plain),
    path("api/drf/<str:kind>", Framework.as_view()),
    path("api/refused", refused),
    path("page", page),
    path("", include("sessions_builder.page_urls")),  # the error pages link to the others
]
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def quiet(client: Client) -> Client:
    """A client that shows a crash as its answer."""
    client.raise_request_exception = False
    return client


def test_it_works(quiet: Client) -> None:
    response = quiet.get("/api/plain/fields", headers={"X-Request-Id": "abc-12345"})
    assert response.status_code == 400
    assert response.json() == {
        "error": {
            "code": "validation_error",
            "message": "Some fields need another look.",
            "fields": {"title": ["Too long."]},
            "requestId": "abc-12345",
        }
    }


@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize("way", ["plain", "drf"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_the_shape_and_no_secret(quiet: Client, kind: str, way: str, debug: bool) -> None:
    _, status, code = KINDS[kind]
    with override_settings(DEBUG=debug):
        response = quiet.get(f"/api/{way}/{kind}")
    error = response.json()["error"]
    if (kind, way) == ("anonymous", "drf"):
        status, code = 403, "permission_denied"  # DRF itself, for a view without authenticators
    assert (response.status_code, error["code"]) == (status, code)
    assert error["requestId"] == response["X-Request-Id"]
    assert error["message"].endswith((".", "n"))
    assert SECRET not in response.content.decode()
    assert "Traceback" not in response.content.decode()


def test_retry_after_is_carried(quiet: Client) -> None:
    assert quiet.get("/api/plain/limit")["Retry-After"] == "7"
    assert int(quiet.get("/api/drf/throttled")["Retry-After"]) >= 3
    assert int(quiet.get("/api/drf/database")["Retry-After"]) > 0


def test_nested_fields_are_dotted() -> None:
    problem = problem_of(drf.ValidationError({"a": {"b": ["Wrong."]}, "c": [{}, {"d": ["Bad."]}], "e": "Odd."}))
    assert problem is not None
    assert problem.fields == {"a.b": ["Wrong."], "c.1.d": ["Bad."], "e": ["Odd."]}


def test_details_are_shown_where_there_are_any(quiet: Client) -> None:
    assert quiet.get("/api/drf/product").json()["error"]["details"] == {"yours": 1}


@pytest.mark.parametrize("debug", [True, False])
def test_an_unknown_address(quiet: Client, debug: bool) -> None:
    with override_settings(DEBUG=debug):
        response = quiet.get("/api/nowhere")
    assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")


def test_djangos_own_405_keeps_its_header(quiet: Client) -> None:
    response = quiet.post("/api/refused")
    assert (response.status_code, response.json()["error"]["code"], response["Allow"]) == (
        405,
        "method_not_allowed",
        "GET",
    )


@pytest.mark.parametrize("path", ["/api/plain/fields", "/api/nowhere"])
@pytest.mark.parametrize(("length", "status"), [(256 * 1024 + 1, 413), (10_000_000, 413), (256 * 1024, 0)])
def test_large_bodies_are_refused_before_anything_reads_them(
    quiet: Client, path: str, length: int, status: int
) -> None:
    response = quiet.generic("POST", path, b"x" * length, content_type="application/json")
    assert (response.status_code == 413) is (status == 413)
    assert (response.json()["error"]["code"] == "too_large") is (status == 413)


def test_pages_keep_their_own_errors(quiet: Client) -> None:
    assert quiet.get("/page")["Content-Type"].startswith("text/html")


def test_a_host_that_is_not_served(quiet: Client) -> None:
    response = quiet.get("/api/plain/fields", headers={"Host": "evil.example"})
    assert (response.status_code, response.json()["error"]["code"]) == (400, "bad_request")
