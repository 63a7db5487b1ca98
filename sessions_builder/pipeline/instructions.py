"""The words that make one variant different from the next: its design arc, and how far it leans on the sources."""

from __future__ import annotations

import math
from collections.abc import Mapping

from sessions_builder.pipeline.types import Arc

ARC_INSTRUCTIONS: Mapping[Arc, str] = {
    Arc.STANDARD: (
        "Design arc: the classic one. Open, present the essentials, let the group practise them, discuss what they "
        "noticed, check what was learned and close with the transfer to the job."
    ),
    Arc.TELL_SHOW_DO: (
        "Design arc: tell, show, do. Explain an idea briefly, demonstrate it on a real case, then have everyone do it "
        "with feedback; repeat for each main topic before checking and closing."
    ),
    Arc.EXPERIENCE_REFLECT: (
        "Design arc: experience, reflect, concept, apply. Start with a task the group can attempt at once, reflect on "
        "what happened, draw the concept out of it, then apply the concept to a case of their own."
    ),
    Arc.STORY_FIRST: (
        "Design arc: story first. Open with a story that holds the problem, let the group take it apart, come back to "
        "it after each practice, and end it together."
    ),
    Arc.SHORT_CYCLES: (
        "Design arc: short cycles. Many small rounds, each with one idea, one try and one look back, each round a "
        "little harder than the last."
    ),
}

CITING_QUOTA: Mapping[float, float] = {0.8: 0.6, 0.5: 0.4, 0.2: 0.15, 0.0: 0.0}
"""Least share of content sections that cite a source, by RAG weight."""


def reliance_instruction(weight: float, *, has_sources: bool) -> str:
    """How far to lean on the sources at this RAG weight, with the share of content sections that has to cite."""
    if weight <= 0:
        return (
            "Write freely from good training practice. Do not claim or hint at any source, study, document or "
            "handbook; leave sourceIds empty in every section."
        )
    if not has_sources:
        return "No material was found for this brief. Write from good training practice and leave sourceIds empty."
    quota = f"Cite sources in at least {math.ceil(CITING_QUOTA[weight] * 100)} % of the content sections."
    if weight >= 0.8:
        return (
            "Anchor this outline in the sources: build the content sections on them and keep their terms. Where they "
            f"leave a gap, fill it and name the gap in the facilitator note. {quota}"
        )
    if weight >= 0.5:
        return f"Blend half and half: take what the sources do well and add as much from training practice. {quota}"
    return f"Use the sources as a spark only: take one or two ideas from them and make the rest your own. {quota}"
