"""`manage.py seed_demo_history`: a past to look at on the dashboard's demonstration data."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from analytics import rollups
from analytics.demo import history
from analytics.models import Event


class Command(BaseCommand):
    """Store a made-up rollout of some weeks, marked as demonstration data, once. Only with DEBUG."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=int, default=45, help="how far the past goes back (45)")

    def handle(self, *_: Any, days: int, **__: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("Demonstration data is stored only with DEBUG=true.")
        if not 1 <= days <= 365:
            raise CommandError("--days is a number from 1 to 365.")
        with transaction.atomic():
            if Event.objects.filter(is_demo=True).exists():
                return
            stored = history(days, timezone.now()).save()
        rollups.refresh()
        self.stdout.write(f"Stored {stored} rows of demonstration data; add ?demo=1 to the dashboard to see them.")
