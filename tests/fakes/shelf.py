"""A knowledge source in memory, for tests of what is done with its hits."""

from collections.abc import Sequence
from concurrent.futures import Future

from sessions_builder.pipeline.retrieve import round_of
from sessions_builder.pipeline.types import Document, Hit, RetrievalError, Round, Wait


class Shelf:
    """Answers every query with the same hits, or the same trouble."""

    def __init__(self, hits: Sequence[Hit] | RetrievalError, documents: Sequence[Document] = ()) -> None:
        self.hits = hits
        self.catalogue = {document.doc_id: document for document in documents}
        self.queries: list[tuple[str, str | None]] = []

    def ask(
        self, queries: Sequence[str], *, category: str | None, deadline: float, wait: Wait = Future.result
    ) -> Round:
        self.queries += [(query, category) for query in queries]
        return round_of([self.hits] * len(queries), self.catalogue)
