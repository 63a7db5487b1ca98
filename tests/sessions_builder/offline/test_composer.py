"""What holds for every composed outline, shown on two hundred briefs."""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
import sys
from dataclasses import replace

import pytest

from sessions_builder.offline.activities import minutes_by_name
from sessions_builder.offline.composer import compose
from sessions_builder.offline.quotes import quotes_for
from sessions_builder.offline.writer import OfflineWriter
from sessions_builder.pipeline.build import finish
from sessions_builder.pipeline.diversity import diversity
from sessions_builder.pipeline.quality import quality
from sessions_builder.pipeline.types import (
    Audience,
    Brief,
    ContextSource,
    GenerationSource,
    RagState,
    Retrieval,
    SectionType,
    Source,
    Tone,
    Written,
)
from tests.sessions_builder.offline.briefs import SESSION_TYPES, SOURCES, briefs, outlines, request

BRIEF = Brief(
    "Prospecting",
    "workshop",
    "Book five qualified appointments per week using a short phone script",
    current_problem="New advisors avoid calling and lose confidence after objections",
    specific_topics=("call opening", "objection handling", "referral request"),
    audience_name="New financial advisors",
)
OUTER = {SectionType.OPENER, SectionType.CLOSING, SectionType.BREAK}
PRINT_DIGEST = """
import hashlib
from tests.sessions_builder.offline.test_composer import BRIEF
from tests.sessions_builder.offline.briefs import outlines
print(hashlib.sha256(repr(outlines(BRIEF)).encode()).hexdigest())
"""


def test_it_works() -> None:
    outline = compose(request(BRIEF, 1))
    assert outline.minutes == 90
    assert outline.sections[0].type is SectionType.OPENER
    assert outline.sections[-1].type is SectionType.CLOSING
    assert "participants can book five qualified appointments per week" in outline.summary
    assert all(section.steps and section.objectives for section in outline.sections if section.type not in OUTER)


@pytest.mark.parametrize("hash_seed", ["0", "1", "4711"])
def test_the_same_bytes_whatever_the_hash_seed(hash_seed: str) -> None:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    command = [sys.executable, "-c", PRINT_DIGEST]
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == hashlib.sha256(repr(outlines(BRIEF)).encode()).hexdigest()


def test_it_needs_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the composer opened a socket")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)
    assert outlines(BRIEF)


def test_two_hundred_briefs_are_composed_well() -> None:
    for brief in briefs():
        composed = outlines(brief)
        for number, outline in composed.items():
            assert outline.minutes == brief.duration_minutes
            names = [section.activity for section in outline.sections]
            assert len(names) == len(set(names))
            score = quality(outline, brief, minutes_by_name())
            assert score.score >= 70, (brief, number, score)
        variety = diversity({number: outline for number, outline in composed.items() if number})
        assert variety is not None
        assert variety.mean >= 0.6, (brief, variety)
        assert not variety.near_duplicates, (brief, variety)


def test_every_length_comes_out_exactly() -> None:
    for minutes in range(15, 481):
        session_type = SESSION_TYPES[minutes % len(SESSION_TYPES)]
        outline = compose(request(replace(BRIEF, session_type=session_type, duration_minutes=minutes), minutes % 5))
        assert outline.minutes == minutes
        assert all(section.minutes >= 1 for section in outline.sections)
        for section in outline.sections:
            assert not section.steps or sum(step.minutes or 0 for step in section.steps) == section.minutes


@pytest.mark.parametrize("minutes", [120, 150, 180, 240, 300, 360, 420, 480])
@pytest.mark.parametrize("session_type", SESSION_TYPES)
def test_nobody_sits_longer_than_105_minutes_without_a_break(session_type: str, minutes: int) -> None:
    for outline in outlines(replace(BRIEF, session_type=session_type, duration_minutes=minutes)).values():
        stretch = longest = 0
        for section in outline.sections:
            stretch = 0 if section.type is SectionType.BREAK else stretch + section.minutes
            longest = max(longest, stretch)
        assert longest <= 105


def test_four_variants_share_no_activity_while_others_fit() -> None:
    for brief in (BRIEF, replace(BRIEF, session_type="webinar", online=True, group_size=30)):
        chosen = [
            section.activity for number, outline in outlines(brief).items() if number for section in outline.sections
        ]
        assert len(chosen) == len(set(chosen))


