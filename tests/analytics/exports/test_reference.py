from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from analytics.registry import datasets

MARK = "## Columns\n\n"


def test_it_works() -> None:
    """docs/exports.md holds what `manage.py export_reference` prints."""
    said = StringIO()
    call_command("export_reference", stdout=said)

    document = (Path(settings.BASE_DIR) / "docs" / "exports.md").read_text()

    assert document.partition(MARK)[2] == said.getvalue()


def test_no_dataset_names_a_column_twice() -> None:
    for dataset in datasets().values():
        names = [column.name for column in dataset.columns + dataset.private]
        assert len(names) == len(set(names)), dataset.name


def test_no_dataset_shows_who_a_user_is() -> None:
    for dataset in datasets().values():
        shown = {column.name.lower() for column in dataset.columns + dataset.private}
        assert not shown & {"userid", "username", "email", "name"}, dataset.name
