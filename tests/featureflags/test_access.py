"""Who may do what with flags: every role on every page and address."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from featureflags import services
from featureflags.models import Flag, FlagChange, Source

V2 = "variant_generation_v2"
ROLES = ("product", "operator", "analyst", "author", "anonymous")
OPEN, DONE, NO = 200, 302, 403
Login = Callable[[User], Client]
pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Page:
    """An address of the admin: what is sent (None: only looked at), and the status for product, operator, analyst."""

    name: str
    sent: dict[str, Any] | None
    statuses: tuple[int, int, int]
    about: str = "flag"


PAGES = (
    Page("flag_changelist", None, (OPEN, OPEN, NO), "none"),
    Page("flag_change", None, (OPEN, OPEN, NO)),
    Page("flag_change", {"owner": "me"}, (OPEN, NO, NO)),
    Page("flag_add", None, (OPEN, NO, NO), "none"),
    Page("flag_delete", {"post": "yes"}, (NO, NO, NO)),
    Page("flag_preview", None, (400, NO, NO)),
    Page("flag_propagation", None, (OPEN, OPEN, NO), "none"),
    Page("flag_revert", {}, (DONE, NO, NO), "change"),
    Page("flag_kill", None, (OPEN, OPEN, NO)),
    Page("flag_kill", {"reason": "incident"}, (DONE, DONE, NO)),
    Page("flag_pause_ramp", {"reason": "wait"}, (DONE, NO, NO)),
    Page("flag_resume_ramp", {"reason": "go on"}, (DONE, NO, NO)),
    Page("flagoverride_changelist", None, (OPEN, OPEN, NO), "none"),
    Page("flagoverride_add", None, (OPEN, NO, NO), "none"),
    Page("flagoverride_change", {"reason": "x", "opened_version": 99}, (DONE, NO, NO), "override"),
    Page("flagoverride_delete", {"post": "yes"}, (OPEN, NO, NO), "override"),
    Page("rampplan_changelist", None, (OPEN, OPEN, NO), "none"),
    Page("rampplan_add", None, (OPEN, NO, NO), "none"),
    Page("rampplan_change", {"reason": "x"}, (OPEN, NO, NO), "ramp"),
    Page("rampplan_start", {"reason": "x"}, (OPEN, NO, NO), "ramp"),
    Page("scheduledchange_changelist", None, (OPEN, OPEN, NO), "none"),
    Page("scheduledchange_add", None, (OPEN, NO, NO), "none"),
    Page("flagchange_changelist", None, (OPEN, OPEN, NO), "none"),
    Page("flagchange_add", None, (NO, NO, NO), "none"),
    Page("flagchange_change", {"reason": "x"}, (NO, NO, NO), "audit"),
    Page("flagchange_delete", {"post": "yes"}, (NO, NO, NO), "audit"),
)


@pytest.fixture
def ids(author: User) -> dict[str, tuple[int, ...]]:
    """Arguments of an address by what it is about: an override, a draft of a ramp, a change that can be reverted."""
    common = {"source": Source.ADMIN, "reason": "r"}
    override = services.set_override(V2, user=author, enabled=True, **common)
    ramp = services.create_ramp(V2, **common)
    services.change_flag(V2, enabled=True, **common)
    flag, change = Flag.objects.get(key=V2), FlagChange.objects.first()
    return {
        "none": (),
        "flag": (flag.pk,),
        "change": (flag.pk, change.pk),
        "override": (override.pk,),
        "ramp": (ramp.pk,),
        "audit": (change.pk,),
    }


def client_of(role: str, login: Login, request: pytest.FixtureRequest) -> Client:
    return Client() if role == "anonymous" else login(request.getfixturevalue(role))


@pytest.mark.parametrize("role", ROLES)
def test_pages_of_the_admin(
    role: str, ids: dict[str, tuple[int, ...]], login: Login, request: pytest.FixtureRequest
) -> None:
    client = client_of(role, login, request)
    for page in PAGES:
        address = reverse(f"admin:featureflags_{page.name}", args=ids[page.about])
        before = FlagChange.objects.count()
        answer = client.get(address) if page.sent is None else client.post(address, page.sent)
        if role in ("author", "anonymous"):
            assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/admin/login/"), page
        else:
            assert answer.status_code == page.statuses[ROLES.index(role)], page
        if answer.status_code == NO or role in ("author", "anonymous"):
            assert FlagChange.objects.count() == before, page


@pytest.mark.parametrize("role", ROLES)
def test_the_switch_of_an_operator_only_switches_off(role: str, login: Login, request: pytest.FixtureRequest) -> None:
    services.change_flag(V2, enabled=True, percentage=10, source=Source.ADMIN, reason="r")
    url = reverse("admin:featureflags_flag_changelist")
    sent = {"action": "kill_selected", "_selected_action": [Flag.objects.get(key=V2).pk], "reason": "incident"}
    client_of(role, login, request).post(url, sent)
    stored = Flag.objects.get(key=V2)
    assert (stored.enabled, stored.percentage) == (role not in ("product", "operator"), 10)


@pytest.mark.parametrize("role", ROLES)
def test_the_api(role: str, author2: User, login: Login, request: pytest.FixtureRequest) -> None:
    client = client_of(role, login, request)
    me = str(request.getfixturevalue(role).pk) if role != "anonymous" else "1"
    sees = role in ("product", "operator")

    def ask(path: str, key: str) -> Any:
        return client.post(f"/ofrep/v1/{path}", {"context": {"targetingKey": key}}, content_type="application/json")

    features = client.get("/api/config/features")
    own, others = ask(f"evaluate/flags/{V2}", me), ask(f"evaluate/flags/{V2}", str(author2.pk))
    every, everybodys = ask("evaluate/flags", me), ask("evaluate/flags", str(author2.pk))
    statuses = [answer.status_code for answer in (features, own, every, others, everybodys)]
    if role == "anonymous":
        assert statuses == [401] * 5
        return
    assert statuses == [200, 200, 200, *([200, 200] if sees else [403, 403])]
    assert ("flags" in features.json()) is sees
    assert bool(own.json()["metadata"]) is sees
    assert bool(every.json()["metadata"]) is sees


@pytest.mark.parametrize("role", ROLES)
def test_names_are_found_where_a_flag_is_switched_for_somebody(
    role: str, author2: User, login: Login, request: pytest.FixtureRequest
) -> None:
    """Product staff find whom to name on a flag; the pages of users, and other look-ups of them, stay closed."""
    client = client_of(role, login, request)
    asked = {"app_label": "featureflags", "model_name": "flagoverride", "field_name": "user", "term": "author2"}
    found = client.get(reverse("admin:autocomplete"), asked)
    if role == "product":
        assert found.json()["results"] == [{"id": str(author2.pk), "text": "author2"}]
    else:
        assert found.status_code in (302, 403)
    elsewhere = {**asked, "app_label": "sessions_builder", "model_name": "apitoken"}
    assert client.get(reverse("admin:autocomplete"), elsewhere).status_code in (302, 403)
    for name in ("changelist", "add"):
        assert client.get(reverse(f"admin:auth_user_{name}")).status_code in (302, 403)
