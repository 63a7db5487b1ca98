"""Logging in as staff, and changing one's password."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

URL = "/password/"
OLD, NEW = "a long and old sentence", "a longer and newer sentence"


@pytest.fixture
def someone(author: User, settings: Settings) -> User:
    """An author with a password, hashed quickly."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    author.set_password(OLD)
    author.save(update_fields=["password"])
    return author


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def form(old: str = OLD, new: str = NEW, again: str = NEW) -> dict[str, str]:
    return {"old_password": old, "new_password1": new, "new_password2": again}


def test_it_works(someone: User) -> None:
    here, elsewhere = logged_in(someone), logged_in(someone)
    answer = here.post(URL, form(), follow=True)
    assert answer.redirect_chain == [("/password/changed/", 302)]
    assert "Your password is changed" in answer.content.decode()
    someone.refresh_from_db()
    assert someone.check_password(NEW)
    assert here.get("/").status_code == 200
    assert elsewhere.get("/").headers["Location"] == "/login/?next=/"


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        (form(old="wrong"), "old_password"),
        (form(again="another"), "new_password2"),
        (form(new="12345678", again="12345678"), "new_password2"),
        (form(new="password", again="password"), "new_password2"),
        (form(new="", again=""), "new_password1"),
        (form(new="a\x00b" * 6, again="a\x00b" * 6), "new_password1"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(someone: User, sent: dict[str, str], field: str) -> None:
    answer = logged_in(someone).post(URL, sent)
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert f'id="id_{field}_error"' in answer.content.decode()
    someone.refresh_from_db()
    assert someone.check_password(OLD)


@pytest.mark.parametrize(
    ("wanted", "then"),
    [
        ("?next=/admin/featureflags/flag/%3Fkind%3Dops", "/admin/featureflags/flag/%3Fkind%3Dops"),
        ("", "/admin/"),
        ("?next=https://example.org/", "/admin/"),
        ("?next=//example.org/", "/admin/"),
        ("?next=javascript:alert(1)", "/admin/"),
    ],
)
def test_the_admin_sends_to_the_one_login_page(client: Client, wanted: str, then: str) -> None:
    answer = client.get(f"/admin/login/{wanted}")
    assert (answer.status_code, answer["Location"]) == (302, f"/login/?next={then}")


def test_staff_who_are_logged_in_go_on(product: User) -> None:
    client = logged_in(product)
    answer = client.get("/admin/login/?next=/admin/featureflags/flag/", follow=True)
    assert (answer.status_code, answer.request["PATH_INFO"]) == (200, "/admin/featureflags/flag/")


def test_an_author_is_told_that_the_admin_is_not_for_them(author: User) -> None:
    answer = logged_in(author).get("/admin/", follow=True)
    assert answer.status_code == 403
    assert "ask the person who looks after your account" in answer.content.decode()
