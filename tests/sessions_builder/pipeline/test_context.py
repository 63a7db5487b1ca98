from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_builder.pipeline.context import budget, context_for, cut, estimate_tokens, source_limit
from sessions_builder.pipeline.types import RagState
from tests.sessions_builder.pipeline.builders import a_retrieval, a_source

SENTENCE = "Ask one question and wait for the whole answer before you go on. "


def test_it_works() -> None:
    context = context_for(1, a_retrieval(a_source("S1"), a_source("S2", kept=False, reason="below_threshold")))
    assert [source.id for source in context.sources] == ["S1"]
    assert context.tokens == estimate_tokens(a_source().text)


@pytest.mark.parametrize(("weight", "tokens", "sources"), [(0.8, 2400, 8), (0.5, 1500, 5), (0.2, 600, 2), (0.0, 0, 0)])
def test_weight_sets_budget_and_number(weight: float, tokens: int, sources: int) -> None:
    assert (budget(weight), source_limit(weight)) == (tokens, sources)


@pytest.mark.parametrize(("number", "sources"), [(0, 0), (1, 8), (2, 5), (3, 2), (4, 0)])
def test_each_variant_gets_its_share(number: int, sources: int) -> None:
    retrieval = a_retrieval(*(a_source(f"S{n}") for n in range(1, 21)))
    assert len(context_for(number, retrieval).sources) == sources


@pytest.mark.parametrize(("number", "most"), [(1, 2400), (2, 1500), (3, 600)])
@pytest.mark.parametrize("sentences", [5, 30, 200])
def test_budgets_hold(number: int, most: int, sentences: int) -> None:
    retrieval = a_retrieval(*(a_source(f"S{n}", text=SENTENCE * sentences) for n in range(1, 21)))
    context = context_for(number, retrieval)
    assert 0 < context.tokens <= most
    assert all(source.tokens == estimate_tokens(source.text) <= most // 2 for source in context.sources)


def test_sources_are_cut_at_a_sentence_end() -> None:
    (source,) = context_for(3, a_retrieval(a_source(text=SENTENCE * 100))).sources
    assert source.text.endswith("go on.")
    assert len(source.text) < len(SENTENCE * 100)


def test_what_does_not_fit_is_skipped_and_the_next_gets_its_chance() -> None:
    long = [a_source(f"S{n}", text=SENTENCE * 40) for n in (1, 2, 3)]
    context = context_for(2, a_retrieval(*long, a_source("S4", text=SENTENCE * 2)))
    assert [source.id for source in context.sources] == ["S1", "S2", "S4"]


def test_notes_are_part_of_the_material() -> None:
    notes = a_source("N1", reason="notes", text="Our own script.")
    context = context_for(1, a_retrieval(notes, state=RagState.DISABLED))
    assert context.source_ids == {"N1"}


@pytest.mark.parametrize(
    ("text", "tokens"),
    [("", 0), ("hello world", 3), ("a b c d", 5), ("!!!!", 2), ("x" * 400, 100), ("日本語", 2), ("naïve", 2)],
)
def test_token_estimate(text: str, tokens: int) -> None:
    assert estimate_tokens(text) == tokens


@pytest.mark.parametrize(
    ("text", "tokens", "expected"),
    [
        ("Short.", 50, "Short."),
        ("One two three. Four five six.", 5, "One two three."),
        ("First line\nsecond line that is long enough to be cut", 4, "First line"),
        ("なるほど。" * 20, 10, "なるほど。なるほど。"),
        ("", 10, ""),
    ],
)
def test_cutting(text: str, tokens: int, expected: str) -> None:
    assert cut(text, tokens) == expected


@given(st.text(max_size=600), st.integers(min_value=2, max_value=100))
def test_a_cut_text_fits(text: str, tokens: int) -> None:
    assert estimate_tokens(cut(text, tokens)) <= tokens


def test_one_endless_word_is_cut_too() -> None:
    shortened = cut("x" * 1_000_000, 120)
    assert shortened.endswith("…")
    assert 100 < estimate_tokens(shortened) <= 120
