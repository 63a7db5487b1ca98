"""GET /api/generations: the own ones, newest first, a page at a time."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from sessions_builder.models import Generation
from tests.sessions_builder.api.conftest import MakeGeneration

URL = "/api/generations"


def test_it_works(api: Client, make_generation: MakeGeneration) -> None:
    generation = make_generation(state="failed", error_code="provider_timeout")
    response = api.get(URL)
    (entry,) = response.json()["results"]
    assert response.status_code == 200
    assert response.json()["nextCursor"] is None
    assert entry["id"] == str(generation.pk)
    assert (entry["title"], entry["category"], entry["error"]["code"]) == ("Calls", "Prospecting", "provider_timeout")


def test_others_generations_are_not_listed(outsider: Client, make_generation: MakeGeneration) -> None:
    make_generation()
    assert outsider.get(URL).json()["results"] == []


def test_pages_follow_one_another_even_when_rows_arrive_or_share_a_moment(
    api: Client, make_generation: MakeGeneration
) -> None:
    now = timezone.now()
    made = [make_generation(created_at=now - timedelta(minutes=index // 2)) for index in range(7)]
    seen: list[str] = []
    cursor = ""
    while True:
        body = api.get(URL, {"limit": 3, **({"cursor": cursor} if cursor else {})}).json()
        seen += [entry["id"] for entry in body["results"]]
        make_generation(created_at=now + timedelta(minutes=1))
        if body["nextCursor"] is None:
            break
        cursor = body["nextCursor"]
    assert len(seen) == 7
    assert set(seen) == {str(generation.pk) for generation in made}


def test_by_state(api: Client, make_generation: MakeGeneration) -> None:
    make_generation()
    ended = make_generation(state="succeeded")
    assert [entry["id"] for entry in api.get(URL, {"state": "succeeded"}).json()["results"]] == [str(ended.pk)]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("state", value) for value in ("", "done", "queued\x00", "Queued")),
        *(("cursor", value) for value in ("x", "é", "\x00", "MjAyNg==", "MjAyNi0xMS0yMyAx", "=" * 400)),
        *(("limit", value) for value in ("", "0", "101", "-1", "1.5", "x", "９", "9" * 400)),
    ],
)
def test_bad_questions(api: Client, make_generation: MakeGeneration, name: str, value: str) -> None:
    make_generation()
    response = api.get(URL, {name: value})
    assert response.status_code == 400
    assert list(response.json()["error"]["fields"]) == [name]


def test_the_number_of_queries_does_not_grow(
    api: Client, author: User, make_generation: MakeGeneration, django_assert_num_queries: object
) -> None:
    for _ in range(30):
        make_generation()
    with django_assert_num_queries(4):  # type: ignore[operator]  # session, user, right, rows
        assert len(api.get(URL).json()["results"]) == 20
    assert Generation.objects.count() == 30
