"""A worker process from start to shutdown: warm clients first, signs of life, and time to finish at the end."""

from __future__ import annotations

import os
import resource
import socket
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone

from sessions_builder.jobs import knowledge_source, providers
from sessions_builder.jobs.leases import Interruption
from sessions_builder.models import ProcessHeartbeat, WriterKind

log = structlog.get_logger(__name__)

BEAT_SECONDS = 10.0
STATM = Path("/proc/self/statm")


def beat(kind: str, **details: Any) -> None:
    """Leave a sign of life of this process."""
    name = f"{kind}:{socket.gethostname()}:{os.getpid()}"
    ProcessHeartbeat.objects.update_or_create(name=name, defaults={"kind": kind, "seen_at": Now(), "details": details})


def forget_old_beats() -> int:
    """Drop the signs of life of processes that have been silent for a day; return how many."""
    deleted, _ = ProcessHeartbeat.objects.filter(seen_at__lt=timezone.now() - timedelta(days=1)).delete()
    return deleted


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
    threading.Thread(target=_keep_beating, name="worker-beat", daemon=True).start()


def shut_down_worker() -> None:
    """Give running generations WORKER_GRACE_SECONDS to end, then make them give back what they hold."""
    threading.Thread(target=_interrupt_after_grace, name="worker-grace", daemon=True).start()


def _interrupt_after_grace() -> None:
    until = time.monotonic() + settings.WORKER_GRACE_SECONDS
    while providers.leases.held and time.monotonic() < until:
        time.sleep(0.1)
    log.info("Worker stops", unfinished=providers.leases.held)
    providers.leases.interrupt_all(Interruption.SHUTDOWN)


def _memory() -> dict[str, int]:
    """Resident memory in MB, where the system tells it (Linux)."""
    try:
        pages = int(STATM.read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return {}
    return {"memoryMb": pages * resource.getpagesize() // 2**20}


def _keep_beating() -> None:
    while True:
        try:
            beat("worker", held=providers.leases.held, **_memory())
        except DatabaseError as error:
            log.warning("No sign of life could be left", error=type(error).__name__)
        finally:
            connection.close()
        time.sleep(BEAT_SECONDS)
