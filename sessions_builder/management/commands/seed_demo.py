"""`manage.py seed_demo`: one account per role, for development, and a past to look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.models import Group, User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from analytics import demo
from featureflags.models import Source
from featureflags.services import change_flag

MOST_SESSIONS = 20_000
ROLLOUT_FLAG = "variant_generation_v2"


@dataclass(frozen=True, slots=True)
class Account:
    """A demo account: its role decides what it may do, staff may enter the admin."""

    username: str
    first_name: str
    role: str | None
    staff: bool = True


ACCOUNTS: Sequence[Account] = (
    Account("author", "Ada", "author", staff=False),
    Account("author2", "Ben", "author", staff=False),
    Account("product", "Paz", "product"),
    Account("analyst", "Ana", "analyst"),
    Account("operator", "Oli", "operator"),
    Account("admin", "Kim", role=None),
)


class Command(BaseCommand):
    """Create the demo accounts and, the first time, switch four variants on for everybody.

    With --sessions also store a made-up rollout of 45 days, once; it is marked, and no real number counts it.
    """

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--sessions", type=int, default=0, help="sessions of the made-up past (none)")

    def handle(self, *_: Any, sessions: int = 0, **__: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("Demo accounts have a known password, so they are created only with DEBUG=true.")
        if not 0 <= sessions <= MOST_SESSIONS:
            raise CommandError(f"--sessions is a number from 0 to {MOST_SESSIONS}.")
        self._accounts()
        if sessions and (stored := demo.seed(sessions)):
            self.stdout.write(f"Stored {stored} rows of demonstration data; the dashboard shows them when asked to.")

    def _accounts(self) -> None:
        with transaction.atomic():
            known = dict(User.objects.filter(username__in=_usernames()).values_list("username", "password"))
            if _up_to_date(known):
                return
            password = make_password(settings.DEMO_PASSWORD)
            for account in ACCOUNTS:
                _ensure(account, password)
            if not known:
                change_flag(
                    ROLLOUT_FLAG,
                    source=Source.COMMAND,
                    reason="Demo data: show four variants to everybody",
                    enabled=True,
                    percentage=100,
                )
        self.stdout.write(f"Demo accounts: {', '.join(_usernames())}")


def _usernames() -> list[str]:
    return [account.username for account in ACCOUNTS]


def _up_to_date(known: dict[str, str]) -> bool:
    """Return whether all accounts exist with today's password; they share one hash, so one check says it for all."""
    hashes = set(known.values())
    return len(known) == len(ACCOUNTS) and len(hashes) == 1 and check_password(settings.DEMO_PASSWORD, hashes.pop())


def _ensure(account: Account, password: str) -> None:
    user, _ = User.objects.update_or_create(
        username=account.username,
        defaults={
            "first_name": account.first_name,
            "email": f"{account.username}@example.org",
            "is_staff": account.staff,
            "is_superuser": account.role is None,
            "password": password,
        },
    )
    if account.role:
        user.groups.set([Group.objects.get_or_create(name=account.role)[0]])
