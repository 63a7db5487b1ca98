from __future__ import annotations

import pytest

from sessions_builder.pipeline.diversify import diversify, jaccard, shingles
from tests.sessions_builder.pipeline.builders import a_source

CALLS = "Open the call with a genuine reason and ask one short question before you talk about yourself."
TRUST = "Trust grows when small promises are kept on time and mistakes are named by the one who made them."
SCRIPT = "Write the script as you would say it, read it aloud, then cut half of the words in every line."


def test_it_works() -> None:
    picked = diversify([a_source("a", text=CALLS), a_source("b", text=TRUST, score=0.8)])
    assert [(source.id, source.kept, source.reason) for source in picked] == [("a", True, "kept"), ("b", True, "kept")]


def test_near_duplicates_are_dropped() -> None:
    picked = diversify([a_source("a", text=CALLS), a_source("b", text=CALLS + " Indeed.", score=0.8)])
    assert [(source.id, source.reason) for source in picked] == [("a", "kept"), ("b", "duplicate")]


def test_a_document_gives_three_chunks_at_most() -> None:
    texts = [CALLS, TRUST, SCRIPT, "Referrals are easiest right after a client has said what went well for them."]
    picked = diversify([a_source(str(n), doc_id="same", text=text) for n, text in enumerate(texts)])
    assert [source.reason for source in picked] == ["kept", "kept", "kept", "document_limit"]


def test_something_new_beats_something_slightly_better() -> None:
    half_same = " ".join([*CALLS.split()[:12], *TRUST.split()[:6]])
    picked = diversify(
        [
            a_source("first", text=CALLS, score=0.90),
            a_source("similar", text=half_same, score=0.80),
            a_source("new", text=TRUST, score=0.75),
        ]
    )
    assert [source.id for source in picked] == ["first", "new", "similar"]


def test_nothing_in_nothing_out() -> None:
    assert diversify([]) == []


def test_ties_go_to_the_earlier() -> None:
    assert [source.id for source in diversify([a_source("a", text=CALLS), a_source("b", text=TRUST)])] == ["a", "b"]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("a b c d", "a b c d", 1.0),
        ("A b, c d", "a b c D!", 1.0),
        ("a b c d", "a b c e", 1 / 3),
        ("a b c", "x y z", 0.0),
        ("a", "a", 1.0),
        ("", "a b c", 0.0),
    ],
)
def test_similarity(one: str, other: str, expected: float) -> None:
    assert jaccard(shingles(one), shingles(other)) == pytest.approx(expected)
