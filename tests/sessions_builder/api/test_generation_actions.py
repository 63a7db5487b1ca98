"""Cancel, retry, offline draft and sources of a generation."""

from typing import Any

import pytest
from django.test import Client

from sessions_builder.models import Generation
from tests.sessions_builder.api.conftest import RETRIEVAL, MakeGeneration, add_failed, add_variant

pytestmark = pytest.mark.usefixtures("reference_data", "several")
ACTIONS = ("cancel", "retry", "offline-draft")


def act(client: Client, generation: Generation, action: str) -> Any:
    return client.post(f"/api/generations/{generation.pk}/{action}")


def test_it_works(api: Client, make_generation: MakeGeneration) -> None:
    generation = make_generation()
    response = act(api, generation, "cancel")
    assert (response.status_code, response.json()["state"]) == (202, "cancelled")
    assert response["Location"] == f"/api/generations/{generation.pk}"


def test_cancel_of_an_ended_one_is_a_conflict(api: Client, make_generation: MakeGeneration) -> None:
    response = act(api, make_generation(state="succeeded"), "cancel")
    assert (response.status_code, response.json()["error"]["code"]) == (409, "conflict")


def test_retry_queues_what_is_missing(api: Client, make_generation: MakeGeneration) -> None:
    generation = make_generation(state="partial")
    add_variant(generation, 1)
    add_failed(generation, 2)
    response = act(api, generation, "retry")
    assert (response.status_code, response.json()["state"]) == (202, "queued")
    states = {variant["number"]: variant["state"] for variant in api.get(response["Location"]).json()["variants"]}
    assert states == {1: "ready", 2: "queued", 3: "queued", 4: "queued"}


def test_retry_of_a_complete_one_is_a_conflict(api: Client, make_generation: MakeGeneration) -> None:
    generation = make_generation(state="succeeded")
    for number in range(1, 5):
        add_variant(generation, number)
    assert act(api, generation, "retry").status_code == 409


def test_an_offline_draft_is_a_new_generation(api: Client, make_generation: MakeGeneration) -> None:
    generation = make_generation(state="failed", error_code="provider_config")
    body = act(api, generation, "offline-draft").json()
    assert body["id"] != str(generation.pk)
    assert (body["parentId"], body["writer"]) == (str(generation.pk), "offline")


@pytest.mark.parametrize("action", ACTIONS)
def test_others_generations_are_not_there(outsider: Client, make_generation: MakeGeneration, action: str) -> None:
    generation = make_generation(state="failed")
    response = act(outsider, generation, action)
    assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")
    assert Generation.objects.get().version == 1


def test_sources_come_with_excerpts_and_reasons(api: Client, make_generation: MakeGeneration) -> None:
    generation = make_generation(retrieval=RETRIEVAL, rag_state="ok")
    response = api.get(f"/api/generations/{generation.pk}/sources")
    body = response.json()
    assert body["ragState"] == "ok"
    assert [(source["kept"], source["reason"]) for source in body["sources"]] == [
        (True, "notes"),
        (True, "kept"),
        (False, "below_threshold"),
    ]
    assert "longer than its excerpt" not in response.content.decode()


def test_sources_before_anything_was_retrieved(api: Client, make_generation: MakeGeneration) -> None:
    response = api.get(f"/api/generations/{make_generation().pk}/sources")
    assert response.json() == {"ragState": None, "sources": []}


def test_others_sources_are_not_there(outsider: Client, make_generation: MakeGeneration) -> None:
    assert outsider.get(f"/api/generations/{make_generation().pk}/sources").status_code == 404
