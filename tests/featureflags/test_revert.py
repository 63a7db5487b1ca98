"""Taking a change back."""

from datetime import date

import pytest
from django.contrib.auth.models import User

from featureflags import services
from featureflags.errors import FlagConflict, InvalidFlag
from featureflags.history import Difference, differences
from featureflags.models import Flag, FlagChange, FlagOverride, Source

V2 = "variant_generation_v2"


@pytest.mark.django_db
def test_it_works(product: User) -> None:
    services.change_flag(
        V2,
        source=Source.ADMIN,
        reason="go",
        enabled=True,
        percentage=25,
        details={"owner": "team", "expires_on": date(2027, 1, 1)},
    )
    services.revert_change(FlagChange.objects.get(flag__key=V2, revision=2), source=Source.ADMIN, actor=product)
    flag = Flag.objects.get(key=V2)
    assert (flag.enabled, flag.percentage, flag.owner, flag.expires_on, flag.revision) == (False, 0, "", None, 3)
    assert FlagChange.objects.first().reason == "Reverted revision 2."


@pytest.mark.django_db
def test_later_changes_elsewhere_stay() -> None:
    services.change_flag(V2, source=Source.ADMIN, reason="go", percentage=25)
    services.change_flag(V2, source=Source.ADMIN, reason="on", enabled=True)
    services.revert_change(FlagChange.objects.get(flag__key=V2, revision=2), source=Source.ADMIN)
    flag = Flag.objects.get(key=V2)
    assert (flag.enabled, flag.percentage) == (True, 0)


def test_overrides_come_back_and_go_away(author: User, author2: User) -> None:
    services.set_override(V2, user=author, enabled=True, reason="pilot", source=Source.ADMIN)
    override = FlagOverride.objects.get()
    services.remove_overrides(V2, override_ids=[override.pk], reason="over", source=Source.ADMIN)
    services.revert_change(FlagChange.objects.first(), source=Source.ADMIN)
    assert FlagOverride.objects.get().user == author
    services.set_override(V2, user=author2, enabled=False, reason="noise", source=Source.ADMIN)
    services.revert_change(FlagChange.objects.first(), source=Source.ADMIN)
    assert [row.user for row in FlagOverride.objects.all()] == [author]


def test_an_override_of_somebody_who_left_is_left_out(author: User) -> None:
    services.set_override(V2, user=author, enabled=True, reason="pilot", source=Source.ADMIN)
    services.remove_overrides(V2, override_ids=[FlagOverride.objects.get().pk], reason="over", source=Source.ADMIN)
    author.delete()
    services.revert_change(FlagChange.objects.first(), source=Source.ADMIN)
    assert FlagOverride.objects.count() == 0


@pytest.mark.django_db
def test_the_first_revision_has_nothing_before_it() -> None:
    with pytest.raises(InvalidFlag):
        services.revert_change(FlagChange.objects.get(flag__key=V2), source=Source.ADMIN)


@pytest.mark.django_db
def test_a_ramp_is_not_taken_back() -> None:
    services.create_ramp(V2, source=Source.ADMIN, reason="spring")
    with pytest.raises(InvalidFlag, match="pause or cancel"):
        services.revert_change(FlagChange.objects.first(), source=Source.ADMIN)
    assert Flag.objects.get(key=V2).revision == 2


@pytest.mark.django_db
def test_a_stale_page_is_refused() -> None:
    services.change_flag(V2, source=Source.ADMIN, reason="go", percentage=25)
    with pytest.raises(FlagConflict):
        services.revert_change(FlagChange.objects.first(), source=Source.ADMIN, expected_revision=1)


def test_differences_name_each_override() -> None:
    before = {"enabled": False, "overrides": {"user:7": {"enabled": True}, "user:8": {"enabled": True}}}
    after = {"enabled": True, "overrides": {"user:7": {"enabled": True}, "group:1": {"enabled": False}}}
    assert differences(before, after) == [
        Difference("enabled", False, True),
        Difference("overrides.group:1", None, {"enabled": False}),
        Difference("overrides.user:8", {"enabled": True}, None),
    ]
