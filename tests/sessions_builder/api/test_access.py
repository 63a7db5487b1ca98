"""Who may reach what: every route anonymously, every role on every author's route, and the error shape throughout."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.sessions_builder.api.conftest import BRIEF, MakeGeneration, add_variant

PUBLIC = {"/api/health", "/api/health/live", "/api/health/ready"}
SOME_ID = UUID("00000000-0000-4000-8000-000000000000")
FILLED = {
    "<uuid:": str(SOME_ID),
    "<int:": "1",
    "<str:": "x",
    "<slug:": "x",
    "<path:": "x",
}


def routes(patterns: Any = None, prefix: str = "/") -> Iterator[str]:
    """Every address under the API, with its placeholders filled."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern) and path.startswith(("/api/", "/ofrep/")):
            yield filled(path)


def filled(path: str) -> str:
    while "<" in path:
        start, end = path.index("<"), path.index(">")
        placeholder = path[start : end + 1]
        kind = placeholder.split(":")[0] + ":" if ":" in placeholder else "<str:"
        path = path[:start] + FILLED[kind] + path[end + 1 :]
    return path


ROUTES = sorted(set(routes()))


def test_it_works() -> None:
    assert {"/api/generations", f"/api/generations/{SOME_ID}/cancel", "/api/config/features"} <= set(ROUTES)


@pytest.mark.parametrize("path", ROUTES)
def test_every_route_wants_a_login_except_the_public_ones(client: Client, db: None, path: str) -> None:
    answers = {method: getattr(client, method)(path) for method in ("get", "post", "put", "patch", "delete")}
    if path in PUBLIC:
        assert {method: answer.status_code for method, answer in answers.items()} == {
            method: 200 if method == "get" else 405 for method in answers
        }
        return
    refused = [answer for answer in answers.values() if answer.status_code == 401]
    assert refused
    assert all(answer["WWW-Authenticate"] == "Bearer" for answer in refused)
    for answer in answers.values():
        assert answer.status_code in (401, 405)
        assert answer.json()["error"]["requestId"] == answer["X-Request-Id"]


def test_a_browser_is_asked_to_log_in_for_the_documentation(client: Client, db: None) -> None:
    answer = client.get("/api/docs/", headers={"accept": "text/html,*/*;q=0.8"})
    assert (answer.status_code, answer["Location"]) == (302, "/login/?next=/api/docs/")
    assert client.get("/api/docs/", headers={"accept": "*/*"}).status_code == 401


