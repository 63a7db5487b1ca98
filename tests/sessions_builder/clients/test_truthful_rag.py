"""What the service answers, over HTTP, against what an author is told of it: state, titles, dates and scores."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from sessions_builder.clients.breaker import InMemoryBreaker
from sessions_builder.clients.rag import HttpRetriever
from sessions_builder.pipeline.retrieve import retrieve
from sessions_builder.pipeline.types import Brief, RagSettings, RagState, Retrieval
from tests.fakes.process import ProviderProcess

BRIEF = Brief("Prospecting", "workshop", "Book five qualified appointments a week", specific_topics=("call opening",))
TODAY = datetime.now(UTC).date()


@pytest.fixture
def retriever(provider: ProviderProcess) -> Iterator[HttpRetriever]:
    client = HttpRetriever(provider.url, InMemoryBreaker(), timeout_s=5, retries=0)
    yield client
    client.close()


def look(retriever: HttpRetriever, **settings: float) -> Retrieval:
    return retrieve(BRIEF, retriever, today=TODAY, settings=RagSettings(**settings), now=time.monotonic)


def test_it_works(retriever: HttpRetriever) -> None:
    found = look(retriever)
    best = found.sources[0]

    assert (found.state, found.error) == (RagState.OK, "")
    assert (best.id, best.title, best.category) == ("S1", "Prospecting: field notes 1", "Prospecting")
    assert best.updated_at == TODAY - timedelta(days=88)
    assert best.score == pytest.approx(0.5 * best.similarity + 0.2 * (1 - 88 / 365) + 0.2 + 0.1, abs=1e-4)
    assert found.average_similarity == pytest.approx(sum(s.similarity for s in found.kept) / len(found.kept))


def test_live_shaped_hits_without_dates_and_categories_are_weak_and_say_so(
    provider: ProviderProcess, retriever: HttpRetriever
) -> None:
    provider.fault("search:live_scores")
    provider.fault("documents:bare_documents")
    found = look(retriever)
    weak = [source for source in found.sources if source.reason == "weak"]

    assert (found.state, found.kept) == (RagState.WEAK_MATCH, ())
    assert [source.score for source in weak] == [0.5833, 0.5833, 0.5442]
    assert all(source.title and not source.category and source.updated_at is None for source in weak)
    assert {source.reason for source in found.sources} <= {"weak", "below_threshold", "duplicate"}


@pytest.mark.parametrize(
    ("faults", "state", "error"),
    [
        (["search:empty"], RagState.NO_MATCH, ""),
        (["search:500"], RagState.UNAVAILABLE, "http_error"),
        (["search:hits_null"], RagState.UNAVAILABLE, "bad_response"),
        (["search:html"], RagState.UNAVAILABLE, "bad_response"),
        (["search:429"], RagState.UNAVAILABLE, "http_error"),
    ],
)
def test_every_answer_has_its_state(
    provider: ProviderProcess, retriever: HttpRetriever, faults: list[str], state: RagState, error: str
) -> None:
    for fault in faults:
        provider.fault(fault)
    found = look(retriever)
    assert (found.state, found.error, found.kept) == (state, error, ())


def test_without_a_catalogue_titles_fall_back_and_unknown_signals_drop_out(
    provider: ProviderProcess, retriever: HttpRetriever
) -> None:
    provider.fault("documents:500")
    best = look(retriever).sources[0]
    assert (bool(best.title), best.category, best.updated_at) == (True, "", None)
    assert best.score == pytest.approx((0.5 * best.similarity + 0.1) / 0.6, abs=1e-4)


@pytest.mark.parametrize("settings", [{"threshold": 0.99}, {"similarity_weight": 0.0, "recency_weight": 1.0}])
def test_the_settings_change_what_is_kept(retriever: HttpRetriever, settings: dict[str, float]) -> None:
    usual, changed = look(retriever), look(retriever, **settings)
    assert [(s.chunk_id, s.score, s.kept) for s in usual.sources] != [
        (s.chunk_id, s.score, s.kept) for s in changed.sources
    ]


@pytest.mark.parametrize("attack", ["injection", "forged_delimiters"])
def test_planted_chunks_are_excluded_and_shown(
    provider: ProviderProcess, retriever: HttpRetriever, attack: str
) -> None:
    provider.fault(f"search:{attack}")
    found = look(retriever)
    planted = [source for source in found.sources if source.reason == "suspicious"]
    if attack == "injection":
        assert planted
    assert not any("<<<" in source.text or "Ignore all previous" in source.text for source in found.kept)
