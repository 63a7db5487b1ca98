"""GET /api/reference."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from sessions_builder.models import Audience, Category, Tone


def test_it_works(api: Client, reference_data: Category) -> None:
    Category.objects.create(name="Retired", active=False)
    audience = Audience.objects.create(name="Brokers", experience_level="seasoned", instructions="for the writer only")
    tone = Tone.objects.create(name="Lively", style="short sentences")
    response = api.get("/api/reference")
    body = response.json()
    assert {"id": reference_data.pk, "name": "Prospecting", "aliases": ["Lead Generation"]} in body["categories"]
    assert "Retired" not in [category["name"] for category in body["categories"]]
    assert {"id": audience.pk, "name": "Brokers", "experienceLevel": "seasoned"} in body["audiences"]
    assert {"id": tone.pk, "name": "Lively", "style": "short sentences"} in body["tones"]
    assert [(profile["number"], profile["ragWeight"]) for profile in body["variantProfiles"]] == [
        (0, 0.0),
        (1, 0.8),
        (2, 0.5),
        (3, 0.2),
        (4, 0.0),
    ]
    assert "for the writer only" not in response.content.decode()


@pytest.mark.parametrize("role", ["product", "analyst", "operator"])
def test_every_role_may_read_it(request: pytest.FixtureRequest, client: Client, role: str) -> None:
    user: User = request.getfixturevalue(role)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/api/reference").status_code == 200
