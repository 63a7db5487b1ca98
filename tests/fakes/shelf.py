"""A knowledge source in memory, for tests of what is done with its hits."""

from collections.abc import Mapping, Sequence

from sessions_builder.pipeline.types import Document, Hit, RetrievalError


class Shelf:
    """Answers every query with the same hits, or the same trouble."""

    def __init__(self, hits: Sequence[Hit] | RetrievalError, documents: Sequence[Document] = ()) -> None:
        self.hits = hits
        self.catalogue = {document.doc_id: document for document in documents}
        self.queries: list[tuple[str, str | None]] = []

    def search(self, query: str, *, category: str | None, deadline: float) -> Sequence[Hit]:
        self.queries.append((query, category))
        if isinstance(self.hits, RetrievalError):
            raise self.hits
        return self.hits

    def documents(self, *, deadline: float) -> Mapping[str, Document]:
        return self.catalogue
