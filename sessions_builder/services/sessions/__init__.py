"""What an author can do with a training session. Every write to its content carries the version it was made on."""

from sessions_builder.services.sessions.editing import session_create, session_update
from sessions_builder.services.sessions.ideas import idea_delete, idea_from_session, idea_from_variant, idea_note
from sessions_builder.services.sessions.mixing import idea_insert, section_import
from sessions_builder.services.sessions.proposals import (
    proposal_accept,
    proposal_of,
    proposal_reject,
    section_regenerate,
    undecided_proposals,
)
from sessions_builder.services.sessions.publishing import (
    session_archive,
    session_duplicate,
    session_publish,
    session_unpublish,
)
from sessions_builder.services.sessions.ratings import session_rate
from sessions_builder.services.sessions.removal import session_delete
from sessions_builder.services.sessions.sections import (
    section_add,
    section_delete,
    section_update,
    sections_reorder,
    session_balance,
)
from sessions_builder.services.sessions.versions import version_compare, version_name, version_restore, versions_of

__all__ = [
    "idea_delete",
    "idea_from_session",
    "idea_from_variant",
    "idea_insert",
    "idea_note",
    "proposal_accept",
    "proposal_of",
    "proposal_reject",
    "section_add",
    "section_delete",
    "section_import",
    "section_regenerate",
    "section_update",
    "sections_reorder",
    "session_archive",
    "session_balance",
    "session_create",
    "session_delete",
    "session_duplicate",
    "session_publish",
    "session_rate",
    "session_unpublish",
    "session_update",
    "undecided_proposals",
    "version_compare",
    "version_name",
    "version_restore",
    "versions_of",
]
