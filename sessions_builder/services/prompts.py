"""What the model is told about a variant, shown with an example brief before anybody depends on it."""

from __future__ import annotations

from sessions_builder.pipeline.build import request_for
from sessions_builder.pipeline.types import Brief, RagState, Retrieval, Source, VariantProfile

EXAMPLE = Brief(
    category="Prospecting",
    session_type="workshop",
    desired_outcome="Book five qualified appointments a week with a short phone script",
    current_problem="New advisors put off calling and give up after the first objection",
    specific_topics=("call opening", "objection handling"),
    audience_name="Advisors in their first year",
)
TEXTS = (
    (
        "Opening a call",
        "Say who you are and why you call in one honest sentence. Then ask if it is a good moment.",
    ),
    ("Objections", "An objection is a request for reasons. Repeat it in your own words before you answer it."),
)
NONCE = "example"
"""In a real request these are sixteen random digits."""


def prompt_preview(*, number: int, label: str, instruction: str) -> str:
    """The messages of a request for this variant, with an example brief and two example sources."""
    profile = VariantProfile(number, label, "", instruction)
    request = request_for(number, EXAMPLE, profile, _material(), NONCE)
    return "\n\n".join(f"[{message.role}]\n{message.content}" for message in request.messages)


def _material() -> Retrieval:
    sources = tuple(
        Source(f"S{place}", f"d{place}", "1", title, "Prospecting", None, 0.9, 0.9, text, kept=True, reason="kept")
        for place, (title, text) in enumerate(TEXTS, start=1)
    )
    return Retrieval(RagState.OK, sources)
