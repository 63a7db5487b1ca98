"""What the OpenAPI document says of the addresses of training sessions."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema

from sessions_builder.exports.document import Audience
from sessions_builder.exports.registry import FORMATS
from sessions_builder.models import SessionState
from sessions_builder.pipeline.types import SectionType
from sessions_builder.serializers import session_shapes as shapes
from sessions_builder.serializers.proposal import Regeneration
from sessions_builder.serializers.session_bodies import (
    Balance,
    NewSection,
    Order,
    SectionChanges,
    SessionChanges,
    SessionStart,
    Versioned,
)
from sessions_builder.serializers.session_extras import Idea, Import, Rating, VersionName
from sessions_builder.views.docs import PAGING, answer_header, body_of, query

SESSIONS = "Training sessions"
LOCATION = answer_header("Location", "Where the new session is.", 201)
VERSION = query("version", "The version this write was made on.", type="integer", minimum=0, required=True)


def _described(operation: str, summary: str, **more: Any) -> Any:
    """An operation on sessions; it answers the whole session unless said otherwise."""
    return extend_schema(
        operation_id=operation, tags=[SESSIONS], summary=summary, **{"responses": shapes.SessionAnswer, **more}
    )


session_list = _described(
    "session_list",
    "Own sessions, last changed first",
    responses=shapes.SessionPage,
    parameters=[query("state", "Only those in this state.", type="string", enum=SessionState.values), *PAGING],
)
session_create = _described(
    "session_create",
    "Write a session from scratch",
    request=body_of(SessionStart),
    responses={201: shapes.SessionAnswer},
    parameters=[LOCATION],
)
session_detail = _described("session_detail", "One session")
session_update = _described("session_update", "Change a session", request=body_of(SessionChanges))
session_delete = _described(
    "session_delete",
    "Delete a session",
    responses={204: None},
    parameters=[query("version", "Delete only if this is still the current version.", type="integer", minimum=0)],
)
session_export = _described(
    "session_export",
    "A session as a file to hand over",
    responses={(200, form.content_type.partition(";")[0]): OpenApiTypes.BINARY for form in FORMATS.values()},
    parameters=[
        query("format", "What kind of file.", type="string", required=True, enum=list(FORMATS)),
        query("audience", "Whom it is for.", type="string", enum=list(Audience), default=Audience.FACILITATOR),
        answer_header("Content-Disposition", "`attachment` with the name of the file.", 200),
    ],
)
session_balance = _described("session_balance", "Fit the sections to the minutes", request=body_of(Balance))
session_readiness = _described("session_readiness", "What is still missing", responses=shapes.ReadinessAnswer)
session_quality = _described(
    "session_quality", "How good it is, and what would make it better", responses=shapes.AdviceAnswer
)
session_publish = _described("session_publish", "Publish a session that is ready", request=body_of(Versioned))
session_unpublish = _described("session_unpublish", "Make it a draft again", request=body_of(Versioned))
session_archive = _described("session_archive", "Put a session out of sight", request=body_of(Versioned))
session_duplicate = _described(
    "session_duplicate",
    "Copy a session into a new draft",
    request=None,
    responses={201: shapes.SessionAnswer},
    parameters=[LOCATION],
)
section_add = _described("section_add", "Add a section", request=body_of(NewSection))
section_update = _described("section_update", "Change a section", request=body_of(SectionChanges))
section_delete = _described(
    "section_delete", "Remove a section", responses={200: shapes.SessionAnswer}, parameters=[VERSION]
)
sections_reorder = _described("sections_reorder", "Put the sections in order", request=body_of(Order))
section_import = _described("section_import", "Bring in a section of another version", request=body_of(Import))
version_list = _described(
    "version_list", "What the session was, latest first", responses=shapes.VersionPage, parameters=PAGING
)
version_name = _described(
    "version_name", "Name a version", request=body_of(VersionName), responses={200: shapes.VersionAnswer}
)
version_diff = _described(
    "version_diff",
    "What differs between two versions",
    responses=shapes.DiffAnswer,
    parameters=[query("against", "`current`, `previous` or a number.", type="string", default="current")],
)
version_restore = _described("version_restore", "Go back to a version", request=body_of(Versioned))
rating_detail = _described("rating_detail", "Your rating of a session", responses=shapes.RatingAnswer)
rating_put = _described("rating_put", "Rate a session", request=body_of(Rating), responses={200: shapes.RatingAnswer})
idea_list = _described("idea_list", "Saved ideas, newest first", responses=shapes.IdeaPage, parameters=PAGING)
idea_save = _described("idea_save", "Keep an idea", request=body_of(Idea), responses={201: shapes.IdeaAnswer})
idea_delete = _described("idea_delete", "Forget an idea", responses={204: None})
activity_list = _described(
    "activity_list",
    "Activities that suit",
    responses=shapes.ActivityList,
    parameters=[
        query("type", "For this type of section.", type="string", enum=[kind.value for kind in SectionType]),
        query("minutes", "That work in so many minutes.", type="integer", minimum=1, maximum=480),
        query("groupSize", "That work with so many people.", type="integer", minimum=1, maximum=1000),
        query("online", "Only those that work in a video call.", type="boolean", default=False),
    ],
)
section_regenerate = _described(
    "section_regenerate",
    "Have a section written anew",
    request=body_of(Regeneration),
    responses={202: shapes.AcceptedProposal},
    parameters=[
        answer_header("Location", "Where the proposal is polled.", 202),
        answer_header("Retry-After", "Seconds until the first poll is worth it.", 202),
    ],
)
proposal_list = _described("proposal_list", "Proposals that are not decided", responses=shapes.ProposalList)
proposal_detail = _described(
    "proposal_detail",
    "Watch a proposal",
    responses=shapes.ProposalAnswer,
    parameters=[answer_header("Retry-After", "Seconds until the next poll; missing once it is over.", 200)],
)
proposal_accept = _described("proposal_accept", "Take a proposal", request=body_of(Versioned))
proposal_reject = _described("proposal_reject", "Leave a proposal", request=None, responses={204: None})
