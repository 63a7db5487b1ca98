"""GET /api/generations/{id}: the document, its ETag, and who may see it."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db.models import F
from django.test import Client

from sessions_builder.models import Generation, TrainingSession
from tests.sessions_builder.api.conftest import AT, RETRIEVAL, MakeGeneration, add_failed, add_variant


def read(client: Client, generation: Generation, **headers: str) -> Any:
    return client.get(f"/api/generations/{generation.pk}", headers=headers)


def event(stage: str, **details: Any) -> dict[str, Any]:
    return {"at": AT, "stage": stage, **details}


def test_it_works(api: Client, make_generation: MakeGeneration) -> None:
    started = [event("variant_started", number=number) for number in (1, 2)]
    generation = make_generation(
        state="generating",
        progress=[event("queued"), event("sources", count=1, state="ok"), *started, event("variant_ready", number=1)],
        retrieval=RETRIEVAL,
        rag_state="ok",
    )
    add_variant(generation, 1)
    response = read(api, generation)
    body = response.json()
    assert response.status_code == 200
    assert response["ETag"] == f'"{generation.pk}-1"'
    assert response["Retry-After"] == "1"
    assert response["Cache-Control"] == "private, no-cache"
    assert [(variant["number"], variant["position"], variant["state"]) for variant in body["variants"]] == [
        (1, 2, "ready"),
        (2, 4, "writing"),
        (3, 1, "queued"),
        (4, 3, "queued"),
    ]
    assert body["variants"][0]["quality"]["score"] == 78
    assert body["variants"][0]["grounding"] == 81
    assert body["variants"][0]["realisedReliance"] == 0.63
    assert body["variants"][3]["label"] == "Label 4"
    assert body["metadata"] == {
        "processingTime": None,
        "ragAvailable": True,
        "ragState": "ok",
        "ragQueryTime": 412,
        "ragSourcesFound": 1,
        "averageSimilarity": 0.8,
        "diversity": None,
        "totalVariants": 4,
    }
    assert 20 < body["progress"]["percent"] < 95
    assert body["progress"]["message"] == "Version 1 is ready"
    assert len(body["progress"]["events"]) == 5


def test_an_unchanged_version_is_304_and_a_changed_one_is_not(api: Client, make_generation: MakeGeneration) -> None:
    generation = make_generation()
    etag = read(api, generation)["ETag"]
    again = read(api, generation, **{"If-None-Match": etag})
    assert (again.status_code, again.content, again["ETag"], again["Retry-After"]) == (304, b"", etag, "1")
    Generation.objects.filter(pk=generation.pk).update(version=2)
    assert read(api, generation, **{"If-None-Match": etag}).status_code == 200


def test_the_session_made_of_it_and_whether_another_may_be_chosen(
    api: Client, make_generation: MakeGeneration, author2: User
) -> None:
    generation = make_generation(state="succeeded", retrieval=RETRIEVAL, rag_state="ok")
    add_variant(generation, 1)
    assert read(api, generation).json()["session"] is None
    made = api.post(f"/api/generations/{generation.pk}/variants/1/select", {}, content_type="application/json").json()
    tags = set()
    for state, accepts in (("draft", True), ("published", False), ("archived", False)):
        TrainingSession.objects.update(state=state, version=F("version") + 1)
        answer = read(api, generation)
        told = {"id": made["id"], "state": state, "variantNumber": 1, "acceptsChoice": accepts}
        assert answer.json()["session"] == told
        assert read(api, generation, **{"If-None-Match": answer["ETag"]}).status_code == 304
        again = api.post(f"/api/generations/{generation.pk}/variants/1/select", {}, content_type="application/json")
        assert (again.status_code == 200) is accepts
        tags.add(answer["ETag"])
    assert len(tags) == 3
    TrainingSession.objects.update(owner=author2)
    assert read(api, generation).json()["session"] is None


def test_statements_of_a_poll(
    client: Client, bearer: dict[str, str], make_generation: MakeGeneration, django_assert_num_queries: Any
) -> None:
    generation = make_generation()
    etag = read(client, generation, **bearer)["ETag"]  # notes the use of the token
    with django_assert_num_queries(1):  # who, may they, and the version
        assert read(client, generation, **bearer, **{"If-None-Match": etag}).status_code == 304
    with django_assert_num_queries(2):  # and the document
        assert read(client, generation, **bearer).status_code == 200


@pytest.mark.parametrize(
    ("form", "status"), [("W/{}", 304), ('"other", {}', 304), ("*", 304), ('"other"', 200), ("nonsense", 200)]
)
def test_the_forms_of_if_none_match(api: Client, make_generation: MakeGeneration, form: str, status: int) -> None:
    generation = make_generation()
    tag = f'"{generation.pk}-1"'
    assert read(api, generation, **{"If-None-Match": form.format(tag)}).status_code == status


@pytest.mark.parametrize("state", ["succeeded", "partial", "failed", "cancelled"])
def test_an_ended_generation_is_not_to_be_polled_again(
    api: Client, make_generation: MakeGeneration, state: str
) -> None:
    generation = make_generation(state=state, error_code="worker_lost" if state == "failed" else None)
    response = read(api, generation)
    assert "Retry-After" not in response
    assert "Retry-After" not in read(api, generation, **{"If-None-Match": response["ETag"]})
    assert response.json()["progress"]["percent"] == 100


def test_the_percentage_never_falls_and_is_100_only_at_the_end(api: Client, make_generation: MakeGeneration) -> None:
    generation = make_generation()
    steps = [event("retrieving"), event("sources", count=0, state="no_match")]
    steps += [event("variant_started", number=number) for number in range(1, 5)]
    steps += [event("variant_ready", number=number) for number in range(1, 5)]
    steps += [event("scoring")]
    percents = []
    for step in steps:
        generation.progress.append(step)
        generation.save()
        percents.append(read(api, generation).json()["progress"]["percent"])
    assert percents == sorted(percents)
    assert max(percents) < 100


def test_the_standard_outline_stands_alone_in_legacy_mode(api: Client, make_generation: MakeGeneration) -> None:
    generation = make_generation(mode="legacy")
    assert [variant["number"] for variant in read(api, generation).json()["variants"]] == [0]


def test_a_fallback_shows_the_standard_outline_and_what_failed(api: Client, make_generation: MakeGeneration) -> None:
    generation = make_generation(mode="legacy_fallback", state="succeeded")
    add_variant(generation, 0)
    for number in range(1, 5):
        add_failed(generation, number)
    variants = read(api, generation).json()["variants"]
    assert [(variant["number"], variant["state"]) for variant in variants] == [
        (0, "ready"),
        *((number, "failed") for number in range(1, 5)),
    ]
    assert variants[1]["error"]["code"] == "refused"
    assert "declined" in variants[1]["error"]["message"]


@pytest.mark.parametrize(("state", "shown"), [("failed", "failed"), ("cancelled", "cancelled")])
def test_what_was_never_written_is_not_still_in_the_queue(
    api: Client, make_generation: MakeGeneration, state: str, shown: str
) -> None:
    generation = make_generation(state=state, error_code="worker_lost")
    assert {variant["state"] for variant in read(api, generation).json()["variants"]} == {shown}


def test_instructions_and_whole_sources_stay_inside(api: Client, make_generation: MakeGeneration) -> None:
    text = read(api, make_generation(retrieval=RETRIEVAL, rag_state="ok")).content.decode()
    assert "secret" not in text
    assert "longer than its excerpt" not in text


def test_a_token_works_like_a_session(client: Client, make_generation: MakeGeneration, bearer: dict[str, str]) -> None:
    assert read(client, make_generation(), **bearer).status_code == 200


def test_another_authors_generation_is_not_there(outsider: Client, make_generation: MakeGeneration) -> None:
    generation = make_generation()
    others = read(outsider, generation)
    unknown = outsider.get("/api/generations/00000000-0000-4000-8000-000000000000")
    assert others.status_code == unknown.status_code == 404
    assert others.json()["error"]["message"] == unknown.json()["error"]["message"]
    etag = {"If-None-Match": f'"{generation.pk}-1"'}
    assert read(outsider, generation, **etag).status_code == 404


def test_a_superuser_sees_only_their_own(admin: User, client: Client, make_generation: MakeGeneration) -> None:
    client.force_login(admin, backend="django.contrib.auth.backends.ModelBackend")
    assert read(client, make_generation()).status_code == 404


@pytest.mark.parametrize("path", ["nonsense", "%00", "1"])
def test_an_address_that_is_none(api: Client, path: str) -> None:
    response = api.get(f"/api/generations/{path}")
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "not_found"


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_other_methods_are_refused(api: Client, make_generation: MakeGeneration, method: str) -> None:
    response = getattr(api, method)(f"/api/generations/{make_generation().pk}")
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"
    assert response.json()["error"]["code"] == "method_not_allowed"
