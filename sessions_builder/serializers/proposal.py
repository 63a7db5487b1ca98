"""A proposal as the API shows it: the section as it was beside the one proposed, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from sessions_builder.errors import FAILURE_SENTENCES, FailureCode
from sessions_builder.models import SectionProposal, WriterKind
from sessions_builder.serializers.fields import SeveralLines, trimmed
from sessions_builder.serializers.times import iso
from sessions_builder.serializers.validation import Body

OF_A_SECTION: Mapping[FailureCode, str] = {
    FailureCode.MALFORMED_OUTPUT: "The writing service answered with something that is not a section.",
    FailureCode.OUTPUT_TOO_LONG: "The writing service ran out of room before the section was complete.",
    FailureCode.FILTERED: "The writing service's content filter stopped this section.",
    FailureCode.REFUSED: "The writing service declined to write this section.",
}
NEXT: Mapping[FailureCode, str] = {
    FailureCode.REFUSED: "Ask for it in other words, or take an activity from the library.",
    FailureCode.FILTERED: "Ask for it in other words, or take an activity from the library.",
    FailureCode.PROVIDER_CONFIG: "Take an activity from the library until staff have mended it.",
    FailureCode.PROVIDER_RATE_LIMITED: "Try again in a minute, or take an activity from the library.",
}
OTHERWISE = "Try again, or take an activity from the library."
LABELS = {WriterKind.MODEL: "AI", WriterKind.OFFLINE: "From the activity library, no AI"}


class Regeneration(Body):
    """What the author wants of the section; nothing asks for another way to the same objectives."""

    instruction: Annotated[str, trimmed(500), SeveralLines] = ""


def accepted_proposal_to_wire(proposal: SectionProposal) -> dict[str, Any]:
    """What answers the request: where to look for the result."""
    return {"proposalId": str(proposal.pk), "state": proposal.state, "statusUrl": proposal_url(proposal)}


def proposal_url(proposal: SectionProposal) -> str:
    """Where the proposal is polled, as a path."""
    return f"/api/sessions/{proposal.session_id}/proposals/{proposal.pk}"


def proposal_to_wire(proposal: Any) -> dict[str, Any]:
    """The whole proposal, as `proposal_of` reads it. `before` is the section as it was when this was asked for."""
    cited = set(proposal.section["sourceIds"]) if proposal.section else set()
    return {
        "id": str(proposal.pk),
        "sessionId": str(proposal.session_id),
        "sectionId": proposal.section_id,
        "state": proposal.state,
        "writer": proposal.writer,
        "label": LABELS[WriterKind(proposal.writer)],
        "instruction": proposal.instruction,
        "before": proposal.before,
        "section": proposal.section,
        "sources": [source for source in proposal.excerpts if source["id"] in cited],
        "notes": proposal.notes,
        "error": _error(proposal.error_code),
        "createdAt": iso(proposal.created_at),
        "finishedAt": iso(proposal.finished_at),
    }


def _error(code: str | None) -> dict[str, str] | None:
    """The named cause, that nothing was changed, and what to do now."""
    if not code:
        return None
    known = FailureCode(code) if code in set(FailureCode) else FailureCode.INTERNAL_ERROR
    what = OF_A_SECTION.get(known, FAILURE_SENTENCES[known])
    return {"code": known.value, "message": f"{what} Your section is unchanged. {NEXT.get(known, OTHERWISE)}"}