@pytest.mark.parametrize(("number", "least"), [(1, 0.6), (2, 0.4), (3, 0.15)])
def test_enough_sections_quote_a_source(number: int, least: float) -> None:
    many = tuple(
        ContextSource(
            f"S{place}",
            f"Source {place}",
            f"Point {place} of a call opening, an objection and a referral request holds.",
            20,
        )
        for place in range(1, 11)
    )
    for minutes in (30, 60, 90, 240):
        sections = compose(request(replace(BRIEF, duration_minutes=minutes), number, many)).sections
        content = [section for section in sections if section.type not in OUTER]
        assert sum(bool(section.source_ids) for section in content) >= least * len(content)


def test_a_quotation_is_a_sentence_of_the_source_it_names() -> None:
    texts = {source.id: source.text for source in SOURCES}
    quoting = [section for section in compose(request(BRIEF, 1)).sections if section.source_ids]
    assert quoting
    for section in quoting:
        sentences = texts[section.source_ids[0]].split("\n\n")
        assert any(sentence in section.description for sentence in sentences)


INVOICES = ContextSource(
    "S1",
    "Onboarding invoices",
    "New suppliers are given a number before their first invoice is paid.\n\n"
    "Send every invoice to the finance team by the fifth of the month.",
    30,
)
FEEDBACK = replace(
    BRIEF,
    desired_outcome="Managers give each team member helpful feedback every month",
    current_problem="",
    specific_topics=("Giving feedback",),
)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_source_about_something_else_is_not_quoted(number: int) -> None:
    sections = compose(request(FEEDBACK, number, (INVOICES,))).sections
    assert not any(section.source_ids for section in sections)
    assert "invoice" not in repr(sections).casefold()


@pytest.mark.parametrize(
    ("title", "text", "topic", "suits"),
    [
        (
            "Feedback that lands",
            "The observer listens for one thing only, a sentence of facts.",
            "giving feedback",
            True,
        ),
        ("Talks", "Feedback that comes within days can still be used.", "giving feedback", True),
        (
            "Talks",
            "Feedback is always due within days.\n\nBook the room for the talk well ahead.",
            "giving feedback",
            True,
        ),
        ("Talks", "An active manager walks through the office twice every day.", "active listening", False),
        ("Talks", "Listening is active when it ends with a question.", "active listening", True),
        ("Talks", "Count to two silently before you answer a client.", "answering difficult questions calmly", False),
        ("Talks", "We give a new team member the first month to settle in.", "giving each member more time", False),
        ("Talks", "Any sentence of any passage would do for no subject.", "", False),
    ],
)
def test_what_a_source_is_about_is_told_by_half_of_the_words(title: str, text: str, topic: str, suits: bool) -> None:
    offered = ContextSource("S1", title, text, 30)
    found = quotes_for((offered,), {0: (topic,)}, "", (), most=1)
    assert bool(found) is suits
    assert not any("Book the room" in quote.text for quote in found.values())


@pytest.mark.parametrize("brief", [replace(FEEDBACK, chosen_sources=("d1#0",)), replace(FEEDBACK, notes="Invoices.")])
def test_what_the_author_ticked_or_wrote_is_quoted_whatever_it_is_about(brief: Brief) -> None:
    offered = replace(INVOICES, id="N1" if brief.notes else "S1")
    quoting = [section for section in compose(request(brief, 1, (offered,))).sections if section.source_ids]
    assert len(quoting) == 2


def test_the_highest_weight_cites_every_ticked_source() -> None:
    many = tuple(
        ContextSource(f"S{at}", f"Invoices {at}", f"Invoice {at} is paid within a week.", 30) for at in range(1, 5)
    )
    brief = replace(FEEDBACK, chosen_sources=("d1#0", "d2#0", "d3#0", "d4#0"), duration_minutes=180)
    cited = {source_id for section in compose(request(brief, 1, many)).sections for source_id in section.source_ids}
    assert cited == {"S1", "S2", "S3", "S4"}


@pytest.mark.parametrize("number", [0, 4])
def test_no_source_without_weight(number: int) -> None:
    offered = replace(request(BRIEF, number), context=request(BRIEF, 1).context)
    assert not any(section.source_ids for section in compose(offered).sections)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        (
            "Tell every client “I will call you on Friday.” What it led to was trust.",
            "“Tell every client ‘I will call you on Friday.’”",
        ),
        (
            "He said “Wait. Let the other person finish the thought first.” A pause helps both of them to think.",
            "“A pause helps both of them to think.”",
        ),
    ],
)
def test_a_quotation_keeps_the_marks_inside_it_in_pairs(text: str, quote: str) -> None:
    offered = ContextSource("S1", "Calls", text, 30)
    assert quotes_for((offered,), {0: ("calls",)}, "", (), most=1)[0].text == quote


