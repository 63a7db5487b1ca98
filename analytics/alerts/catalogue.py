"""Which alerts there are, and what to do about each."""

from dataclasses import dataclass

from analytics.models import Severity


@dataclass(frozen=True, slots=True)
class AlertKind:
    """One kind of trouble: its name, how bad it is, its title, and what a person should do next."""

    name: str
    severity: Severity
    title: str
    next_step: str


_kinds: dict[str, AlertKind] = {}


def define(name: str, severity: Severity, title: str, next_step: str) -> AlertKind:
    """Make a kind of alert known and return it; a second definition of a name replaces the first."""
    kind = _kinds[name] = AlertKind(name, severity, title, next_step)
    return kind


def kind_of(name: str) -> AlertKind:
    """Return what is known of a kind; a kind nobody has defined is critical and says only its name.

    What follows a colon says which of several things it is about (`ramp_paused:variant_generation_v2`).
    """
    known = _kinds.get(name.partition(":")[0])
    return known or AlertKind(name, Severity.CRITICAL, name.replace("_", " ").capitalize(), "")


RAG_DOWN = define(
    "rag_down",
    Severity.CRITICAL,
    "RAG service completely down",
    "Check the RAG service's health at /api/rag/health. Generations go on without retrieved material.",
)
ALL_VARIANTS_FAILED = define(
    "all_variants_failed",
    Severity.CRITICAL,
    "All variants of a generation failed",
    "Check the model provider's status and quota. Turn the flag off, or to a lower percentage, if it goes on.",
)
SELECTION_NOT_LOGGED = define(
    "selection_not_logged",
    Severity.CRITICAL,
    "Selections cannot be logged",
    "Check the database. Authors' choices are kept; statistics miss them until this is over.",
)
RAG_FAILURE_RATE = define(
    "rag_failure_rate",
    Severity.WARNING,
    "More than 10 % of RAG queries fail",
    "Look at RAG availability on the dashboard and at the service's logs.",
)
SLOW_GENERATIONS = define(
    "slow_generations",
    Severity.WARNING,
    "Generations take more than 30 s",
    "Look at the times of model calls; check the provider's status; raise the similarity threshold for less context.",
)
LOW_RAG_SELECTION = define(
    "low_rag_selection",
    Severity.WARNING,
    "Fewer than 30 % choose a variant with retrieved material",
    "Review similarity scores, category matches and the content of the knowledge base.",
)
