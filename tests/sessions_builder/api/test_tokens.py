"""Bearer tokens over HTTP: what lets one in, and what a scope opens."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from sessions_builder.models import ApiToken
from sessions_builder.services.tokens import token_create, token_revoke
from tests.sessions_builder.api.conftest import BRIEF

pytestmark = pytest.mark.usefixtures("reference_data", "several")


def headers(author: User, *scopes: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token_create(user=author, scopes=scopes).secret}"}


def test_it_works(client: Client, author: User) -> None:
    assert client.get("/api/generations", headers=headers(author)).status_code == 200
    assert client.get("/api/sessions", headers=headers(author)).status_code == 200
    assert ApiToken.objects.exclude(last_used_at=None).count() == 2


@pytest.mark.parametrize("path", ["/api/generations", "/api/sessions", "/api/reference"])
@pytest.mark.parametrize("value", ["Bearer", "Bearer ", "Bearer sb_wrong", "bearer x y", "Bearer " + "x" * 5000])
def test_a_bad_token_is_401(client: Client, db: None, path: str, value: str) -> None:
    response = client.get(path, headers={"Authorization": value})
    assert (response.status_code, response.json()["error"]["code"]) == (401, "not_authenticated")
    assert response["WWW-Authenticate"] == "Bearer"


def test_a_bad_token_beats_a_good_session(api: Client) -> None:
    assert api.get("/api/sessions", headers={"Authorization": "Bearer sb_wrong"}).status_code == 401


def test_other_schemes_are_anonymous(client: Client, db: None) -> None:
    assert client.get("/api/sessions", headers={"Authorization": "Basic YTpi"}).status_code == 401


def test_revoked_expired_and_orphaned_tokens_are_401(client: Client, author: User) -> None:
    revoked = token_create(user=author)
    token_revoke(token=revoked.token)
    expired = token_create(user=author, expires_at=timezone.now() - timedelta(minutes=1))
    orphaned = token_create(user=author)
    for made in (revoked, expired):
        assert client.get("/api/sessions", headers={"Authorization": f"Bearer {made.secret}"}).status_code == 401
    author.is_active = False
    author.save()
    assert client.get("/api/sessions", headers={"Authorization": f"Bearer {orphaned.secret}"}).status_code == 401


@pytest.mark.parametrize(
    ("scopes", "method", "path", "allowed"),
    [
        (("generations:read",), "get", "/api/generations", True),
        (("generations:read",), "post", "/api/generations", False),
        (("generations:write",), "post", "/api/generations", True),
        (("generations:write",), "get", "/api/generations", False),
        (("generations:read",), "get", "/api/sessions", False),
        (("sessions:read",), "get", "/api/sessions", True),
        (("sessions:read", "generations:read"), "get", "/api/generations", True),
        (("reference:read",), "get", "/api/reference", True),
        (("sessions:read",), "get", "/api/reference", False),
        (("operations:read",), "get", "/api/rag/health", True),
        (("sessions:read",), "get", "/api/rag/health", False),
        (("flags:read",), "get", "/api/config/features", True),
        (("sessions:read",), "get", "/api/config/features", False),
    ],
)
def test_scopes(client: Client, author: User, scopes: tuple[str, ...], method: str, path: str, allowed: bool) -> None:
    response = client.generic(
        method.upper(), path, _body(method), content_type="application/json", headers=headers(author, *scopes)
    )
    assert (response.status_code < 300) is allowed
    if not allowed:
        assert (response.status_code, response.json()["error"]["message"]) == (403, "This token may not do this.")


def _body(method: str) -> str:
    text = ", ".join(f'"{name}": "{value}"' for name, value in BRIEF.items())
    return f"{{{text}}}" if method == "post" else ""


def test_a_scope_never_gives_more_than_the_user_has(client: Client, analyst: User) -> None:
    assert client.get("/api/generations", headers=headers(analyst, "generations:read")).status_code == 403
