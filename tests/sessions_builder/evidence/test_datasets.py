"""The product's rows as analysts download them."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from analytics.models import Export
from analytics.pseudonyms import subject_of
from analytics.registry import datasets
from sessions_builder.services.session_events import record_publication
from tests.sessions_builder.evidence.conftest import CANARY, Work

pytestmark = pytest.mark.django_db

Login = Callable[[User], Client]
ADDRESS = "/api/analytics/export"


def body(client: Client, **query: str) -> str:
    response = client.get(ADDRESS, query)
    assert response.status_code == 200, response.content
    return b"".join(response.streaming_content).decode()


def rows(client: Client, dataset: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(body(client, dataset=dataset, format="json"))[dataset]
    return found


def test_it_works(login: Login, analyst: User, work: Work) -> None:
    [row] = rows(login(analyst), "generations")

    assert row["id"] == str(work.generation.pk)
    assert row["subject"] == subject_of(work.owner.pk)
    assert (row["variantMode"], row["category"], row["sessionType"]) == ("multi_variant", "Prospecting", "workshop")
    assert (row["enabled"], row["decisionReason"], row["rolloutPercentage"]) == (True, "full_rollout", 100)
    assert (row["variantsReady"], row["averageQuality"], row["ragQueryTime"]) == (3, 72.0, 412)


def test_sessions_say_how_their_first_publication_went(login: Login, analyst: User, work: Work) -> None:
    client = login(analyst)
    [draft] = rows(client, "sessions")
    record_publication(work.session, quality=81.5, readiness=100)
    record_publication(work.session, quality=60, readiness=80)

    [row] = rows(client, "sessions")

    assert (draft["quality"], draft["firstPublishedAt"], draft["state"]) == (None, None, "draft")
    assert (row["quality"], row["readiness"], row["arm"], row["sections"]) == (81.5, 100, "v2", 3)
    assert row["minutesToPublish"] == 0
    assert row["firstPublishedAt"].endswith("Z")


@pytest.mark.parametrize("form", ["csv", "json", "ndjson"])
def test_nobodys_name_and_nothing_they_wrote(login: Login, analyst: User, work: Work, form: str) -> None:
    client = login(analyst)
    record_publication(work.session, quality=81.5, readiness=100)

    for name in datasets():
        content = body(client, dataset=name, format=form)
        assert content
        assert CANARY not in content, name
        assert "example.org" not in content, name
    assert set(Export.objects.values_list("dataset", "username", "state")) == {
        (name, "analyst", "finished") for name in datasets()
    }


def test_every_dataset_of_the_contract_is_there() -> None:
    assert set(datasets()) == {"events", "interactions", "selections", "generations", "sessions"}
