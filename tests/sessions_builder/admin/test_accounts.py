"""Tokens in the admin."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from sessions_builder.admin import accounts
from sessions_builder.models import ApiToken
from sessions_builder.services.tokens import NewToken, token_create, token_of

pytestmark = pytest.mark.urls("tests.sessions_builder.admin.urls")
URL = "/admin/sessions_builder/apitoken/"


@pytest.fixture
def made(author: User) -> NewToken:
    return token_create(user=author, name="frontend")


@pytest.fixture
def staff(operator: User, client: Client) -> Client:
    client.force_login(operator, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_it_works(staff: Client, made: NewToken) -> None:
    response = staff.post(URL, {"action": "revoke", "_selected_action": [str(made.token.pk)]}, follow=True)
    assert response.status_code == 200
    assert "Revoked 1." in response.content.decode()
    assert token_of(made.secret) is None


def test_neither_secret_nor_digest_is_shown(staff: Client, made: NewToken) -> None:
    for path in (URL, f"{URL}{made.token.pk}/change/"):
        text = staff.get(path).content.decode()
        assert made.token.prefix in text
        assert made.secret not in text
        assert made.token.digest not in text


def test_a_token_cannot_be_made_deleted_or_edited_here(staff: Client, made: NewToken) -> None:
    assert staff.get(f"{URL}add/").status_code == 403
    assert staff.post(f"{URL}{made.token.pk}/delete/", {"post": "yes"}).status_code == 403
    staff.post(f"{URL}{made.token.pk}/change/", {"name": "mine", "scopes": "", "revoked_at": ""})
    assert ApiToken.objects.get().name == "frontend"


@pytest.mark.parametrize("role", ["product", "analyst", "author"])
def test_other_roles_do_not_see_tokens(request: pytest.FixtureRequest, client: Client, role: str) -> None:
    client.force_login(request.getfixturevalue(role), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(URL).status_code in (302, 403)
    assert accounts.ApiTokenAdmin.actions == ("revoke",)
