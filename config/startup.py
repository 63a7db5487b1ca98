"""What a process does once when it starts."""

import atexit

import structlog
from django.db import DatabaseError

from featureflags.services import apply_environment
from sessions_builder.jobs.signs_of_life import SignsOfLife, memory

log = structlog.get_logger(__name__)


def apply_flags_of_environment() -> None:
    """Apply changed flag variables. Without a database the process starts all the same: kills work without one."""
    try:
        apply_environment()
    except DatabaseError as error:
        log.warning("Flags of the environment not applied", error=type(error).__name__)


def give_signs_of_life() -> None:
    """Say that this web process runs, until it ends."""
    signs = SignsOfLife("web", memory)
    signs.start()
    atexit.register(signs.end)
