"""`manage.py clear_old_events`: delete what is older than a day."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from analytics.retention import clear_before


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a date like 2025-01-31") from None


class Command(BaseCommand):
    """Delete events, AI interactions and selections from before a UTC day, in batches. Daily rollups stay."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--before", type=day, required=True, metavar="DATE", help="first day that is kept")
        parser.add_argument("--dry-run", action="store_true", help="only say what would go")

    def handle(self, *_: Any, before: date, dry_run: bool, **__: Any) -> None:
        cleared = clear_before(before, dry_run=dry_run)
        verb = "Would delete" if dry_run else "Deleted"
        self.stdout.write(
            f"{verb} {cleared.events} events, {cleared.interactions} interactions and "
            f"{cleared.selections} selections from before {before}."
        )
