"""What an author can do with a training session. Every write carries the version it was made on."""

from sessions_builder.services.sessions.editing import session_create, session_update
from sessions_builder.services.sessions.publishing import (
    session_archive,
    session_duplicate,
    session_publish,
    session_unpublish,
)
from sessions_builder.services.sessions.removal import session_delete
from sessions_builder.services.sessions.sections import (
    section_add,
    section_delete,
    section_update,
    sections_reorder,
    session_balance,
)

__all__ = [
    "section_add",
    "section_delete",
    "section_update",
    "sections_reorder",
    "session_archive",
    "session_balance",
    "session_create",
    "session_delete",
    "session_duplicate",
    "session_publish",
    "session_unpublish",
    "session_update",
]
