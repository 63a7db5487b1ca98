"""Make, list and revoke API tokens."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from sessions_builder.errors import InvalidInput
from sessions_builder.models import ApiToken
from sessions_builder.services.tokens import token_create, token_revoke


class Command(BaseCommand):
    """`token create USERNAME`, `token list [USERNAME]`, `token revoke PREFIX`."""

    help = "Make, list and revoke API tokens. A new token is shown once, as the last word of the answer."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        create = actions.add_parser("create", help="Make a token and show it once.")
        create.add_argument("username")
        create.add_argument("--scope", action="append", default=[], help="Such as generations:read; repeatable.")
        create.add_argument("--days", type=int, help="Days until it expires. Without: never.")
        create.add_argument("--name", default="", help="What it is for.")
        listing = actions.add_parser("list", help="Show tokens, without their secrets.")
        listing.add_argument("username", nargs="?")
        revoke = actions.add_parser("revoke", help="End a token.")
        revoke.add_argument("prefix", help="The characters `token list` shows.")

    def handle(self, *args: Any, **options: Any) -> None:
        match options["action"]:
            case "create":
                self._create(options["username"], options["scope"], options["days"], options["name"])
            case "list":
                self._list(options["username"])
            case "revoke":
                self._revoke(options["prefix"])

    def _create(self, username: str, scopes: list[str], days: int | None, name: str) -> None:
        if days is not None and not 1 <= days <= 3650:
            raise CommandError("--days must be from 1 to 3650.")
        user = get_user_model().objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no user {username}.")
        expires_at = None if days is None else timezone.now() + timedelta(days=days)
        try:
            made = token_create(user=user, name=name[:80], scopes=scopes, expires_at=expires_at)
        except InvalidInput as error:
            raise CommandError(" ".join(error.fields["scopes"])) from error
        self.stdout.write(f"Token of {username}, shown only now: {made.secret}")

    def _list(self, username: str | None) -> None:
        tokens = ApiToken.objects.select_related("user")
        for token in tokens.filter(user__username=username) if username else tokens:
            self.stdout.write(f"{token.prefix}  {token.user}  {_scopes(token)}  {_state(token)}  {token.name}".rstrip())

    def _revoke(self, prefix: str) -> None:
        found = [token for token in ApiToken.objects.all() if prefix in (token.prefix, str(token.pk))]
        if len(found) != 1:
            raise CommandError(
                f"{len(found)} tokens begin with {prefix}; name one by what `token list` shows or its id."
            )
        token_revoke(token=found[0])
        self.stdout.write(f"Revoked {found[0]}.")


def _scopes(token: ApiToken) -> str:
    return ",".join(token.scopes) or "all rights"


def _state(token: ApiToken) -> str:
    if token.revoked_at:
        return "revoked"
    if token.expires_at is None:
        return "active"
    return f"{'expired' if token.expires_at <= timezone.now() else 'until'} {token.expires_at:%Y-%m-%d}"
