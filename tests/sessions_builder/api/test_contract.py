"""The OpenAPI document and the real answers say the same."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from jsonschema import Draft202012Validator

from sessions_builder.exports.registry import FORMATS
from sessions_builder.models import Category
from tests.sessions_builder.api.conftest import BRIEF, RETRIEVAL, MakeGeneration, add_failed, add_variant
from tests.sessions_builder.api.test_sessions import make_session

pytestmark = pytest.mark.usefixtures("reference_data", "several")
OURS = (
    "/api/generations",
    "/api/sessions",
    "/api/sources",
    "/api/briefs",
    "/api/saved-ideas",
    "/api/activities",
    "/api/reference",
    "/api/health",
    "/api/rag",
)


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return SchemaGenerator().get_schema(request=None, public=True)


@pytest.fixture
def holds(document: dict[str, Any]) -> Callable[..., None]:
    """Return a function that checks an answer of an operation against the document."""

    def check(response: Any, operation: str, method: str = "get") -> None:
        described = document["paths"][operation][method]["responses"]
        assert str(response.status_code) in described, f"{response.status_code} is not described"
        content = described[str(response.status_code)].get("content")
        if content is None:
            assert response.content == b""
            return
        schema = {**content["application/json"]["schema"], "components": document["components"]}
        errors = [error.message for error in Draft202012Validator(schema).iter_errors(response.json())]
        assert not errors

    return check


def test_it_works(api: Client, make_generation: MakeGeneration, holds: Callable[..., None]) -> None:
    generation = make_generation(state="generating", retrieval=RETRIEVAL, rag_state="ok")
    add_variant(generation, 1)
    add_failed(generation, 2)
    response = api.get(f"/api/generations/{generation.pk}")
    assert response.status_code == 200
    holds(response, "/api/generations/{generation_id}")


def test_the_document_is_valid_and_complete(document: dict[str, Any]) -> None:
    validate_schema(document)
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if path.startswith(OURS):
                assert operation["tags"], (method, path)
                assert operation["summary"], (method, path)
                assert operation["responses"]["400"]
    assert document["components"]["schemas"]["ErrorAnswer"]
    assert {"bearer"} == {
        scheme["scheme"] for scheme in document["components"]["securitySchemes"].values() if scheme["type"] == "http"
    }


def test_generators_of_clients_find_every_definition(document: dict[str, Any]) -> None:
    text = json.dumps(document)
    named = set(re.findall(r'"#/components/schemas/([^"]+)"', text))
    assert "$defs" not in text
    assert named <= set(document["components"]["schemas"])


def test_what_may_be_left_out_of_a_brief_is_said(document: dict[str, Any]) -> None:
    body = document["paths"]["/api/generations"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert sorted(body["required"]) == ["category", "desiredOutcome", "sessionType"]
    assert body["additionalProperties"] is False
    assert body["properties"]["durationMinutes"]["maximum"] == 480


def test_a_request(api: Client, holds: Callable[..., None]) -> None:
    response = api.post("/api/generations", BRIEF, content_type="application/json")
    assert response.status_code == 202
    holds(response, "/api/generations", "post")
    holds(api.get("/api/generations"), "/api/generations")


@pytest.mark.parametrize("state", ["queued", "succeeded", "partial", "failed", "cancelled"])
@pytest.mark.parametrize("mode", ["multi_variant", "legacy", "legacy_fallback"])
def test_generations_in_every_state(
    api: Client, make_generation: MakeGeneration, holds: Callable[..., None], state: str, mode: str
) -> None:
    generation = make_generation(state=state, mode=mode, error_code="expired" if state == "failed" else None)
    if state in ("succeeded", "partial"):
        add_variant(generation, 0)
        add_failed(generation, 1)
    response = api.get(f"/api/generations/{generation.pk}")
    holds(response, "/api/generations/{generation_id}")
    unchanged = api.get(f"/api/generations/{generation.pk}", headers={"If-None-Match": response["ETag"]})
    assert unchanged.status_code == 304
    holds(unchanged, "/api/generations/{generation_id}")


def answers(api: Client, make_generation: MakeGeneration) -> Iterator[tuple[Any, str, str]]:
    """One answer of each action and read, with the operation it belongs to."""
    base = "/api/generations/{generation_id}"
    waiting = make_generation()
    yield api.post(f"/api/generations/{waiting.pk}/cancel"), base + "/cancel", "post"
    yield api.post(f"/api/generations/{waiting.pk}/cancel"), base + "/cancel", "post"
    partial = make_generation(state="partial", retrieval=RETRIEVAL, rag_state="ok")
    add_variant(partial, 1)
    own = f"/api/generations/{partial.pk}"
    yield api.get(f"{own}/sources"), base + "/sources", "get"
    yield api.generic("POST", f"{own}/variants/1/reject"), base + "/variants/{number}/reject", "post"
    chosen = api.generic("POST", f"{own}/variants/1/select", "{}", content_type="application/json")
    yield chosen, base + "/variants/{number}/select", "post"
    yield api.get(own), base, "get"
    yield api.post(f"{own}/offline-draft"), base + "/offline-draft", "post"
    yield api.post(f"{own}/retry"), base + "/retry", "post"
    yield api.post("/api/sources/preview", BRIEF, content_type="application/json"), "/api/sources/preview", "post"
    yield api.post("/api/briefs/coach", {}, content_type="application/json"), "/api/briefs/coach", "post"
    yield api.get("/api/sessions"), "/api/sessions", "get"
    session = f"/api/sessions/{chosen.json()['id']}"
    yield api.get(session), "/api/sessions/{session_id}", "get"
    yield api.get(f"{session}/export?format=pdf"), "/api/sessions/{session_id}/export", "get"
    yield api.delete(f"{session}?version=9"), "/api/sessions/{session_id}", "delete"
    yield from session_answers(api, session)
    yield api.delete(session), "/api/sessions/{session_id}", "delete"
    yield api.get(session), "/api/sessions/{session_id}", "get"
    yield api.get("/api/reference"), "/api/reference", "get"
    yield api.get("/api/health/live"), "/api/health/live", "get"
    yield api.get("/api/rag/health"), "/api/rag/health", "get"


def session_answers(api: Client, session: str) -> Iterator[tuple[Any, str, str]]:
    """One answer of each write to a chosen session, and of each read of it."""
    base = "/api/sessions/{session_id}"
    sections = [entry["id"] for entry in api.get(session).json()["outline"]["sections"]]

    def send(method: str, path: str, **body: Any) -> tuple[Any, str, str]:
        address = f"{session}{path.replace('{section_id}', sections[0])}"
        answer = api.generic(method.upper(), address, json.dumps(body), content_type="application/json")
        return answer, base + path.partition("?")[0], method

    yield send("patch", "", version=1, title="Calls")
    yield send("patch", "", version=1, title="Late")
    yield send("post", "/sections", version=2, section={"type": "topic", "title": "New", "minutes": 5})
    yield send("patch", "/sections/{section_id}", version=3, locked=True)
    yield send("post", "/balance", version=4)
    yield send("delete", "/sections/{section_id}?version=5")
    yield send("post", "/sections/reorder", version=6, order=["a"])
    yield send("post", "/sections", version=6, activityKey="teach_back")
    yield send("patch", "/sections/{section_id}", version=1, title="Late")
    yield send("post", "/versions", name="Kept")
    yield send("put", "/rating", score=4, comment="Went well")
    yield api.get(f"{session}/rating"), base + "/rating", "get"
    yield api.get(f"{session}/versions"), base + "/versions", "get"
    yield api.get(f"{session}/versions/1/diff"), base + "/versions/{number}/diff", "get"
    restore = api.post(f"{session}/versions/1/restore", {"version": 7}, content_type="application/json")
    yield restore, base + "/versions/{number}/restore", "post"
    asked = send("post", "/sections/{section_id}/regenerate")
    yield asked
    proposal, pattern = asked[0].json()["statusUrl"], base + "/proposals/{proposal_id}"
    yield api.get(proposal), pattern, "get"
    yield api.get(f"{session}/proposals"), base + "/proposals", "get"
    accept = api.post(f"{proposal}/accept", {"version": 7}, content_type="application/json")
    yield accept, pattern + "/accept", "post"
    yield api.post(f"{proposal}/reject"), pattern + "/reject", "post"
    yield send("post", "/publish", version=8)
    yield send("post", "/archive", version=8)
    yield send("post", "/unpublish", version=9)
    yield send("post", "/duplicate")
    idea = {"sessionId": session.rsplit("/", 1)[1], "sectionId": sections[0]}
    kept = api.post("/api/saved-ideas", idea, content_type="application/json")
    yield kept, "/api/saved-ideas", "post"
    yield api.get("/api/saved-ideas"), "/api/saved-ideas", "get"
    yield api.delete(f"/api/saved-ideas/{kept.json()['id']}"), "/api/saved-ideas/{idea_id}", "delete"
    yield api.get("/api/activities"), "/api/activities", "get"
    yield api.get(f"{session}/readiness"), base + "/readiness", "get"
    yield api.get(f"{session}/quality"), base + "/quality", "get"
    start = {"title": "Calls", "category": "Prospecting", "sessionType": "workshop"}
    yield api.post("/api/sessions", start, content_type="application/json"), "/api/sessions", "post"


def test_every_kind_of_file_is_described(document: dict[str, Any], api: Client, author: User) -> None:
    described = document["paths"]["/api/sessions/{session_id}/export"]["get"]["responses"]["200"]["content"]
    session = make_session(author)
    answers = (api.get(f"/api/sessions/{session.pk}/export?format={form}") for form in FORMATS)
    assert [answer["Content-Type"].partition(";")[0] for answer in answers] == list(described)


def test_actions_and_reads(api: Client, make_generation: MakeGeneration, holds: Callable[..., None]) -> None:
    for response, operation, method in answers(api, make_generation):
        holds(response, operation, method)


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        ("{", {}, 400),
        ("{}", {}, 400),
        ("{}", {"Authorization": "Bearer sb_x"}, 401),
        ('{"a": "' + "x" * 300_000 + '"}', {}, 413),
    ],
)
def test_errors(api: Client, holds: Callable[..., None], body: str, headers: dict[str, str], status: int) -> None:
    response = api.generic("POST", "/api/generations", body, content_type="application/json", headers=headers)
    assert response.status_code == status
    holds(response, "/api/generations", "post")


def test_refusals(client: Client, analyst: User, holds: Callable[..., None], reference_data: Category) -> None:
    holds(client.get("/api/generations"), "/api/generations")
    client.force_login(analyst, backend="django.contrib.auth.backends.ModelBackend")
    holds(client.get("/api/generations"), "/api/generations")
    assert reference_data.active


def test_the_document_is_served(api: Client) -> None:
    response = api.get("/api/schema", headers={"Accept": "application/json"})
    assert response.status_code == 200
    assert "/api/generations/{generation_id}" in response.json()["paths"]
