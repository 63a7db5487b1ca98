"""Two hundred different briefs, the same ones every time, and requests for them."""

from __future__ import annotations

import random
from collections.abc import Iterator

from sessions_builder.offline.composer import compose
from sessions_builder.pipeline.types import Brief as Brief
from sessions_builder.pipeline.types import (
    ContextSource,
    Outline,
    VariantContext,
    VariantProfile,
    WriteRequest,
)

OUTCOMES = (
    "Book five qualified appointments per week using a short phone script",
    "Give clear feedback in weekly one-to-ones",
    "Explain the coming reorganisation and answer difficult questions calmly",
    "Agree three priorities for next year and the measures that show progress",
    "Mediate a dispute between two team members",
    "New managers hold a 15-minute coaching talk with each team member",
    "By the end of the session, participants will be able to handle price objections with confidence.",
    "Better cooperation between sales and service so that fewer complaints reach management",
    "To reduce onboarding time from twelve weeks to eight",
    "Sales team leads can run a pipeline review in 30 minutes",
    "Diagnose problems and plan next steps",
    "Improved customer retention in the retail segment",
    "Pass the state licence exam on the first attempt",
)
PROBLEMS = (
    "",
    "New advisors avoid calling and lose confidence after objections",
    "rumours spread faster than facts",
    "Meetings run late, decisions are postponed and nobody feels responsible",
)
TOPICS = (
    (),
    ("call opening", "objection handling", "referral request"),
    ("SMART goals",),
    ("market review", "strengths", "priorities", "measures"),
    ("How do I handle silence?", "Active listening"),
    ("Ask for referrals", "GDPR", "Kotter's eight steps", "open questions", "note taking", "closing the talk"),
)
CATEGORIES = ("Leadership Development", "Prospecting", "Change Management", "Onboarding", "Life Insurance", "Licensing")
SESSION_TYPES = ("workshop", "training", "webinar", "event")
DURATIONS = (15, 20, 30, 37, 45, 47, 60, 75, 90, 101, 120, 150, 180, 240, 300, 360, 480)
GROUPS = (1, 2, 5, 8, 12, 13, 20, 40, 120, 400)
SOURCES = (
    ContextSource(
        "S1", "Booking by phone", "Stand up when you call.\n\nBooking the appointment is the only aim of it.", 40
    ),
    ContextSource("S2", "Objections", "Every objection deserves a clarifying question before any answer is given.", 30),
    ContextSource("S3", "Referrals", "A referral request is easiest right after the client has said thank you.", 30),
)


def briefs(count: int = 200, seed: int = 11) -> Iterator[Brief]:
    """So many briefs: all session types and categories, a quarter of an hour to a day, groups of 1 to 400."""
    draw = random.Random(seed)
    for place in range(count):
        yield Brief(
            category=CATEGORIES[place % len(CATEGORIES)],
            session_type=SESSION_TYPES[place % len(SESSION_TYPES)],
            desired_outcome=draw.choice(OUTCOMES),
            duration_minutes=draw.choice(DURATIONS),
            current_problem=draw.choice(PROBLEMS),
            specific_topics=draw.choice(TOPICS),
            group_size=draw.choice(GROUPS),
            online=draw.random() < 0.3,
            audience_name=draw.choice(("", "New managers", "EMEA Sales Team")),
        )


def request(brief: Brief, number: int, sources: tuple[ContextSource, ...] = SOURCES) -> WriteRequest:
    """A request for one variant, with as many of the sources as its weight allows."""
    profile = VariantProfile(number, f"Variant {number}", "", "")
    return WriteRequest(number, brief, profile, VariantContext(number, sources[: round(10 * profile.weight)]))


def outlines(brief: Brief) -> dict[int, Outline]:
    """All five outlines of a brief by number."""
    return {number: compose(request(brief, number)) for number in range(5)}
