"""Staff find the pages they look for, and only those they may open."""

import pytest
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
