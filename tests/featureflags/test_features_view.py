"""GET /api/config/features."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from featureflags import services
from featureflags.models import Source

URL = "/api/config/features"
V2 = "variant_generation_v2"
pytestmark = pytest.mark.django_db


def test_it_works(login: Callable[[User], Client], author: User) -> None:
    services.set_override(V2, user=author, enabled=True, reason="pilot", source=Source.ADMIN)
    services.change_flag(V2, source=Source.ADMIN, reason="pilot", enabled=True)
    answer = login(author).get(URL)
    assert answer.status_code == 200
    assert answer.json() == {
        "features": {
            "offline_composer": True,
            "rag_integration": True,
            "variant_generation_v2": True,
            "variant_selection_logging": True,
        }
    }
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.django_db
def test_nobody_in_particular_is_turned_away(client: Client) -> None:
    assert client.get(URL).status_code in (401, 403)


@pytest.mark.parametrize("role", ["product", "operator"])
def test_product_and_operator_see_how_it_came_about(
    role: str, login: Callable[[User], Client], request: pytest.FixtureRequest
) -> None:
    client = login(request.getfixturevalue(role))
    services.change_flag(V2, source=Source.ADMIN, reason="go", enabled=True, percentage=100)
    body = client.get(URL).json()
    assert body["version"] == 5
    assert body["flags"][V2] == {
        "enabled": True,
        "reason": "full_rollout",
        "percentage": 100.0,
        "revision": 2,
        "source": "admin",
        "heldBy": None,
    }


@pytest.mark.parametrize("role", ["author", "analyst"])
def test_others_see_only_their_own_booleans(
    role: str, login: Callable[[User], Client], request: pytest.FixtureRequest
) -> None:
    assert set(login(request.getfixturevalue(role)).get(URL).json()) == {"features"}


def test_a_flag_the_environment_holds_says_so(login: Callable[[User], Client], product: User, settings: object) -> None:
    settings.RAG_API_URL = ""
    shown = login(product).get(URL).json()["flags"]["rag_integration"]
    assert shown["enabled"] is False
    assert (shown["source"], shown["heldBy"]) == ("environment", "RAG_API_URL=")
