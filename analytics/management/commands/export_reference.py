"""`manage.py export_reference`: the columns of every dataset, for docs/exports.md."""

from typing import Any

from django.core.management.base import BaseCommand

from analytics.exports.reference import column_reference
from analytics.registry import datasets


class Command(BaseCommand):
    """Print the column reference of all datasets as Markdown."""

    help = __doc__

    def handle(self, *_: Any, **__: Any) -> None:
        self.stdout.write(column_reference(datasets().values()), ending="")
