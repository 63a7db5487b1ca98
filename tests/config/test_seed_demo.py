"""`manage.py seed_demo`: one account per role, and four variants for everybody the first time."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client, override_settings
from pytest_django import Settings

from config import run
from featureflags.models import Flag, FlagChange, Source
from featureflags.services import change_flag
from sessions_builder.management.commands.seed_demo import ACCOUNTS

FLAG = "variant_generation_v2"


@pytest.fixture(autouse=True)
def _development(db: None, settings: Settings) -> None:
    """Flags as a fresh installation has them, and passwords that are hashed quickly."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    assert Flag.objects.get(key=FLAG).enabled is False


@override_settings(DEBUG=True, DEMO_PASSWORD="a-password")
def test_it_works() -> None:
    call_command("seed_demo")
    roles = {user.username: [group.name for group in user.groups.all()] for user in User.objects.all()}
    assert roles == {
        "author": ["author"],
        "author2": ["author"],
        "product": ["product"],
        "analyst": ["analyst"],
        "operator": ["operator"],
        "admin": [],
    }
    assert all(user.check_password("a-password") for user in User.objects.all())
    assert {user.username for user in User.objects.filter(is_staff=False)} == {"author", "author2"}
    assert [user.username for user in User.objects.filter(is_superuser=True)] == ["admin"]
    flag = Flag.objects.get(key=FLAG)
    assert (flag.enabled, flag.basis_points) == (True, 10_000)
    change = FlagChange.objects.get(flag__key=FLAG, revision=flag.revision)
    assert (change.source, change.reason) == (Source.COMMAND, "Demo data: show four variants to everybody")


@override_settings(DEBUG=True)
def test_every_account_is_named_where_people_look(client: Client) -> None:
    names = [account.username for account in ACCOUNTS]
    assert [name for name, _ in client.get("/login/").context["demo_accounts"]] == names
    assert ", ".join(names) == run.ACCOUNTS
    readme = " ".join((Path(settings.BASE_DIR) / "README.md").read_text().split())
    assert f"The demo accounts are {', '.join(names[:-1])} and {names[-1]};" in readme


def test_the_usual_past_is_one_size() -> None:
    root = Path(settings.BASE_DIR)
    pages = [root / "README.md", *(root / "docs").rglob("*.md"), *(root / "templates").rglob("*.html")]
    named = [found for page in pages for found in re.findall(r"seed_demo --sessions (\d+)", page.read_text())]
    assert len(named) > 2
    assert len(set(named)) == 1


@override_settings(DEBUG=True)
def test_a_second_run_leaves_the_flag_as_staff_set_it() -> None:
    call_command("seed_demo")
    change_flag(FLAG, source=Source.ADMIN, reason="Trying ten per cent", percentage=10)
    call_command("seed_demo")
    assert Flag.objects.get(key=FLAG).basis_points == 1_000
    assert User.objects.count() == 6


def test_a_changed_password_reaches_every_account() -> None:
    for password in ("first-password", "second-password"):
        with override_settings(DEBUG=True, DEMO_PASSWORD=password):
            call_command("seed_demo")
    assert all(user.check_password("second-password") for user in User.objects.all())


@override_settings(DEBUG=False)
def test_production_gets_no_account_with_a_known_password() -> None:
    with pytest.raises(CommandError, match="only with DEBUG=true"):
        call_command("seed_demo")
    assert User.objects.count() == 0
