"""The pipeline's vocabulary: frozen values that travel from the brief to the finished variant. No Django, no HTTP."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol, TypeVar

from sessions_builder.errors import FailureCode

T = TypeVar("T")

WEIGHTS: Mapping[int, float] = {1: 0.8, 2: 0.5, 3: 0.2, 4: 0.0}
"""RAG weight of each variant number; fixed. Number 0 is the Standard Outline, which uses no material."""

STANDARD = 0
"""Number of the Standard Outline."""


class SectionType(StrEnum):
    OPENER = "opener"
    TOPIC = "topic"
    EXERCISE = "exercise"
    INSPIRATION = "inspiration"
    CLOSING = "closing"
    VIDEO = "video"
    DISCUSSION = "discussion"
    PRESENTATION = "presentation"
    BREAK = "break"
    ASSESSMENT = "assessment"
    CUSTOM = "custom"


class Arc(StrEnum):
    """The design arc a variant follows; fixed per variant number (confounded with its weight, and stored beside it)."""

    STANDARD = "standard"
    TELL_SHOW_DO = "tell_show_do"
    EXPERIENCE_REFLECT = "experience_reflect_concept_apply"
    STORY_FIRST = "story_first"
    SHORT_CYCLES = "short_cycles"


ARCS: Mapping[int, Arc] = {
    0: Arc.STANDARD,
    1: Arc.TELL_SHOW_DO,
    2: Arc.EXPERIENCE_REFLECT,
    3: Arc.STORY_FIRST,
    4: Arc.SHORT_CYCLES,
}


class RagState(StrEnum):
    """What became of the retrieval; the first that holds, in this order."""

    DISABLED = "disabled"
    UNAVAILABLE = "unavailable"
    NO_MATCH = "no_match"
    WEAK_MATCH = "weak_match"
    CATEGORY_RELAXED = "category_relaxed"
    OK = "ok"


class GenerationSource(StrEnum):
    RAG = "rag"
    BASELINE = "baseline"
    TEMPLATE = "template"


@dataclass(frozen=True, slots=True)
class Audience:
    name: str
    experience_level: str = ""
    technical_depth: int = 3
    communication_style: str = ""
    vocabulary_level: str = ""
    example_types: str = ""
    avoid_topics: tuple[str, ...] = ()
    instructions: str = ""


@dataclass(frozen=True, slots=True)
class Tone:
    name: str
    style: str = ""
    formality: int = 3
    energy: str = ""
    example_phrases: tuple[str, ...] = ()
    instructions: str = ""


@dataclass(frozen=True, slots=True)
class VariantProfile:
    """How one variant is to be written; number 0 is the Standard Outline."""

    number: int
    label: str
    description: str
    instruction: str

    @property
    def weight(self) -> float:
        return WEIGHTS.get(self.number, 0.0)

    @property
    def arc(self) -> Arc:
        return ARCS[self.number]


@dataclass(frozen=True, slots=True)
class Brief:
    """An author's request, validated, with the reference data it names resolved at the moment it was submitted."""

    category: str
    session_type: str
    desired_outcome: str
    duration_minutes: int = 90
    category_aliases: tuple[str, ...] = ()
    title: str = ""
    current_problem: str = ""
    specific_topics: tuple[str, ...] = ()
    start_time: str | None = None
    end_time: str | None = None
    time_zone: str = "UTC"
    audience: Audience | None = None
    audience_name: str = ""
    group_size: int = 12
    tone: Tone | None = None
    avoid_topics: tuple[str, ...] = ()
    online: bool = False
    language: str = "en"
    chosen_sources: tuple[str, ...] | None = None
    """`docId#chunkId` the author ticked; None when the author made no choice, empty for "use none"."""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """One retrieved chunk as the RAG service gave it; `score` is its raw similarity, 0..1."""

    doc_id: str
    chunk_id: str
    score: float
    snippet: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """Catalogue entry of a document: where a hit's title, category and date come from."""

    doc_id: str
    title: str = ""
    category: str = ""
    updated_at: date | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A retrieved chunk after scoring. `id` is S1…Sn for kept and weak ones (N1 for the author's notes), else ""."""

    id: str
    doc_id: str
    chunk_id: str
    title: str
    category: str
    updated_at: date | None
    similarity: float
    score: float
    text: str
    kept: bool
    reason: str
    """Why it was kept or dropped: kept, weak, chosen, notes, below_threshold, duplicate, document_limit, suspicious,
    avoided, not_chosen."""

    @property
    def excerpt(self) -> str:
        """At most 300 characters of the text, cut at a word."""
        if len(self.text) <= 300:
            return self.text
        return self.text[:299].rsplit(" ", 1)[0] + "…"


@dataclass(frozen=True, slots=True)
class Retrieval:
    """The outcome of one retrieval round, shared by all variants of a generation."""

    state: RagState
    sources: tuple[Source, ...] = ()
    """Every judged hit, best first, kept or not; only the kept ones may be shown to the model."""
    query_ms: int = 0
    hits_found: int = 0
    error: str = ""

    @property
    def available(self) -> bool:
        return self.state not in (RagState.DISABLED, RagState.UNAVAILABLE)

    @property
    def kept(self) -> tuple[Source, ...]:
        return tuple(source for source in self.sources if source.kept)

    @property
    def material(self) -> tuple[Source, ...]:
        """What was retrieved and kept: the kept sources without the author's own notes."""
        return tuple(source for source in self.kept if source.reason != "notes")

    @property
    def average_similarity(self) -> float | None:
        """Mean raw similarity of kept hits, 0..1; None when nothing was kept."""
        similarities = [source.similarity for source in self.material]
        return sum(similarities) / len(similarities) if similarities else None


@dataclass(frozen=True, slots=True)
class ContextSource:
    """A source as one variant sees it, cut to that variant's budget."""

    id: str
    title: str
    text: str
    tokens: int


@dataclass(frozen=True, slots=True)
class VariantContext:
    """The material offered to one variant."""

    number: int
    sources: tuple[ContextSource, ...] = ()

    @property
    def tokens(self) -> int:
        return sum(source.tokens for source in self.sources)

    @property
    def source_ids(self) -> frozenset[str]:
        return frozenset(source.id for source in self.sources)


@dataclass(frozen=True, slots=True)
class Step:
    text: str
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Section:
    type: SectionType
    title: str
    minutes: int
    description: str = ""
    objectives: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    activity: str = ""
    mode: str = ""
    steps: tuple[Step, ...] = ()
    materials: tuple[str, ...] = ()
    facilitator_note: str = ""
    prompts: tuple[str, ...] = ()
    source_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    title: str
    summary: str
    difficulty: str
    sections: tuple[Section, ...]

    @property
    def minutes(self) -> int:
        return sum(section.minutes for section in self.sections)


@dataclass(frozen=True, slots=True)
class Message:
    role: str
    content: str


@dataclass(frozen=True, slots=True)
class SectionAsk:
    """One section of an outline to be written anew; the others stay and are its neighbours."""

    outline: Outline
    place: int
    """Where the section stands, from 0."""
    instruction: str = ""
    """What the author wants of it; empty for "just differently"."""
    avoided: tuple[str, ...] = ()
    """Activities that were proposed before and not taken."""

    @property
    def section(self) -> Section:
        return self.outline.sections[self.place]


@dataclass(frozen=True, slots=True)
class WriteRequest:
    """One outline, or one section of one, to be written by a model (or composed offline).

    It holds all the writer needs, nothing it could look up. A section comes back as the only one of an outline.
    """

    number: int
    brief: Brief
    profile: VariantProfile
    context: VariantContext
    messages: tuple[Message, ...] = ()
    purpose: str = "outline"
    ask: SectionAsk | None = None


@dataclass(frozen=True, slots=True)
class CallRecord:
    """What one model call cost and how it ended, summed over its attempts; durations in ms."""

    purpose: str
    number: int
    model: str
    prompt_version: str
    latency_ms: int
    attempts: int
    outcome: str
    error_code: FailureCode | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    tokens_cached: int | None = None
    tokens_reasoning: int | None = None
    prompt: str = ""
    response: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """The answer to a WriteRequest: the outline as parsed (minutes not yet balanced), or the code it failed with."""

    number: int
    outline: Outline | None
    processing_ms: int
    failure: FailureCode | None = None
    calls: tuple[CallRecord, ...] = ()
    retry_after: float | None = None
    """Seconds the provider asked everyone to wait, when it did and the wait was too long for this call."""


@dataclass(frozen=True, slots=True)
class FinishedVariant:
    """A variant ready to be stored: balanced, citations checked."""

    number: int
    profile: VariantProfile
    outline: Outline | None
    generation_source: GenerationSource
    rag_effective: bool
    sources_used: int
    processing_ms: int
    model: str
    failure: FailureCode | None = None
    notes: tuple[str, ...] = ()
    calls: tuple[CallRecord, ...] = ()
    citations_removed: int = 0
    """Citations of sources this variant was not given; they count against its grounding."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one round of queries brought: hits per answered query, and why the others were not answered."""

    answers: tuple[Sequence[Hit], ...]
    """In the order of their queries, each best first."""
    causes: tuple[str, ...]
    """As in RetrievalError; "unexpected" for a bug."""
    documents: Mapping[str, Document]
    """The catalogue by id, empty when it could not be had."""

    @property
    def failed(self) -> bool:
        return not self.answers


@dataclass(frozen=True, slots=True)
class Ping:
    """Whether a knowledge source answered, ms until it did or failed, and the cause as in RetrievalError, empty if it
    did.
    """

    ok: bool
    latency_ms: int
    cause: str = ""


class Wait(Protocol):
    """Waits for what is asked elsewhere, and returns it or raises; how, is the business of who asks."""

    def __call__(self, asked: Future[T], /) -> T: ...


class Retriever(Protocol):
    """A knowledge source speaking the tribeRAG contract: the HTTP client and the built-in knowledge base alike."""

    def ask(
        self, queries: Sequence[str], *, category: str | None, deadline: float, wait: Wait = Future.result
    ) -> Round:
        """All queries and the catalogue, asked together; over by `deadline`, a time.monotonic() value.

        Raises nothing but what `wait` raises.
        """
        ...

    def ping(self) -> Ping:
        """Ask for a sign of life, past any memory; never raises."""
        ...


class RetrievalError(Exception):
    """The knowledge source did not give a usable answer.

    `cause` is one of timeout, refused, http_error, bad_response, open_circuit, too_large.
    """

    def __init__(self, cause: str, detail: str = "") -> None:
        self.cause = cause
        self.detail = detail
        super().__init__(f"{cause}: {detail}" if detail else cause)


@dataclass(frozen=True, slots=True)
class RagSettings:
    """The RAG_* settings.

    `total_timeout_s` is RAG_TIMEOUT_MS × (1 + RAG_RETRY_ATTEMPTS) in seconds, for the whole retrieval.
    """

    threshold: float = 0.65
    similarity_weight: float = 0.5
    recency_weight: float = 0.2
    category_weight: float = 0.2
    total_timeout_s: float = 20.0


class WriteHandle(Protocol):
    def cancel(self) -> None:
        """Stop the call now; its `done` may still be called, once, or never."""
        ...


class Writer(Protocol):
    """Something that writes outlines: the model client, or the offline composer."""

    def start(self, request: WriteRequest, *, deadline: float, done: Callable[[Written], None]) -> WriteHandle:
        """Begin writing and return at once. `done` is called once, from any thread, before `deadline` (monotonic)."""
        ...
