"""Tokens: what the services promise, and the command people make them with."""

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.utils import timezone

from sessions_builder.errors import InvalidInput
from sessions_builder.models import ApiToken
from sessions_builder.services.tokens import token_create, token_of, token_revoke


def test_it_works(author: User) -> None:
    made = token_create(user=author, name="frontend")
    found = token_of(made.secret)
    assert found == made.token
    assert found.user == author


def test_the_secret_is_not_stored(author: User) -> None:
    made = token_create(user=author)
    stored = ApiToken.objects.values().get()
    assert made.secret not in str(stored)
    assert made.secret.startswith(stored["prefix"])


@pytest.mark.parametrize("secret", ["", "sb_", "sb_wrong", "x" * 5000, "ü\x00"])
def test_other_secrets_find_nothing(author: User, secret: str) -> None:
    token_create(user=author)
    assert token_of(secret) is None


def test_a_revoked_token_is_refused_and_keeps_its_time(author: User) -> None:
    made = token_create(user=author)
    token_revoke(token=made.token)
    first = ApiToken.objects.get().revoked_at
    token_revoke(token=made.token)
    assert token_of(made.secret) is None
    assert ApiToken.objects.get().revoked_at == first


def test_an_expired_token_is_refused(author: User) -> None:
    made = token_create(user=author, expires_at=timezone.now() - timedelta(seconds=1))
    assert token_of(made.secret) is None


def test_a_token_of_an_inactive_user_is_refused(author: User) -> None:
    made = token_create(user=author)
    User.objects.filter(pk=author.pk).update(is_active=False)
    assert token_of(made.secret) is None


def test_the_last_use_is_stored_once_a_minute(author: User) -> None:
    made = token_create(user=author)
    token_of(made.secret)
    first = ApiToken.objects.get().last_used_at
    token_of(made.secret)
    assert ApiToken.objects.get().last_used_at == first
    ApiToken.objects.update(last_used_at=first - timedelta(seconds=61))
    token_of(made.secret)
    assert ApiToken.objects.get().last_used_at > first - timedelta(seconds=61)


def test_unknown_scopes_are_refused(author: User) -> None:
    with pytest.raises(InvalidInput) as raised:
        token_create(user=author, scopes=["generations:read", "everything"])
    assert "everything" in raised.value.fields["scopes"][0]


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("token", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_prints_the_token_as_its_last_word(author: User) -> None:
    secret = run("create", "author", "--scope", "generations:read", "--days", "7").split()[-1]
    found = token_of(secret)
    assert found is not None
    assert found.scopes == ["generations:read"]
    assert timedelta(days=6) < found.expires_at - timezone.now() <= timedelta(days=7)


def test_the_command_lists_without_secrets_and_revokes(author: User) -> None:
    secret = run("create", "author").split()[-1]
    listed = run("list", "author")
    assert secret not in listed
    assert "all rights" in listed
    run("revoke", listed.split()[0])
    assert "revoked" in run("list")
    assert token_of(secret) is None


@pytest.mark.parametrize(
    "arguments",
    [
        ("create", "nobody"),
        ("create", "author", "--days", "0"),
        ("create", "author", "--scope", "x"),
        ("revoke", "sb_x"),
    ],
)
def test_the_command_says_what_is_wrong(author: User, arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        run(*arguments)
