"""Lists of millions of rows: a page reads what it shows, and offers filters without reading every row for them."""

import re
import uuid
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from analytics import alerts, rollups
from analytics.admin import readonly
from analytics.admin.events import EventAdmin
from analytics.models import Export
from tests.analytics.history import event, generation, interaction, selection

pytestmark = pytest.mark.django_db

Login = Callable[[User], Client]
WHOLE_TABLE = re.compile(r"SELECT (DISTINCT|COUNT|min|max)\b(?!.*LIMIT)", re.IGNORECASE)


@pytest.mark.parametrize("model", ["event", "aiinteraction", "selection", "export"])
def test_it_works(login: Login, admin: User, model: str) -> None:
    generation()
    interaction()
    selection()
    client = login(admin)

    with CaptureQueriesContext(connection) as asked:
        assert client.get(f"/admin/analytics/{model}/").status_code == 200

    read = [query["sql"] for query in asked if f'"analytics_{model}"' in query["sql"]]
    assert read
    assert not [statement for statement in read if WHOLE_TABLE.match(statement)]


@pytest.mark.parametrize("model", ["event", "selection", "aiinteraction", "export"])
def test_an_id_is_looked_up_in_an_index(login: Login, admin: User, model: str) -> None:
    key = uuid.uuid4()
    selection(generation_id=key)
    interaction(generation_id=key)
    generation()
    event("meal_served", generation_id=key)
    Export.objects.create(id=key, dataset="events", format="csv", columns=[])
    client = login(admin)

    with CaptureQueriesContext(connection) as asked:
        found = client.get(f"/admin/analytics/{model}/", {"q": f" {key} "}).context["cl"].result_count
        nothing = client.get(f"/admin/analytics/{model}/", {"q": "nonsense"}).context["cl"].result_count

    assert (found, nothing) == (1, 0)
    assert not [query["sql"] for query in asked if f'_{model}"."generation_id")::varchar' in query["sql"]]


def test_a_long_list_is_not_counted(login: Login, admin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readonly, "COUNTED", 3)
    monkeypatch.setattr(EventAdmin, "list_per_page", 2)
    for _ in range(5):
        event("meal_served")
    client = login(admin)

    with CaptureQueriesContext(connection) as asked:
        shown = [client.get("/admin/analytics/event/", {"p": page}) for page in (1, 2, 3)]

    read = [query["sql"] for query in asked if '"analytics_event"' in query["sql"]]
    assert not [statement for statement in read if WHOLE_TABLE.match(statement)]
    assert [len(page.context["cl"].result_list) for page in shown] == [2, 2, 1]
    assert [f"?p={number}" in page.content.decode() for number, page in enumerate(shown, start=2)] == [
        True,
        True,
        False,
    ]
    filtered = client.get("/admin/analytics/event/", {"is_demo__exact": "0"}).content.decode()
    assert "9999999999" not in filtered
    assert "Show all" in filtered


def test_after_the_last_page_of_a_long_list_it_says_so(
    login: Login, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readonly, "COUNTED", 3)
    monkeypatch.setattr(EventAdmin, "list_per_page", 2)
    for _ in range(4):
        event("meal_served")

    shown = login(admin).get("/admin/analytics/event/", {"p": 3}).content.decode()

    assert "Nothing further" in shown
    assert "events yet" not in shown


def test_a_list_that_looks_for_nothing_is_shown_whatever_is_asked(login: Login, admin: User) -> None:
    alerts.raise_critical("rag_down")

    for words in (str(uuid.uuid4()), "nonsense"):
        assert login(admin).get("/admin/analytics/alert/", {"q": words}).context["cl"].result_count == 1


def test_a_short_list_says_how_long_it_is(login: Login, admin: User) -> None:
    event("meal_served")

    assert re.search(r">\s*1\s+event\s*<", login(admin).get("/admin/analytics/event/").content.decode())


def test_filters_offer_what_was_counted(login: Login, admin: User) -> None:
    generation()
    interaction(model="gpt-5.4-mini", category="Coaching")
    rollups.refresh()
    client = login(admin)

    events = client.get("/admin/analytics/event/").content.decode()
    calls = client.get("/admin/analytics/aiinteraction/").content.decode()

    assert "event_type__exact=meal_served" in events
    assert "model__exact=gpt-5.4-mini" in calls
    assert "category__exact=Coaching" in calls
    assert "category__exact=Team+Building" in calls


def test_events_are_found_by_any_code(login: Login, admin: User) -> None:
    event("ai_content_rejected", error_code="conflict")
    event("meal_served")

    found = login(admin).get("/admin/analytics/event/", {"error_code__icontains": "conflict"}).context["cl"]

    assert [one.error_code for one in found.result_list] == ["conflict"]
