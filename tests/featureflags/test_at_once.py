"""Two people change the same flag at the same moment: one of them is told, and nothing is lost."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connections
from django.test import Client
from django.urls import reverse

from featureflags import services
from featureflags.admin import FlagAdmin, FlagOverrideAdmin
from featureflags.errors import FlagConflict, KeyTaken
from featureflags.models import Flag, FlagChange, FlagOverride, Source
from tests.featureflags.test_admin import entries, opened, page

V2 = "variant_generation_v2"


@pytest.mark.django_db(transaction=True)
def test_it_works() -> None:
    services.ensure_flags()
    opened = Flag.objects.get(key=V2).revision
    outcomes: dict[int, str] = {}
    together = Barrier(2)

    def save(percentage: int) -> None:
        together.wait(10)
        try:
            services.change_flag(
                V2, percentage=percentage, expected_revision=opened, source=Source.ADMIN, reason=f"to {percentage}"
            )
            outcomes[percentage] = "saved"
        except FlagConflict as refused:
            outcomes[percentage] = f"conflict at {refused.details['current']}"
        finally:
            connections.close_all()

    people = [Thread(target=save, args=(percentage,)) for percentage in (20, 30)]
    for person in people:
        person.start()
    for person in people:
        person.join(20)
    assert sorted(outcomes.values()) == [f"conflict at {opened + 1}", "saved"]
    (winner,) = [percentage for percentage, outcome in outcomes.items() if outcome == "saved"]
    assert (Flag.objects.get(key=V2).percentage, Flag.objects.get(key=V2).revision) == (winner, opened + 1)
    assert [row.reason for row in FlagChange.objects.filter(flag__key=V2, revision__gt=opened)] == [f"to {winner}"]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_make_the_same_flag_one_is_told() -> None:
    together = Barrier(2)
    outcomes: list[str] = []

    def make() -> None:
        together.wait(10)
        try:
            services.create_flag("new_editor", source=Source.ADMIN, reason="spring")
            outcomes.append("made")
        except KeyTaken as refused:
            outcomes.append(str(refused))
        finally:
            connections.close_all()

    people = [Thread(target=make) for _ in range(2)]
    for person in people:
        person.start()
    for person in people:
        person.join(20)
    assert sorted(outcomes) == ["A flag new_editor exists already.", "made"]


def faster() -> None:
    """Somebody else's change, by a connection of its own."""

    def change() -> None:
        services.change_flag(V2, details={"owner": "Faster"}, source=Source.ADMIN, reason="faster")
        connections.close_all()

    rival = Thread(target=change)
    rival.start()
    rival.join(20)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("admin", [FlagAdmin, FlagOverrideAdmin])
def test_somebody_faster_by_a_moment_is_shown_by_the_page_itself(
    admin: Any, product: User, login: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The form found nothing, the service under its lock does; what was entered is still there."""
    services.ensure_flags()
    staff, url = login(product), page()
    sent = entries(name="My words")
    if admin is FlagOverrideAdmin:
        url = reverse("admin:featureflags_flagoverride_add")
        sent = {"flag": Flag.objects.get(key=V2).pk, "user": product.pk, "reason": "My words", **opened(staff, url)}
    save, rivals = admin.save_model, [faster]

    def save_after_rivals(*given: Any) -> None:
        while rivals:
            rivals.pop()()
        save(*given)

    monkeypatch.setattr(admin, "save_model", save_after_rivals)
    shown = staff.post(url, sent).content.decode()
    assert "This flag was changed by Admin (faster) while you had" in shown
    assert 'value="My words"' in shown
    assert not FlagOverride.objects.exists()
    assert (Flag.objects.get(key=V2).name, Flag.objects.get(key=V2).owner) == ("Multi-variant generation", "Faster")


@pytest.mark.django_db(transaction=True)
def test_a_typed_reason_outlives_somebody_faster_by_a_moment(
    product: User, login: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page asked about a flag that was changed before its button acted: nothing is done, and it asks anew."""
    services.ensure_flags()
    staff, plan = login(product), services.create_ramp(V2, source=Source.ADMIN, reason="beta")
    url = reverse("admin:featureflags_rampplan_start", args=(plan.pk,))
    sent = {"reason": "My words", "previewed": staff.get(url).context["form"]["previewed"].value()}
    start, rivals = services.start_ramp, [faster]

    def start_after_rivals(*given: Any, **named: Any) -> None:
        while rivals:
            rivals.pop()()
        start(*given, **named)

    monkeypatch.setattr(services, "start_ramp", start_after_rivals)
    shown = staff.post(url, sent)
    assert "The flag was changed meanwhile. Look at what this does now, and press again." in shown.content.decode()
    assert "My words</textarea>" in shown.content.decode()
    assert not Flag.objects.get(key=V2).enabled
    staff.post(url, {"reason": "My words", "previewed": shown.context["form"]["previewed"].value()})
    assert Flag.objects.get(key=V2).enabled
