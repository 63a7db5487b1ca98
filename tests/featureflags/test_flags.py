"""Asking for a flag: the database, the environment and who asks."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser, Group, User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from featureflags import services
from featureflags.evaluation import Reason, shard
from featureflags.flags import decide, decide_all, is_enabled, leave, targeting_key
from featureflags.models import Flag, FlagVersion, ProcessVersion, Source
from featureflags.snapshot import store
from featureflags.standing import propagation

V2 = "variant_generation_v2"


def change(**values: object) -> Flag:
    return services.change_flag(V2, source=Source.COMMAND, reason="test", **values)


def test_it_works(author: User) -> None:
    assert decide(V2, author).reason is Reason.FLAG_DISABLED
    change(enabled=True, percentage=100)
    decision = decide(V2, author)
    assert (decision.enabled, decision.reason, decision.percentage) == (True, "full_rollout", 100.0)
    assert decision.revision == Flag.objects.get(key=V2).revision == 2
    assert decision.sample == shard(Flag.objects.get(key=V2).salt, str(author.pk)) / 100


@pytest.mark.django_db
def test_seeded_flags() -> None:
    assert {key: (d.enabled, d.percentage) for key, d in decide_all("1").items()} == {
        V2: (False, 0.0),
        "rag_integration": (True, 100.0),
        "variant_selection_logging": (True, 100.0),
        "offline_composer": (True, 100.0),
    }


@pytest.mark.django_db
def test_unknown_flag_is_off() -> None:
    assert decide("nobody_made_this").reason is Reason.FLAG_UNKNOWN


@pytest.mark.django_db
@pytest.mark.parametrize("subject", [None, AnonymousUser()])
def test_nobody_is_never_drawn_at_random(subject: AnonymousUser | None) -> None:
    change(enabled=True, percentage=99.99)
    assert decide(V2, subject).reason is Reason.TARGETING_KEY_MISSING
    change(percentage=100)
    assert is_enabled(V2, subject)


def test_targeting_key_is_the_primary_key() -> None:
    assert targeting_key(SimpleNamespace(pk=7)) == "7"


@pytest.mark.django_db
def test_a_warm_decision_needs_no_query() -> None:
    group = Group.objects.create(name="beta")
    services.set_override(V2, group=group, enabled=True, reason="beta", source=Source.COMMAND)
    is_enabled(V2)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        for number in range(1000):
            decide(V2, SimpleNamespace(pk=number))
    assert len(queries) <= 1  # the one check a second may fall into the loop


def test_group_override_follows_membership(author: User) -> None:
    beta = Group.objects.create(name="beta")
    change(enabled=True)
    services.set_override(V2, group=beta, enabled=True, reason="beta", source=Source.COMMAND)
    assert decide(V2, author).reason is Reason.ROLLOUT_ZERO
    author.groups.add(beta)
    store.expire()
    assert decide(V2, author).reason is Reason.OVERRIDE_ON
    author.groups.remove(beta)
    store.expire()
    assert decide(V2, author).reason is Reason.ROLLOUT_ZERO


def test_membership_of_other_groups_makes_no_version(author: User) -> None:
    before = FlagVersion.objects.get().version
    author.groups.add(Group.objects.create(name="choir"))
    assert FlagVersion.objects.get().version == before


def test_own_override_beats_the_groups_and_off_beats_on(make_user: Callable[..., User]) -> None:
    change(enabled=True)
    red, blue = Group.objects.create(name="red"), Group.objects.create(name="blue")
    both, favoured = make_user("both", "red", "blue"), make_user("favoured", "red", "blue")
    services.set_override(V2, group=red, enabled=True, reason="r", source=Source.COMMAND)
    services.set_override(V2, group=blue, enabled=False, reason="r", source=Source.COMMAND)
    services.set_override(V2, user=favoured, enabled=True, reason="r", source=Source.COMMAND)
    assert decide(V2, both).reason is Reason.OVERRIDE_OFF
    assert decide(V2, favoured).reason is Reason.OVERRIDE_ON


@pytest.mark.parametrize(
    ("flag", "setting", "value", "reason"),
    [
        (V2, "ENABLE_VARIANT_GENERATION_V2", False, "environment_kill"),
        (V2, "ENABLE_VARIANT_GENERATION_V2", True, "full_rollout"),
        (V2, "VARIANT_GENERATION_ROLLOUT_PERCENTAGE", 0, "rollout_zero"),
        (V2, "VARIANT_GENERATION_ROLLOUT_PERCENTAGE", 10, "full_rollout"),
        ("rag_integration", "RAG_API_URL", "", "environment_kill"),
        ("rag_integration", "RAG_API_URL", "internal", "full_rollout"),
        ("variant_selection_logging", "LOG_VARIANT_SELECTIONS", False, "environment_kill"),
        ("variant_selection_logging", "LOG_VARIANT_SELECTIONS", True, "full_rollout"),
    ],
)
def test_environment_holds_count_live(
    flag: str, setting: str, value: object, reason: str, author: User, settings: object
) -> None:
    change(enabled=True, percentage=100)
    setattr(settings, setting, value)
    assert decide(flag, author).reason == reason


def test_overrides_work_while_the_environment_holds_zero(author: User, settings: object) -> None:
    change(enabled=True, percentage=100)
    services.set_override(V2, user=author, enabled=True, reason="manual testing", source=Source.COMMAND)
    settings.VARIANT_GENERATION_ROLLOUT_PERCENTAGE = 0
    assert decide(V2, author).reason is Reason.OVERRIDE_ON
    settings.ENABLE_VARIANT_GENERATION_V2 = False
    assert decide(V2, author).reason is Reason.ENVIRONMENT_KILL


@pytest.mark.django_db
def test_inside_a_transaction_the_version_is_recorded_after_the_commit(
    django_capture_on_commit_callbacks: Callable,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        is_enabled(V2)
        assert ProcessVersion.objects.count() == 0  # no row lock is held while the caller goes on
    row = ProcessVersion.objects.get()
    assert row.version == FlagVersion.objects.get().version
    assert row.label.startswith("command on ")
    leave()
    assert propagation().processes == 0, "who has ended is not idle"
