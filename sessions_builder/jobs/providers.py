"""What a worker process has one of:

its leases, its writers, and what all processes know of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from featureflags.evaluation import Reason
from featureflags.flags import decide
from sessions_builder.clients.llm import ModelWriter
from sessions_builder.errors import FailureCode
from sessions_builder.jobs.leases import LeaseKeeper
from sessions_builder.jobs.provider_state import MODEL, SharedBreaker
from sessions_builder.models import WriterKind
from sessions_builder.offline.writer import OfflineWriter
from sessions_builder.pipeline.types import Writer

MULTI_VARIANT_FLAG = "variant_generation_v2"
KILLS = (Reason.ENVIRONMENT_KILL, Reason.FLAG_DISABLED)


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody a flag is decided for, when all that is at hand is their id."""

    pk: int


def several_switched_off() -> bool:
    """Whether writing several variants was killed for everybody, whatever was decided when a generation was made."""
    return decide(MULTI_VARIANT_FLAG).reason in KILLS


leases = LeaseKeeper(switched_off=several_switched_off)
model_breaker = SharedBreaker(MODEL)


@cache
def model_writer() -> ModelWriter:
    """The model client of this process; it runs its own event loop thread."""
    return ModelWriter()


@cache
def offline_writer() -> OfflineWriter:
    return OfflineWriter()


def writer(kind: str) -> Writer:
    """The writer of a generation: the model client or the offline composer."""
    return offline_writer() if kind == WriterKind.OFFLINE else model_writer()


def note_model_result(failure: FailureCode | None) -> None:
    """Tell the breaker how a call to the model went: only trouble that no retry mends counts."""
    if failure is None:
        model_breaker.record_success()
    elif failure is FailureCode.PROVIDER_CONFIG:
        model_breaker.record_failure(failure.value)
