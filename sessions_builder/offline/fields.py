"""What kind of ability a brief is about, as far as its words tell: some activities are made for some fields only."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sessions_builder.pipeline.types import Brief

FIELDS: Mapping[str, tuple[str, ...]] = {
    "conversation": (
        "call",
        "phone",
        "talk",
        "conversation",
        "feedback",
        "coach",
        "listen",
        "objection",
        "negotiat",
        "interview",
        "mediat",
        "conflict",
        "dispute",
        "referral",
        "appointment",
        "client meeting",
        "one-to-one",
        "complain",
        "pitch",
        "prospect",
        "closing",
        "answer",
        "appraisal",
    ),
    "change": ("change", "reorgani", "transform", "resist", "merger", "rollout", "stakeholder", "adopt"),
    "planning": ("plan", "priorit", "strateg", "goal", "measure", "budget", "risk", "decision", "decid", "project"),
    "ideas": ("idea", "innovat", "creativ", "design", "improve", "develop", "campaign"),
    "writing": ("write", "writing", "e-mail", "email", "report", "script", "wording", "proposal", "present", "message"),
    "workload": (
        "time management",
        "workload",
        "priorit",
        "delegat",
        "inbox",
        "deadline",
        "organis",
        "organiz",
        "stress",
    ),
    "persuasion": (
        "objection",
        "sell",
        "sales",
        "negotiat",
        "price",
        "persuad",
        "convinc",
        "closing",
        "prospect",
        "doubt",
    ),
}
"""Beginnings of words that show a field."""


def fields_of(brief: Brief) -> frozenset[str]:
    """The fields whose words occur in the category, outcome, problem or topics of a brief."""
    said = (brief.category, brief.desired_outcome, brief.current_problem, *brief.specific_topics)
    text = " ".join(said).casefold()
    return frozenset(
        field for field, stems in FIELDS.items() if any(re.search(rf"\b{re.escape(stem)}", text) for stem in stems)
    )
