"""Generations in the admin: for operators, and without a word an author or a source wrote."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from sessions_builder.admin import operations
from sessions_builder.models import Generation
from tests.sessions_builder.api.conftest import defaults

pytestmark = pytest.mark.urls("tests.sessions_builder.admin.urls")
URL = "/admin/sessions_builder/generation/"
CANARY = "canary-in-the-brief"


@pytest.fixture
def generation(author: User) -> Generation:
    values = defaults(author)
    values["brief"] = {**values["brief"], "notes": CANARY}
    values["snapshot"] = {"brief": {"category": CANARY}, "profiles": []}
    values["retrieval"] = {"state": "ok", "sources": [{"text": CANARY}]}
    return Generation.objects.create(**values)


@pytest.fixture
def staff(operator: User, client: Client) -> Client:
    client.force_login(operator, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_it_works(staff: Client, generation: Generation) -> None:
    for path in (URL, f"{URL}?q={generation.pk}", f"{URL}{generation.pk}/change/"):
        response = staff.get(path)
        text = response.content.decode()
        assert response.status_code == 200
        assert str(generation.pk) in text
        assert CANARY not in text


def test_nothing_can_be_changed(staff: Client, generation: Generation) -> None:
    assert staff.post(f"{URL}{generation.pk}/change/", {"state": "failed"}).status_code == 403
    assert staff.post(f"{URL}{generation.pk}/delete/", {"post": "yes"}).status_code == 403
    assert staff.get(f"{URL}add/").status_code == 403
    assert set(operations.TEXTS).isdisjoint(operations.GenerationAdmin.fields)


def test_the_list_does_not_read_the_texts(
    staff: Client, generation: Generation, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(25) as asked:  # type: ignore[operator]
        assert staff.get(URL).status_code == 200
    assert not any('"sessions_builder_generation"."snapshot"' in query["sql"] for query in asked.captured_queries)


@pytest.mark.parametrize("role", ["product", "analyst"])
def test_other_staff_do_not_see_generations(request: pytest.FixtureRequest, client: Client, role: str) -> None:
    client.force_login(request.getfixturevalue(role), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(URL).status_code == 403
