from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest

from sessions_builder.pipeline.query import queries
from sessions_builder.pipeline.retrieve import choose, retrieve
from sessions_builder.pipeline.types import Brief, RagSettings, RagState, Retrieval, RetrievalError, Retriever
from tests.sessions_builder.pipeline.builders import (
    TIMED_OUT,
    TODAY,
    FakeRetriever,
    a_brief,
    a_document,
    a_hit,
)


def retrieved(brief: Brief, retriever: Retriever | None, *, now: Callable[[], float] = lambda: 100.0) -> Retrieval:
    return retrieve(brief, retriever, today=TODAY, settings=RagSettings(), now=now)


def test_it_works() -> None:
    retriever = FakeRetriever(default=[a_hit()], catalogue={"d1": a_document(title="Calls", category="Prospecting")})
    retrieval = retrieved(a_brief(), retriever)
    assert (retrieval.state, retrieval.hits_found, retrieval.available) == (RagState.OK, 1, True)
    assert [(source.id, source.title) for source in retrieval.kept] == [("S1", "Calls")]
    assert [query for query, _, _ in retriever.asked] == list(queries(a_brief()))
    assert {(category, deadline) for _, category, deadline in retriever.asked} == {("Prospecting", 120.0)}


def test_without_a_retriever_it_is_disabled() -> None:
    assert retrieved(a_brief(), None) == Retrieval(RagState.DISABLED)
    with_notes = retrieved(a_brief(notes="Mine."), None)
    assert [source.id for source in with_notes.kept] == ["N1"]
    assert not with_notes.available


def test_all_queries_failing_is_unavailable_with_the_cause() -> None:
    retriever = FakeRetriever(default=TIMED_OUT)
    retrieval = retrieved(a_brief(), retriever)
    assert (retrieval.state, retrieval.error, retrieval.available) == (RagState.UNAVAILABLE, "timeout", False)
    assert {category for _, category, _ in retriever.asked} == {"Prospecting"}, "no second round against a dead service"


def test_some_queries_failing_uses_what_came() -> None:
    brief = a_brief()
    retriever = FakeRetriever(hits={(queries(brief)[1], "Prospecting"): [a_hit()]}, default=RetrievalError("refused"))
    retrieval = retrieved(brief, retriever)
    assert (retrieval.state, retrieval.hits_found, retrieval.error) == (RagState.OK, 1, "")


def test_no_hit_in_the_category_asks_once_more_without() -> None:
    brief = a_brief()
    retriever = FakeRetriever(hits={(query, None): [a_hit()] for query in queries(brief)})
    retrieval = retrieved(brief, retriever)
    assert retrieval.state is RagState.CATEGORY_RELAXED
    assert [category for _, category, _ in retriever.asked] == ["Prospecting"] * 5 + [None] * 5
    assert len({deadline for _, _, deadline in retriever.asked}) == 1, "both rounds share one deadline"


def test_nothing_anywhere_is_no_match() -> None:
    retrieval = retrieved(a_brief(), FakeRetriever())
    assert (retrieval.state, retrieval.sources, retrieval.hits_found) == (RagState.NO_MATCH, (), 0)


def test_hits_too_poor_to_show_are_no_match() -> None:
    retrieval = retrieved(a_brief(), FakeRetriever(default=[a_hit(score=0.003)]))
    assert (retrieval.state, retrieval.hits_found) == (RagState.NO_MATCH, 1)


@pytest.mark.parametrize("relaxed", [False, True])
def test_live_shaped_hits_are_a_weak_match(relaxed: bool) -> None:
    scores = [0.5, 0.5, 0.453, 0.4, 0.3, 0.2, 0.1, 0.003]
    hits = [a_hit(f"{n:032x}", score=score) for n, score in enumerate(scores)]
    brief = a_brief()
    retriever = FakeRetriever(hits={(query, None if relaxed else "Prospecting"): hits for query in queries(brief)})
    retrieval = retrieved(brief, retriever)
    assert retrieval.state is RagState.WEAK_MATCH
    assert retrieval.kept == ()
    assert retrieval.average_similarity is None
    assert [source.id for source in retrieval.sources if source.reason == "weak"] == ["S1", "S2", "S3"]


def test_ticked_weak_sources_are_used_and_the_state_stays_honest() -> None:
    retrieval = retrieved(a_brief(chosen_sources=("d1#1",)), FakeRetriever(default=[a_hit(score=0.5)]))
    assert retrieval.state is RagState.WEAK_MATCH
    assert [source.reason for source in retrieval.kept] == ["chosen"]


def test_ticking_none_does_not_hide_what_was_found() -> None:
    retrieval = retrieved(a_brief(chosen_sources=()), FakeRetriever(default=[a_hit()]))
    assert (retrieval.state, retrieval.kept) == (RagState.OK, ())


def test_a_missing_catalogue_costs_titles_only() -> None:
    retrieval = retrieved(a_brief(), FakeRetriever(default=[a_hit(score=0.9)], catalogue=RetrievalError("http_error")))
    assert retrieval.state is RagState.OK
    assert (retrieval.kept[0].title, retrieval.kept[0].updated_at) == ("", None)


def test_no_time_left_for_the_second_round_is_unavailable() -> None:
    clock = itertools.count(start=0, step=30)
    retriever = FakeRetriever()
    retrieval = retrieved(a_brief(), retriever, now=lambda: float(next(clock)))
    assert (retrieval.state, retrieval.error) == (RagState.UNAVAILABLE, "timeout")
    assert len(retriever.asked) == 5


def test_a_failing_second_round_is_unavailable() -> None:
    brief = a_brief()
    retriever = FakeRetriever(hits={(query, None): RetrievalError("refused") for query in queries(brief)})
    assert retrieved(brief, retriever).error == "refused"


def test_errors_of_our_own_are_logged_and_do_not_lose_the_generation(caplog: pytest.LogCaptureFixture) -> None:
    retrieval = retrieved(a_brief(), FakeRetriever(default=KeyError("x")))
    assert (retrieval.state, retrieval.error) == (RagState.UNAVAILABLE, "unexpected")
    assert "Unexpected error in the knowledge source" in caplog.text


def test_query_time_is_in_milliseconds() -> None:
    clock = iter([10.0, 10.412])
    assert retrieved(a_brief(), FakeRetriever(default=[a_hit()]), now=lambda: next(clock)).query_ms == 412


def test_average_similarity_is_of_kept_hits_without_notes() -> None:
    hits = [a_hit("a", score=0.9), a_hit("b", score=0.8), a_hit("c", score=0.1)]
    retrieval = retrieved(a_brief(notes="Mine."), FakeRetriever(default=hits))
    assert retrieval.average_similarity == pytest.approx(0.85)


def test_ticks_apply_to_a_preview_without_asking_again() -> None:
    preview = retrieved(a_brief(notes="Old."), FakeRetriever(default=[a_hit("a"), a_hit("b", score=0.8)]))
    chosen = choose(a_brief(chosen_sources=("b#1",), notes="New."), preview)
    assert [(source.id, source.doc_id) for source in chosen.kept] == [("N1", "notes"), ("S1", "b")]
    assert (chosen.state, chosen.hits_found) == (preview.state, preview.hits_found)
    assert chosen.kept[0].text == "New."
