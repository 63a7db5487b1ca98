"""What every answer carries: a request id, policies, and tolerance for a trailing slash."""

import os
import subprocess
import sys
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client, RequestFactory

from config.middleware import OptionalTrailingSlash, RequestId
from config.settings import BASE_DIR

ASK = """
import django
django.setup()
from django.test import Client
print(Client(headers={"host": "localhost"}).get("/api/health/live")["Content-Security-Policy"])
"""


def test_it_works(client: Client, db: None) -> None:
    answer = client.get("/login/")
    assert answer.status_code == 200
    assert len(answer["X-Request-Id"]) == 32


@pytest.mark.parametrize(
    ("offered", "kept"),
    [("frontend-12345", True), ("short", False), ("x" * 65, False), ("with space in it", False), ('"><script>', False)],
)
def test_a_sane_request_id_of_the_caller_is_kept(offered: str, kept: bool) -> None:
    answer = RequestId(lambda request: HttpResponse(request.id))(
        RequestFactory().get("/", headers={"X-Request-Id": offered})
    )
    assert (answer["X-Request-Id"] == offered) is kept
    assert answer.content.decode() == answer["X-Request-Id"]


@pytest.mark.parametrize(
    ("path", "routed"),
    [
        ("/api/health/", "/api/health"),
        ("/api/health", "/api/health"),
        ("/ofrep/v1/evaluate/flags/", "/ofrep/v1/evaluate/flags"),
        ("/admin/", "/admin/"),
        ("/sessions/", "/sessions/"),
    ],
)
def test_only_api_addresses_lose_their_slash(path: str, routed: str) -> None:
    answer = OptionalTrailingSlash(lambda request: HttpResponse(request.path_info))(RequestFactory().get(path))
    assert answer.content.decode() == routed


def test_author_pages_have_a_strict_policy(client: Client, db: None) -> None:
    policy = client.get("/login/")["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize(
    ("tag", "scripts"), [("", "script-src 'self';"), ("G-TEST", "script-src 'self' https://www.googletagmanager.com;")]
)
def test_the_policy_lets_google_in_only_with_an_id(tag: str, scripts: str) -> None:
    """In a process of its own, because the policy is made when the settings are read."""
    known = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "GOOGLE_ANALYTICS_ID": tag}
    done = subprocess.run([sys.executable, "-c", ASK], cwd=BASE_DIR, env=known, capture_output=True, text=True)

    policy = done.stdout.strip().splitlines()[-1] + ";"
    assert scripts in policy, done.stderr
    collectors = "connect-src 'self' https://*.google-analytics.com https://*.analytics.google.com"
    assert (collectors in policy) is bool(tag)
    assert ("google" in policy) is bool(tag)


def test_the_admin_has_its_own_policy(admin: User, login: Callable[[User], Client]) -> None:
    policy = login(admin).get("/admin/")["Content-Security-Policy"]
    assert "'unsafe-eval'" in policy
    assert "object-src 'none'" in policy


def test_headers_of_every_answer(client: Client, db: None) -> None:
    answer = client.get("/login/")
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]