AUTHORS_ROUTES = [
    ("get", "/api/generations"),
    ("post", "/api/generations"),
    ("get", "/api/generations/{generation}"),
    ("get", "/api/generations/{generation}/sources"),
    ("post", "/api/generations/{generation}/cancel"),
    ("post", "/api/generations/{generation}/retry"),
    ("post", "/api/generations/{generation}/offline-draft"),
    ("post", "/api/generations/{generation}/variants/1/select"),
    ("post", "/api/generations/{generation}/variants/1/reject"),
    ("post", "/api/sources/preview"),
    ("post", "/api/briefs/coach"),
    ("get", "/api/sessions"),
    ("get", "/api/sessions/{session}"),
    ("get", "/api/sessions/{session}/export?format=html"),
    ("post", "/api/sessions"),
    ("patch", "/api/sessions/{session}"),
    ("delete", "/api/sessions/{session}"),
    ("get", "/api/sessions/{session}/readiness"),
    ("get", "/api/sessions/{session}/quality"),
    ("post", "/api/sessions/{session}/balance"),
    ("post", "/api/sessions/{session}/publish"),
    ("post", "/api/sessions/{session}/unpublish"),
    ("post", "/api/sessions/{session}/archive"),
    ("post", "/api/sessions/{session}/duplicate"),
    ("post", "/api/sessions/{session}/sections"),
    ("post", "/api/sessions/{session}/sections/reorder"),
    ("patch", "/api/sessions/{session}/sections/{section}"),
    ("delete", "/api/sessions/{session}/sections/{section}?version=1"),
    ("post", "/api/sessions/{session}/sections/import"),
    ("post", "/api/sessions/{session}/sections/{section}/regenerate"),
    ("get", "/api/sessions/{session}/proposals"),
    ("get", "/api/sessions/{session}/proposals/{session}"),
    ("post", "/api/sessions/{session}/proposals/{session}/accept"),
    ("post", "/api/sessions/{session}/proposals/{session}/reject"),
    ("get", "/api/sessions/{session}/versions"),
    ("post", "/api/sessions/{session}/versions"),
    ("get", "/api/sessions/{session}/versions/1/diff"),
    ("post", "/api/sessions/{session}/versions/1/restore"),
    ("get", "/api/sessions/{session}/rating"),
    ("put", "/api/sessions/{session}/rating"),
    ("get", "/api/saved-ideas"),
    ("post", "/api/saved-ideas"),
    ("delete", "/api/saved-ideas/{session}"),
    ("get", "/api/activities"),
]
BODIES: dict[str, dict[str, Any]] = {
    "/api/generations": BRIEF,
    "/api/sources/preview": BRIEF,
    "/api/sessions": {"title": "Calls", "category": "Prospecting", "sessionType": "workshop"},
    "/api/sessions/{session}": {"version": 1},
    "/sections": {"version": 1, "section": {"type": "topic", "title": "Calls", "minutes": 10}},
    "/reorder": {"version": 1, "order": []},
    "/{section}": {"version": 1},
    "/import": {"version": 1, "generationId": str(SOME_ID), "variantNumber": 1, "sectionId": 0},
    "/versions": {"name": "Kept"},
    "/restore": {"version": 1},
    "/accept": {"version": 1},
    "/rating": {"score": 4},
    "/api/saved-ideas": {"title": "A thought"},
    "/balance": {"version": 1},
    "/publish": {"version": 1},
    "/unpublish": {"version": 1},
    "/archive": {"version": 1},
}
"""What is sent to addresses ending so; the longest ending counts."""
ROLES = ["author2", "product", "analyst", "operator", "admin", "author"]
"""The owner comes last: whoever comes before changes nothing."""
NEUTRAL = (
    "/api/generations",
    "/api/sources/preview",
    "/api/briefs/coach",
    "/api/sessions",
    "/api/saved-ideas",
    "/api/activities",
)


@pytest.mark.usefixtures("reference_data", "several")
@pytest.mark.parametrize(("method", "path"), AUTHORS_ROUTES)
def test_roles_and_owners(
    request: pytest.FixtureRequest, make_generation: MakeGeneration, method: str, path: str
) -> None:
    generation = make_generation(state="queued" if "cancel" in path else "partial")
    add_variant(generation, 1)
    address = path.format(generation=generation.pk, session=SOME_ID, section="a")
    for role in ROLES:
        client = Client()
        client.force_login(request.getfixturevalue(role), backend="django.contrib.auth.backends.ModelBackend")
        answer = client.generic(method.upper(), address, _body(method, path), content_type="application/json")
        assert answer.status_code in _expected(role, path), role


def _expected(role: str, path: str) -> tuple[int, ...]:
    if role in ("product", "analyst", "operator"):
        return (403,)
    if path in NEUTRAL:
        return (200, 201, 202)
    return (200, 202, 204) if role == "author" and "session}" not in path else (404,)


def _body(method: str, path: str) -> str:
    if method in ("get", "delete"):
        return ""
    endings = [ending for ending in BODIES if path.endswith(ending)]
    return json.dumps(BODIES[max(endings, key=len)] if endings else {})


@pytest.mark.parametrize("role", ROLES)
def test_nobody_needs_a_role_for_reference_data(request: pytest.FixtureRequest, client: Client, role: str) -> None:
    client.force_login(request.getfixturevalue(role), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/api/reference").status_code == 200


@pytest.mark.parametrize("path", ["/api/generations/", "/api/sessions/", "/api/reference/", "/api/health/"])
def test_a_trailing_slash_is_accepted(api: Client, path: str) -> None:
    assert api.get(path).status_code == 200


def test_a_format_in_the_query_changes_nothing(api: Client) -> None:
    assert api.get("/api/sessions?format=csv").status_code == 200
