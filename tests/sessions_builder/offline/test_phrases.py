"""How an author's words are put into sentences."""

from __future__ import annotations

import pytest

from sessions_builder.offline.phrases import clauses, gerund, goal_of, inside, joined, noun_phrase, quoted


def test_it_works() -> None:
    goal = goal_of("Explain the coming reorganisation and answer difficult questions calmly.")
    assert goal.can == "explain the coming reorganisation and answer difficult questions calmly"
    assert [action.gerund for action in goal.actions] == [
        "explaining the coming reorganisation",
        "answering difficult questions calmly",
    ]


@pytest.mark.parametrize(
    ("outcome", "can"),
    [
        ("Give clear feedback in weekly one-to-ones", "give clear feedback in weekly one-to-ones"),
        ("By the end of the day, participants will be able to handle objections", "handle objections"),
        ("New managers hold a coaching talk", "hold a coaching talk"),
        ("Sales team leads can run a pipeline review", "run a pipeline review"),
        ("To reduce onboarding time", "reduce onboarding time"),
        ("Help first-time managers to delegate work", "delegate work"),
        ("IBM consultants use SAP to close the books", "use SAP to close the books"),
        ("Confidently present the results to the board", "confidently present the results to the board"),
        ("Plan a project. Then run it.", "plan a project"),
        ("Lead generation improves by 20 %", ""),
        ("Better cooperation between sales and service", ""),
        ("Everyone leaves with a plan", ""),
        ("Die Teilnehmenden führen Gespräche sicher", ""),
        ("🙂 !!! ???", ""),
    ],
)
def test_an_outcome_becomes_a_verb_phrase_only_when_it_clearly_is_one(outcome: str, can: str) -> None:
    assert goal_of(outcome).can == can


@pytest.mark.parametrize(
    ("topic", "phrase"),
    [
        ("Objection Handling", "objection handling"),
        ("SMART goals", "SMART goals"),
        ("GDPR", "GDPR"),
        ("Kotter's eight steps", "Kotter's eight steps"),
        ("Excel basics", "Excel basics"),
        ("Ask for referrals", "asking for referrals"),
        ("Open questions", "open questions"),
        ("How do I handle silence?", "“How do I handle silence?”"),
        ('Say "no" kindly, and mean it, whatever the other person answers then', None),
    ],
)
def test_topics_keep_their_names_and_fit_a_sentence(topic: str, phrase: str | None) -> None:
    assert noun_phrase(topic) == (phrase or quoted(topic))


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("Leadership Development", "leadership development"),
        ("New managers", "new managers"),
        ("EMEA Sales Team", "EMEA Sales Team"),
        ("London team", "London team"),
    ],
)
def test_only_everyday_words_lose_their_capital(phrase: str, expected: str) -> None:
    assert inside(phrase) == expected


@pytest.mark.parametrize(
    ("base", "form"),
    [
        ("plan a day", "planning a day"),
        ("write a note", "writing a note"),
        ("agree on goals", "agreeing on goals"),
        ("be clear", "being clear"),
        ("clearly say no", "clearly saying no"),
        ("tie a knot", "tying a knot"),
    ],
)
def test_gerunds(base: str, form: str) -> None:
    assert gerund(base) == form


def test_pieces_are_short_and_from_the_text() -> None:
    pieces = goal_of("Agree three priorities for next year and the measures that show progress").pieces
    assert pieces[0] == "agree three priorities"
    assert all(2 <= len(piece.split()) <= 6 for piece in pieces)


def test_a_piece_cut_inside_a_phrase_says_so() -> None:
    pieces = goal_of("Hold a coaching talk with each of their people every month").pieces
    assert pieces == ("hold a coaching talk", "with each of their people…")


def test_clauses_and_lists() -> None:
    assert clauses("Meetings run late, decisions are postponed; nobody minds") == (
        "Meetings run late",
        "decisions are postponed",
        "nobody minds",
    )
    assert joined(["a", "b", "c"]) == "a, b and c"
    assert joined(["a"]) == "a"
