"""The pipeline's values as JSON (camelCase, as stored and as the API shows them) and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sessions_builder.pipeline.types import (
    Audience,
    Brief,
    Outline,
    RagState,
    Retrieval,
    Section,
    SectionType,
    Source,
    Step,
    Tone,
    VariantProfile,
)

Wire = dict[str, Any]


def outline_to_wire(outline: Outline) -> Wire:
    """The outline as the API shows it; ids and locks of sections belong to the editor and are not in it."""
    return {
        "title": outline.title,
        "summary": outline.summary,
        "difficulty": outline.difficulty,
        "sections": [section_to_wire(section) for section in outline.sections],
    }


def outline_from_wire(data: Mapping[str, Any]) -> Outline:
    """The inverse of `outline_to_wire`. Raises KeyError or ValueError for what it cannot have written."""
    return Outline(
        title=data["title"],
        summary=data.get("summary", ""),
        difficulty=data.get("difficulty", ""),
        sections=tuple(section_from_wire(section) for section in data["sections"]),
    )


def section_to_wire(section: Section) -> Wire:
    return {
        "type": section.type.value,
        "title": section.title,
        "minutes": section.minutes,
        "description": section.description,
        "objectives": list(section.objectives),
        "purposes": list(section.purposes),
        "activity": section.activity,
        "mode": section.mode,
        "steps": [{"text": step.text, "minutes": step.minutes} for step in section.steps],
        "materials": list(section.materials),
        "facilitatorNote": section.facilitator_note,
        "prompts": list(section.prompts),
        "sourceIds": list(section.source_ids),
    }


def section_from_wire(data: Mapping[str, Any]) -> Section:
    """The inverse of `section_to_wire`; names it does not know, such as the editor's `id` and `locked`, are ignored."""
    return Section(
        type=SectionType(data["type"]),
        title=data["title"],
        minutes=data["minutes"],
        description=data.get("description", ""),
        objectives=tuple(data.get("objectives", ())),
        purposes=tuple(data.get("purposes", ())),
        activity=data.get("activity", ""),
        mode=data.get("mode", ""),
        steps=tuple(Step(step["text"], step.get("minutes")) for step in data.get("steps", ())),
        materials=tuple(data.get("materials", ())),
        facilitator_note=data.get("facilitatorNote", ""),
        prompts=tuple(data.get("prompts", ())),
        source_ids=tuple(data.get("sourceIds", ())),
    )


def source_to_wire(source: Source) -> Wire:
    """The source with its whole text, for storage; what is shown to people carries `excerpt` instead of `text`."""
    return {
        "id": source.id,
        "docId": source.doc_id,
        "chunkId": source.chunk_id,
        "title": source.title,
        "category": source.category,
        "updatedAt": source.updated_at.isoformat() if source.updated_at else None,
        "similarity": source.similarity,
        "score": source.score,
        "text": source.text,
        "excerpt": source.excerpt,
        "kept": source.kept,
        "reason": source.reason,
    }


def source_from_wire(data: Mapping[str, Any]) -> Source:
    updated_at = data.get("updatedAt")
    return Source(
        id=data["id"],
        doc_id=data["docId"],
        chunk_id=data["chunkId"],
        title=data["title"],
        category=data["category"],
        updated_at=date.fromisoformat(updated_at) if updated_at else None,
        similarity=data["similarity"],
        score=data["score"],
        text=data["text"],
        kept=data["kept"],
        reason=data["reason"],
    )


def retrieval_to_wire(retrieval: Retrieval) -> Wire:
    return {
        "state": retrieval.state.value,
        "sources": [source_to_wire(source) for source in retrieval.sources],
        "queryMs": retrieval.query_ms,
        "hitsFound": retrieval.hits_found,
        "error": retrieval.error,
    }


def retrieval_from_wire(data: Mapping[str, Any]) -> Retrieval:
    return Retrieval(
        state=RagState(data["state"]),
        sources=tuple(source_from_wire(source) for source in data["sources"]),
        query_ms=data["queryMs"],
        hits_found=data["hitsFound"],
        error=data["error"],
    )


