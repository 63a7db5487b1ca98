"""The preview of a change against the decisions after it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from featureflags import blast_radius, services
from featureflags.flags import is_enabled
from featureflags.models import Flag, Source

V2 = "variant_generation_v2"


@pytest.fixture
def crowd(make_user: Callable[..., User]) -> list[User]:
    """Forty active users, one who left, one forced on, one forced off by group, one whose override is over."""
    users = [make_user(f"user{number:02}") for number in range(40)]
    make_user("left", is_active=False)
    choir = Group.objects.create(name="choir")
    users[1].groups.add(choir)
    now = timezone.now()
    common = {"reason": "r", "source": Source.COMMAND}
    services.set_override(V2, user=users[0], enabled=True, **common)
    services.set_override(V2, group=choir, enabled=False, **common)
    services.set_override(V2, user=users[2], enabled=True, expires_at=now - timedelta(days=1), **common)
    return users


@pytest.mark.parametrize(
    ("before", "after"), [((False, 0), (True, 50)), ((True, 80), (True, 20)), ((True, 100), (False, 100))]
)
def test_it_works(before: tuple[bool, int], after: tuple[bool, int], crowd: list[User]) -> None:
    change = {"source": Source.COMMAND, "reason": "r"}
    services.change_flag(V2, enabled=before[0], percentage=before[1], **change)
    was = {user.username for user in crowd if is_enabled(V2, user)}
    seen = blast_radius.preview(Flag.objects.get(key=V2), enabled=after[0], basis_points=after[1] * 100)
    services.change_flag(V2, enabled=after[0], percentage=after[1], **change)
    becomes = {user.username for user in crowd if is_enabled(V2, user)}
    assert (seen.on, seen.off) == (len(becomes - was), len(was - becomes))
    assert seen.affected > 0
    names = sorted(becomes ^ was)[: blast_radius.SHOWN]
    assert seen.first == tuple((name, name in becomes) for name in names)


def test_overrides_that_change_count(crowd: list[User]) -> None:
    """Reverting takes a group's away, gives a user another one, and leaves the rest."""
    services.change_flag(V2, enabled=True, percentage=50, source=Source.COMMAND, reason="r")
    choir = Group.objects.get(name="choir")
    choir.user_set.add(*crowd[10:20])
    flag = Flag.objects.get(key=V2)
    was = {user.username for user in crowd if is_enabled(V2, user)}
    overrides = {
        f"group:{choir.pk}": None,
        f"user:{crowd[0].pk}": {"enabled": False, "expiresAt": None},
        f"user:{crowd[3].pk}": {"enabled": True, "expiresAt": "2020-01-01T00:00:00Z"},
        "user:999999": {"enabled": True, "expiresAt": None},
    }
    seen = blast_radius.preview(flag, enabled=True, basis_points=5000, overrides=overrides)
    services.remove_overrides(V2, override_ids=[choir.flag_overrides.get().pk], source=Source.COMMAND, reason="r")
    services.set_override(V2, user=crowd[0], enabled=False, source=Source.COMMAND, reason="r")
    becomes = {user.username for user in crowd if is_enabled(V2, user)}
    assert (seen.on, seen.off) == (len(becomes - was), len(was - becomes))
    assert {name for name, _ in seen.first} == was ^ becomes
    assert seen.on > 1


def test_one_statement(crowd: list[User], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blast_radius, "_busy_users", [])  # each app that registered some adds one of its own
    flag = Flag.objects.get(key=V2)
    with CaptureQueriesContext(connection) as queries:
        blast_radius.preview(flag, enabled=True, basis_points=10_000)
    assert len(queries) == 1


def test_counts_those_with_work_in_progress(crowd: list[User], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blast_radius, "_busy_users", [])
    blast_radius.register_busy_users(lambda: [crowd[1].pk, crowd[5].pk, crowd[6].pk, 999_999])
    seen = blast_radius.preview(Flag.objects.get(key=V2), enabled=True, basis_points=10_000)
    assert seen.busy == 2  # the first of them is forced off and does not move
    assert str(seen) == "+39 users on, −0 off, 2 with a generation running"


def test_nobody_moves_while_the_environment_holds_the_flag(crowd: list[User], settings: object) -> None:
    settings.ENABLE_VARIANT_GENERATION_V2 = False
    seen = blast_radius.preview(Flag.objects.get(key=V2), enabled=True, basis_points=10_000)
    assert (seen.affected, seen.first) == (0, ())


@pytest.mark.parametrize(("affected", "typed"), [(1000, False), (1001, True)])
def test_large_changes_are_typed(affected: int, typed: bool) -> None:
    assert blast_radius.BlastRadius(on=1, off=affected - 1, busy=0, first=()).needs_typing is typed