@pytest.mark.parametrize(
    "sentence",
    [
        "They turn a question about calls into hidden advice.",
        "New managers slip most often on calls in three ways.",
        "Before calls, the manager prepares the following points.",
        "This is why calls should be short and friendly.",
    ],
)
def test_a_sentence_that_leans_on_others_is_not_quoted(sentence: str) -> None:
    offered = ContextSource("S1", "Calls", f"{sentence} Short calls are remembered longer than long ones.", 30)
    found = quotes_for((offered,), {0: ("calls",), 1: ("calls",)}, "", (), most=2)
    assert [quote.text for quote in found.values()] == ["“Short calls are remembered longer than long ones.”"]


def test_variants_quote_different_sentences_while_there_are_others() -> None:
    text = "Calls open with a name and a smile. Calls close with one clear next step. Calls need a quiet room first."
    offered = ContextSource("S1", "Calls", text, 30)
    quotes = [quotes_for((offered,), {0: ("calls",)}, "", (), most=1, number=number)[0] for number in (1, 2, 3)]
    assert len({quote.text for quote in quotes}) == 3


def test_no_piece_of_the_outcome_is_cut_and_nobody_hears_of_a_brief() -> None:
    brief = replace(
        BRIEF,
        desired_outcome="Hold a coaching talk with each of their people every month",
        current_problem="Talks are put off; nobody takes notes; advice comes too soon; people stay silent",
    )
    for number in range(5):
        described = " ".join(section.description for section in compose(request(brief, number)).sections)
        assert "each of their people…" not in described
        assert "the brief" not in described


def test_what_is_to_be_avoided_stays_out() -> None:
    brief = replace(
        BRIEF,
        avoid_topics=("role play",),
        audience=Audience("Advisors", avoid_topics=("objection handling", "stand up")),
        duration_minutes=240,
    )
    for outline in outlines(brief).values():
        said = repr(outline).casefold()
        for phrase in ("role play", "objection handling", "stand up when"):
            assert phrase not in said


def test_online_sessions_use_what_works_online() -> None:
    for outline in outlines(replace(BRIEF, online=True, duration_minutes=480)).values():
        assert "Walking break" not in [section.activity for section in outline.sections]
        assert any("breakout rooms" in section.facilitator_note for section in outline.sections)


def test_a_calm_tone_is_calmer_than_an_energetic_one() -> None:
    moods = {
        energy: {
            section.activity for section in compose(request(replace(BRIEF, tone=Tone("T", energy=energy)), 2)).sections
        }
        for energy in ("calm", "energetic")
    }
    assert moods["calm"] != moods["energetic"]


@pytest.mark.parametrize(
    ("experience", "level"),
    [
        ("", ""),
        ("New to selling", "beginner"),
        ("renewal desk", ""),
        ("Some years on the phone", "intermediate"),
        ("Senior advisers", "advanced"),
        ("mixed: newcomers and experts", ""),
    ],
)
def test_the_level_is_what_the_audience_is_said_to_know(experience: str, level: str) -> None:
    told = replace(BRIEF, audience=Audience("Advisors", experience_level=experience, technical_depth=5))
    assert compose(request(told, 1)).difficulty == level
    assert compose(request(BRIEF, 1)).difficulty == ""


def test_another_language_is_said_first() -> None:
    assert compose(request(replace(BRIEF, language="de-AT"), 1)).summary.startswith("The draft is written in English;")
    assert "translate it" not in compose(request(replace(BRIEF, language="en-GB"), 1)).summary


def test_the_authors_title_is_kept() -> None:
    assert compose(request(replace(BRIEF, title="Call day"), 3)).title == "Call day"


def test_the_writer_calls_done_once_and_the_result_is_a_template() -> None:
    answers: list[Written] = []
    asked = request(BRIEF, 1)
    OfflineWriter().start(asked, deadline=0.0, done=answers.append).cancel()
    (written,) = answers
    sources = tuple(
        Source(s.id, f"d{s.id}", "0", s.title, "", None, 0.9, 0.9, s.text, kept=True, reason="kept") for s in SOURCES
    )
    variant = finish(written, asked, Retrieval(RagState.OK, sources), writer_is_offline=True)
    assert variant.generation_source is GenerationSource.TEMPLATE
    assert variant.rag_effective
    assert variant.outline == written.outline
