"""What the built-in knowledge base finds, and that it finds nothing where there is nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from sessions_builder.knowledge.ingest import store
from sessions_builder.knowledge.search import search, similarity
from sessions_builder.knowledge.seeds import seed_documents
from sessions_builder.models import Category, KnowledgeDocument
from sessions_builder.models.knowledge import DocumentStatus
from sessions_builder.pipeline.score import final_score
from sessions_builder.pipeline.types import RagSettings

TODAY = date(2026, 11, 23)
THRESHOLD = 0.65
GOOD = [
    ("Leadership Development", "Hold a coaching conversation of fifteen minutes in weekly one-to-ones", "coaching"),
    ("Communication Skills", "Listen actively and ask open questions in client conversations", "listening"),
    ("Change Management", "Explain the coming reorganisation and answer difficult questions calmly", "Announcing"),
    ("Conflict Resolution", "Mediate a dispute between two team members", "Mediating"),
    ("Prospecting", "Book five qualified appointments per week using a short phone script call opening", "phone"),
    ("Objection Handling", "Respond to objections with a clarifying question and stay calm", "objections"),
    ("Recruiting", "Interview candidates with structured questions and rate the answers on a scale", "interviews"),
    ("Onboarding", "Plan the first ninety days of a new employee with a buddy", "ninety days"),
    ("Investments", "Explain investment risk to clients so that they stay calm when the portfolio falls", "risk"),
    ("Strategic Planning", "Choose three priorities for the year and decide what to stop doing for them", "priorities"),
]
UNRELATED = [
    "Bake a chocolate cake with raspberry icing",
    "Repair a leaking bicycle tyre on the road",
    "Configure a Kubernetes cluster with Terraform",
    "Identify alpine wildflowers on a mountain hike",
    "Play the blues scale on an acoustic guitar",
    "Prune apple trees in late winter",
    "Translate Sanskrit poetry into Portuguese",
    "Calibrate a mass spectrometer for protein samples",
    "Swim front crawl with bilateral breathing",
    "Knit a pair of woollen socks with a gusset heel",
]


def score_of(similar: float, document: KnowledgeDocument, category: str) -> float:
    age = (TODAY - document.updated_at.date()).days
    return final_score(similar, age, document.category == category, RagSettings())


@pytest.fixture
def library(db: None) -> None:
    seed_documents()


@pytest.mark.usefixtures("library")
def test_it_works() -> None:
    best = search("answering objections calmly")[0]
    assert best.title == "Answering objections calmly"
    assert best.similarity > 0.8


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(("category", "outcome", "title_word"), GOOD)
def test_a_good_match_passes_the_default_threshold(category: str, outcome: str, title_word: str) -> None:
    best = search(f"{category} {outcome}", category)[0]
    assert title_word in best.title
    document = KnowledgeDocument.objects.get(pk=best.document_id)
    assert score_of(best.similarity, document, category) >= THRESHOLD


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("outcome", UNRELATED)
def test_an_unrelated_query_does_not(outcome: str) -> None:
    """Not even for the youngest possible document in the brief's own category."""
    found = [*search(outcome), *search(outcome, "Onboarding")]
    best = max((one.similarity for one in found), default=0.0)
    assert final_score(best, 0, True, RagSettings()) < THRESHOLD


@pytest.mark.usefixtures("library")
def test_every_seeded_category_has_a_document() -> None:
    assert KnowledgeDocument.objects.values("category").distinct().count() == 18


@pytest.mark.usefixtures("library")
def test_the_category_filter_knows_aliases() -> None:
    Category.objects.create(name="Hiring People", aliases=["Recruiting"])
    found = search("structured interviews with candidates", "hiring people")
    assert {KnowledgeDocument.objects.get(pk=one.document_id).category for one in found} == {"Recruiting"}


@pytest.mark.usefixtures("library")
def test_an_archived_document_is_not_found() -> None:
    document = KnowledgeDocument.objects.get(title="Answering objections calmly")
    document.status = DocumentStatus.ARCHIVED
    document.save()
    assert document.wire_id not in {one.document_id for one in search("answering objections calmly")}


@pytest.mark.django_db
def test_words_english_makes_nothing_of_are_found_as_written() -> None:
    store(KnowledgeDocument(title="Who is it", body="Who are we, and what for?", updated_at=datetime.now(UTC)))
    assert search("who are we")[0].title == "Who is it"


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(
    "query", ["", "   ", "'", "\\", "a' | 'b", "it's \\' : * & ! ()", "\x00", "😀", "%s %(x)s {0}"]
)
def test_odd_queries_are_answered(query: str) -> None:
    assert len(search(query)) <= 20


@pytest.mark.usefixtures("library")
def test_one_statement_finds_it(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        search("coaching conversation", "Leadership Development")
    with django_assert_num_queries(2):  # type: ignore[operator]
        search("zzzz qqqq")


@pytest.mark.parametrize(
    ("share", "matched", "words", "expected"),
    [(0.7, 5, 10, 1.0), (0.35, 5, 10, 0.5), (0.9, 8, 10, 1.0), (1.0, 1, 1, 1.0), (0.5, 1, 2, 0.3), (0.14, 1, 10, 0.12)],
)
def test_similarity(share: float, matched: int, words: int, expected: float) -> None:
    assert similarity(share, matched, words) == pytest.approx(expected)
