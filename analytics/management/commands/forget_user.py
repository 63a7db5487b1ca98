"""`manage.py forget_user`: remove a person from analytics."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from analytics.retention import forget_user


class Command(BaseCommand):
    """Take a person out of events, interactions, selections and exports; pseudonymous rows stay, texts go."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user", help="username, or the id of an account that may be deleted already")

    def handle(self, *_: Any, user: str, **__: Any) -> None:
        users = get_user_model().objects
        found = users.filter(username=user).first() or (users.filter(pk=user).first() if user.isdecimal() else None)
        if found is None and not user.isdecimal():
            raise CommandError(f"There is no user {user!r}.")
        cleared = forget_user(found.pk if found else int(user))
        self.stdout.write(
            f"Forgot the user in {cleared.events} events, {cleared.interactions} interactions and "
            f"{cleared.selections} selections; emptied {cleared.texts} texts."
        )
