"""Select and reject a variant."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from sessions_builder.models import TrainingSession
from tests.sessions_builder.api.conftest import RETRIEVAL, MakeGeneration, add_failed, add_variant


def act(client: Client, generation: Any, number: Any, action: str, body: Any = None) -> Any:
    path = f"/api/generations/{generation.pk}/variants/{number}/{action}"
    return client.post(path, {} if body is None else body, content_type="application/json")


@pytest.fixture
def generation(make_generation: MakeGeneration) -> Any:
    generation = make_generation(state="partial", retrieval=RETRIEVAL, rag_state="ok")
    add_variant(generation, 1)
    add_variant(generation, 2)
    add_failed(generation, 3)
    return generation


def test_it_works(api: Client, generation: Any) -> None:
    response = act(api, generation, 1, "select")
    body = response.json()
    assert response.status_code == 200
    assert (body["state"], body["version"], body["variantNumber"]) == ("draft", 1, 1)
    assert body["generationId"] == str(generation.pk)
    assert all(section["id"] and section["locked"] is False for section in body["outline"]["sections"])
    assert [source["id"] for source in body["sources"]] == ["S1"]
    assert TrainingSession.objects.get().pk.hex == body["id"].replace("-", "")


def test_choosing_again_keeps_the_session(api: Client, generation: Any) -> None:
    first = act(api, generation, 1, "select").json()
    second = act(api, generation, 2, "select", {"sessionId": first["id"]}).json()
    assert (second["id"], second["version"], second["variantNumber"]) == (first["id"], 2, 2)


def test_a_failed_variant_is_a_conflict(api: Client, generation: Any) -> None:
    assert act(api, generation, 3, "select").status_code == 409


@pytest.mark.parametrize("number", [0, 4, 5, 99, 10**12, "one", "-1"])
@pytest.mark.parametrize("action", ["select", "reject"])
def test_variants_that_are_not_there(api: Client, generation: Any, number: Any, action: str) -> None:
    assert act(api, generation, number, action).status_code == 404


@pytest.mark.parametrize("session_id", ["x", 1, [], {}, "", "0" * 36, "\x00"])
def test_a_session_id_that_is_none(api: Client, generation: Any, session_id: Any) -> None:
    response = act(api, generation, 1, "select", {"sessionId": session_id})
    assert response.status_code == 400
    assert list(response.json()["error"]["fields"]) == ["sessionId"]


def test_a_session_of_nobody(api: Client, generation: Any) -> None:
    assert act(api, generation, 1, "select", {"sessionId": str(uuid4())}).status_code == 404


def test_reject(api: Client, generation: Any) -> None:
    response = act(api, generation, 2, "reject", {"reason": "Too much theory"})
    assert (response.status_code, response.content) == (204, b"")
    assert generation.variants.get(number=2).rejected_at is not None


def test_reject_without_a_body(api: Client, generation: Any) -> None:
    assert api.generic("POST", f"/api/generations/{generation.pk}/variants/2/reject").status_code == 204


def take_back(client: Client, generation: Any, number: int) -> int:
    return client.delete(f"/api/generations/{generation.pk}/variants/{number}/reject").status_code


def test_taking_a_rejection_back(api: Client, outsider: Client, generation: Any) -> None:
    act(api, generation, 2, "reject")
    assert take_back(outsider, generation, 2) == 404
    assert take_back(api, generation, 2) == 204
    assert generation.variants.get(number=2).rejected_at is None
    assert take_back(api, generation, 4) == 404


def test_taking_back_after_the_choice(api: Client, generation: Any) -> None:
    act(api, generation, 2, "reject")
    act(api, generation, 1, "select")
    assert take_back(api, generation, 2) == 409


def test_rejecting_after_the_choice(api: Client, generation: Any) -> None:
    act(api, generation, 1, "select")
    assert act(api, generation, 2, "reject").status_code == 409


@pytest.mark.parametrize("body", [{"reason": 1}, {"reason": "x" * 501}, {"reason": "\x00"}, {"why": "x"}, []])
def test_bad_reasons(api: Client, generation: Any, body: Any) -> None:
    assert act(api, generation, 2, "reject", body).status_code == 400


@pytest.mark.parametrize("action", ["select", "reject"])
def test_others_variants_are_not_there(outsider: Client, generation: Any, action: str) -> None:
    assert act(outsider, generation, 1, action).status_code == 404
    assert not TrainingSession.objects.exists()
