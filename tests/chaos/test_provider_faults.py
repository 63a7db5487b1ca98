"""The knowledge service and the model in trouble: what the author gets, and what it is called."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from config.local_process import wait_until
from tests.support.processes import ApiClient, Stack

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(240)]

# Two attempts of 600 ms, and much room for a busy machine: what drips or is silent would never end by itself.
AT_ALL_MS = 5_000
_fresh = count()


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    short = {"RAG_TIMEOUT_MS": "600", "RAG_RETRY_ATTEMPTS": "1", "OPENAI_TIMEOUT_MS": "1500"}
    with Stack(GENERATION_VARIANT_DEADLINE_MS="6000", **short) as stack:
        yield stack


def fresh_brief() -> dict[str, Any]:
    """A brief no earlier test asked about: workers remember what the knowledge service said."""
    number = next(_fresh) + 100
    return {
        "desiredOutcome": f"Book {number} qualified appointments a week with a short phone script",
        "currentProblem": f"{number} new advisors avoid calling and lose confidence after objections",
        "specificTopics": [f"call opening {number}", f"objection handling {number}"],
    }


def sources(body: dict[str, Any]) -> list[str]:
    return [variant["generationSource"] for variant in body["variants"]]


def test_it_works(api: ApiClient) -> None:
    body = api.ended(api.submit(fresh_brief()))

    assert (body["state"], body["metadata"]["ragState"]) == ("succeeded", "ok")
    assert sources(body) == ["rag", "rag", "rag", "baseline"]
    for variant in body["variants"]:
        assert sum(section["minutes"] for section in variant["outline"]["sections"]) == 90
        cited = {source for section in variant["outline"]["sections"] for source in section["sourceIds"]}
        assert bool(cited) == (variant["number"] != 4)


@pytest.mark.parametrize("fault", ["500", "silent", "drip", "html", "hits_null", "redirect", "truncated"])
def test_knowledge_service_in_trouble(api: ApiClient, stack: Stack, fault: str) -> None:
    stack.provider.fault(f"search:{fault}")
    body = api.ended(api.submit(fresh_brief()))

    assert (body["state"], body["metadata"]["ragState"]) == ("succeeded", "unavailable")
    assert body["metadata"]["ragAvailable"] is False
    assert sources(body) == ["baseline"] * 4
    assert body["metadata"]["ragQueryTime"] < AT_ALL_MS
    assert "RAG query failed completely, proceeding with baseline only" in stack.logs()


def test_knowledge_service_has_nothing(api: ApiClient, stack: Stack) -> None:
    stack.provider.fault("search:empty")
    body = api.ended(api.submit(fresh_brief()))

    assert (body["state"], body["metadata"]["ragState"]) == ("succeeded", "no_match")
    assert body["metadata"]["ragAvailable"] is True
    assert sources(body) == ["baseline"] * 4


def test_live_shaped_hits(api: ApiClient, stack: Stack) -> None:
    stack.provider.fault("rag:live_scores")
    stack.stop("worker1")  # a new one has not yet read the catalogue with its titles and dates
    stack.start_worker()
    generation = api.submit(fresh_brief())
    body = api.ended(generation)

    assert (body["state"], body["metadata"]["ragState"]) == ("succeeded", "weak_match")
    assert sources(body) == ["baseline"] * 4
    listed = api.request("GET", f"generations/{generation}/sources").json()["sources"]
    assert [source["reason"] for source in listed].count("weak") > 0


def test_planted_instructions_do_not_reach_an_outline(api: ApiClient, stack: Stack) -> None:
    stack.provider.fault("search:injection")
    body = api.ended(api.submit(fresh_brief()))
    assert body["state"] == "succeeded"
    for call in stack.provider.calls("model"):
        assert "Ignore all previous instructions" not in call["prompt"]


def test_one_version_fails_and_retry_fills_it(api: ApiClient, stack: Stack) -> None:
    stack.provider.fault("model:refusal:variant=3")
    generation = api.submit(fresh_brief())
    body = api.ended(generation)
    assert body["state"] == "partial"
    assert [variant["state"] for variant in body["variants"]] == ["ready", "ready", "failed", "ready"]
    assert body["variants"][2]["error"]["code"] == "refused"

    stack.provider.reset()
    assert api.request("POST", f"generations/{generation}/retry").status_code == 202
    again = api.ended(generation)
    assert again["state"] == "succeeded"
    assert [call["variant"] for call in stack.provider.calls("model")] == [3]


def test_all_versions_fail_and_the_standard_outline_takes_over(api: ApiClient, stack: Stack) -> None:
    for number in (1, 2, 3, 4):
        stack.provider.fault(f"model:refusal:variant={number}")
    body = api.ended(api.submit(fresh_brief()))

    assert (body["state"], body["mode"]) == ("succeeded", "legacy_fallback")
    assert [variant["number"] for variant in body["variants"]] == [0, 1, 2, 3, 4]
    assert body["variants"][0]["label"] == "Standard Outline"
    assert "All variants failed to generate" in stack.logs()


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("401", "provider_config"),
        ("insufficient_quota", "provider_config"),
        ("hang", "provider_timeout"),
        ("html", "malformed_output"),
    ],
)
def test_everything_fails_and_an_offline_draft_is_offered(api: ApiClient, stack: Stack, fault: str, code: str) -> None:
    stack.provider.fault(f"model:{fault}")
    generation = api.submit(fresh_brief())
    body = api.ended(generation, seconds=90)
    assert body["state"] == "failed"
    assert body["error"]["code"] == code
    assert "sk-test-key" not in stack.logs()

    answer = api.request("POST", f"generations/{generation}/offline-draft")
    assert answer.status_code == 202
    draft = api.ended(answer.json()["id"])
    assert (draft["state"], draft["writer"]) == ("succeeded", "offline")
    assert sources(draft) == ["template"] * 4


def test_the_first_version_is_there_before_the_last(api: ApiClient, stack: Stack) -> None:
    stack.provider.hold(4)
    generation = api.submit(fresh_brief())
    body = api.until(generation, lambda body: any(variant["state"] == "ready" for variant in body["variants"]))
    assert body["state"] == "generating"
    stack.provider.release()
    assert api.ended(generation)["state"] == "succeeded"


def test_cancelled_while_writing(api: ApiClient, stack: Stack) -> None:
    stack.provider.hold(1, 2, 3, 4)
    generation = api.submit(fresh_brief())
    api.until(generation, lambda body: body["state"] == "generating")
    assert wait_until(lambda: bool(stack.provider.calls("model")), seconds=10)
    assert api.request("POST", f"generations/{generation}/cancel").status_code == 202
    body = api.ended(generation)
    assert body["state"] == "cancelled"
    assert [(variant["state"], variant["error"]["code"]) for variant in body["variants"]] == [("cancelled",) * 2] * 4
    assert wait_until(lambda: {call["outcome"] for call in stack.provider.calls("model")} == {"dropped"}, seconds=10)
    assert api.request("POST", f"generations/{generation}/cancel").status_code == 409


def test_contexts_differ_by_weight(api: ApiClient, stack: Stack) -> None:
    api.ended(api.submit(fresh_brief()))
    prompts = {call["variant"]: call["prompt"] for call in stack.provider.calls("model")}
    lengths = [len(prompts[number]) for number in (1, 2, 3, 4)]
    assert lengths == sorted(lengths, reverse=True)
    assert "S1" not in prompts[4]


def test_switched_off_the_next_request_is_legacy(api: ApiClient, stack: Stack) -> None:
    stack.set_flag("variant_generation_v2", enabled=False)
    try:
        body = api.ended(api.submit(fresh_brief()))
    finally:
        stack.set_flag("variant_generation_v2", enabled=True)
    assert body["mode"] == "legacy"
    assert body["decision"]["reason"] == "flag_disabled"
    assert [variant["label"] for variant in body["variants"]] == ["Standard Outline"]


def test_four_identical_outlines(api: ApiClient, stack: Stack) -> None:
    stack.provider.fault("model:identical")
    body = api.ended(api.submit(fresh_brief()))
    apart = body["metadata"]["diversity"]

    assert (body["state"], apart["rewritten"], apart["nearDuplicates"]) == ("succeeded", [2, 3, 4], [])
    assert len({variant["outline"]["sections"][1]["title"] for variant in body["variants"]}) > 1
