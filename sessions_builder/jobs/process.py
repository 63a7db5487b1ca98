"""A worker process from start to shutdown: warm clients first, signs of life, and time to finish at the end."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import Any

import structlog
from django.conf import settings
from django.db import connection

from sessions_builder.jobs import knowledge_source, providers
from sessions_builder.jobs.leases import Interruption
from sessions_builder.jobs.signs_of_life import SignsOfLife, memory
from sessions_builder.models import WriterKind

log = structlog.get_logger(__name__)


def _details() -> Mapping[str, Any]:
    return {"held": providers.leases.held, **memory()}


signs = SignsOfLife("worker", _details)


def start_worker() -> None:
    """Make the first generation as fast as the others:

    build the client, read the flags, open a connection; then keep beating.
    """
    providers.several_switched_off()
    if settings.OPENAI_API_KEY or settings.OPENAI_BASE_URL:
        providers.model_writer().warm()
    providers.writer(WriterKind.OFFLINE)
    knowledge_source.retriever()
    connection.close()
    signs.start()


def shut_down_worker() -> None:
    """Give running generations WORKER_GRACE_SECONDS to end, then make them give back what they hold."""
    threading.Thread(target=_interrupt_after_grace, name="worker-grace", daemon=True).start()


def leave_worker() -> None:
    """Everything has ended or been given back."""
    signs.end()


def _interrupt_after_grace() -> None:
    until = time.monotonic() + settings.WORKER_GRACE_SECONDS
    while providers.leases.held and time.monotonic() < until:
        time.sleep(0.1)
    log.info("Worker stops", unfinished=providers.leases.held)
    providers.leases.interrupt_all(Interruption.SHUTDOWN)
