"""What a process does once when it starts."""

import structlog
from django.db import DatabaseError

from featureflags.services import apply_environment

log = structlog.get_logger(__name__)


def apply_flags_of_environment() -> None:
    """Apply changed flag variables. Without a database the process starts all the same: kills work without one."""
    try:
        apply_environment()
    except DatabaseError as error:
        log.warning("Flags of the environment not applied", error=type(error).__name__)
