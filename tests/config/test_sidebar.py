"""Staff find the pages they look for, and only those they may open."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "pages"),
    [("operator", {"Dashboard", "Operations"}), ("analyst", {"Dashboard"}), ("product", {"Dashboard"})],
)
def test_the_sidebar_leads_to_the_pages_of_a_role(
    request: pytest.FixtureRequest, client: Client, role: str, pages: set[str]
) -> None:
    client.force_login(request.getfixturevalue(role), backend="django.contrib.auth.backends.ModelBackend")
    links = {
        item["title"]: item["link"]
        for group in client.get("/admin/").context["sidebar_navigation"]
        for item in group["items"]
    }
    assert links.keys() & {"Dashboard", "Operations"} == pages
    for page in pages:
        answer = client.get(links[page])
        assert "icons/favicon" in answer.content.decode()
        shown = answer.context["sidebar_navigation"]
        assert [item["title"] for group in shown for item in group["items"] if item["active"]] == [page]


@pytest.mark.parametrize(
    ("role", "starts"),
    [
        ("operator", ["Dashboard", "Operations", "Flags", "Alerts"]),
        ("analyst", ["Dashboard"]),
        ("product", ["Dashboard", "Flags", "Alerts"]),
    ],
)
def test_the_first_page_leads_to_where_most_visits_go(
    request: pytest.FixtureRequest, client: Client, role: str, starts: list[str]
) -> None:
    client.force_login(request.getfixturevalue(role), backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get("/admin/")
    assert [title for title, *_ in answer.context["starts"]] == starts
    assert all(client.get(address).status_code == 200 for _, address, _ in answer.context["starts"])


def test_an_empty_list_says_how_it_fills(client: Client, analyst: User) -> None:
    client.force_login(analyst, backend="django.contrib.auth.backends.ModelBackend")
    shown = client.get("/admin/analytics/export/").content.decode()
    assert "No exports yet" in shown
    assert "at the foot of the dashboard" in shown
    assert "0 results" not in shown
    searched = client.get("/admin/analytics/export/?q=nobody").content.decode()
    assert "Nothing matches" in searched
    assert "0 results" in searched