def brief_to_wire(brief: Brief) -> Wire:
    """The brief with its resolved audience and tone, complete: what is stored when a generation is submitted."""
    return {
        "title": brief.title,
        "category": brief.category,
        "categoryAliases": list(brief.category_aliases),
        "sessionType": brief.session_type,
        "desiredOutcome": brief.desired_outcome,
        "currentProblem": brief.current_problem,
        "specificTopics": list(brief.specific_topics),
        "durationMinutes": brief.duration_minutes,
        "startTime": brief.start_time,
        "endTime": brief.end_time,
        "timeZone": brief.time_zone,
        "audience": _audience_to_wire(brief.audience) if brief.audience else None,
        "audienceName": brief.audience_name,
        "groupSize": brief.group_size,
        "tone": _tone_to_wire(brief.tone) if brief.tone else None,
        "avoidTopics": list(brief.avoid_topics),
        "online": brief.online,
        "language": brief.language,
        "chosenSources": None if brief.chosen_sources is None else list(brief.chosen_sources),
        "notes": brief.notes,
    }


def brief_from_wire(data: Mapping[str, Any]) -> Brief:
    """The inverse of `brief_to_wire`; a missing name gets the brief's default, a missing required one KeyError."""
    default = Brief(data["category"], data["sessionType"], data["desiredOutcome"])
    audience, tone, chosen = data.get("audience"), data.get("tone"), data.get("chosenSources")
    return Brief(
        category=default.category,
        session_type=default.session_type,
        desired_outcome=default.desired_outcome,
        duration_minutes=data.get("durationMinutes", default.duration_minutes),
        category_aliases=_texts(data.get("categoryAliases")),
        title=data.get("title", default.title),
        current_problem=data.get("currentProblem", default.current_problem),
        specific_topics=_texts(data.get("specificTopics")),
        start_time=data.get("startTime"),
        end_time=data.get("endTime"),
        time_zone=data.get("timeZone", default.time_zone),
        audience=_audience_from_wire(audience) if audience else None,
        audience_name=data.get("audienceName", default.audience_name),
        group_size=data.get("groupSize", default.group_size),
        tone=_tone_from_wire(tone) if tone else None,
        avoid_topics=_texts(data.get("avoidTopics")),
        online=data.get("online", default.online),
        language=data.get("language", default.language),
        chosen_sources=None if chosen is None else tuple(chosen),
        notes=data.get("notes", default.notes),
    )


def profile_to_wire(profile: VariantProfile) -> Wire:
    return {
        "number": profile.number,
        "label": profile.label,
        "description": profile.description,
        "instruction": profile.instruction,
    }


def profile_from_wire(data: Mapping[str, Any]) -> VariantProfile:
    return VariantProfile(data["number"], data["label"], data["description"], data["instruction"])


def _audience_to_wire(audience: Audience) -> Wire:
    return {
        "name": audience.name,
        "experienceLevel": audience.experience_level,
        "technicalDepth": audience.technical_depth,
        "communicationStyle": audience.communication_style,
        "vocabularyLevel": audience.vocabulary_level,
        "exampleTypes": audience.example_types,
        "avoidTopics": list(audience.avoid_topics),
        "instructions": audience.instructions,
    }


def _audience_from_wire(data: Mapping[str, Any]) -> Audience:
    return Audience(
        name=data["name"],
        experience_level=data.get("experienceLevel", ""),
        technical_depth=data.get("technicalDepth", 3),
        communication_style=data.get("communicationStyle", ""),
        vocabulary_level=data.get("vocabularyLevel", ""),
        example_types=data.get("exampleTypes", ""),
        avoid_topics=_texts(data.get("avoidTopics")),
        instructions=data.get("instructions", ""),
    )


def _tone_to_wire(tone: Tone) -> Wire:
    return {
        "name": tone.name,
        "style": tone.style,
        "formality": tone.formality,
        "energy": tone.energy,
        "examplePhrases": list(tone.example_phrases),
        "instructions": tone.instructions,
    }


def _tone_from_wire(data: Mapping[str, Any]) -> Tone:
    return Tone(
        name=data["name"],
        style=data.get("style", ""),
        formality=data.get("formality", 3),
        energy=data.get("energy", ""),
        example_phrases=_texts(data.get("examplePhrases")),
        instructions=data.get("instructions", ""),
    )


def _texts(values: Sequence[str] | None) -> tuple[str, ...]:
    return tuple(values or ())
