"""Section descriptions: what happens, what it is about, and what it owes to the brief and the sources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, cycle

from sessions_builder.offline import frames
from sessions_builder.offline.dice import shuffled
from sessions_builder.offline.phrases import Phrases, quoted
from sessions_builder.offline.plan import Place
from sessions_builder.offline.quotes import Quote
from sessions_builder.offline.words import BOUNDARIES
from sessions_builder.pipeline.types import SectionType

VARIANTS = 5
ACTIVE = frozenset({SectionType.EXERCISE, SectionType.DISCUSSION, SectionType.ASSESSMENT})
LONGEST_GOAL = 24
FEW_SECTIONS = 2
"""With so few content sections each of them brings in two sentences from the brief, input included."""


class Prose:
    """Writes the descriptions of one outline. No sentence comes twice while there are others."""

    def __init__(self, seed: str, number: int, phrases: Phrases, content_sections: int) -> None:
        self.seed, self.number, self.phrases = seed, number, phrases
        self.few = content_sections <= FEW_SECTIONS
        groups = {sentences: self._endless(sentences) for sentences in frames.LINKS.values()}
        self.links = {kind: groups[sentences] for kind, sentences in frames.LINKS.items()}
        self.quotes = self._endless(frames.QUOTES)
        self.extras = self._extras()

    def description(self, place: Place, subject: str, quote: Quote | None) -> str:
        """A paragraph for one section."""
        kind = place.slot.type
        sentences = [place.activity.description]
        if kind is SectionType.OPENER:
            sentences.append(self._goal(frames.OPENER_GOALS, frames.OPENER_GOALS_QUOTED))
        elif kind is SectionType.CLOSING:
            sentences.append(self._goal(frames.CLOSING_GOALS, frames.CLOSING_GOALS_QUOTED))
        elif kind is not SectionType.BREAK:
            sentences.append(self._filled(next(self.links[kind]), subject))
            sentences += self._brought_in(kind, quote)
        return " ".join(sentences)

    def _brought_in(self, kind: SectionType, quote: Quote | None) -> list[str]:
        """The quote, and in sections where people work something from the brief, as far as there is any left."""
        brought = []
        if quote:
            brought.append(next(self.quotes).format(title=quoted(quote.title or quote.source_id), quote=quote.text))
        room = 2 if self.few else int(kind in ACTIVE)
        brought += self.extras[:room]
        del self.extras[:room]
        return brought

    def _goal(self, plain: Sequence[str], in_quotes: Sequence[str]) -> str:
        goal = self.phrases.goal
        if goal.can and len(goal.can.split()) <= LONGEST_GOAL:
            return next(self._endless(plain)).format(can=goal.can)
        piece = next(iter(self._pieces()), goal.text)
        return next(self._endless(in_quotes)).format(goal=quoted(goal.text), piece=quoted(piece))

    def _extras(self) -> list[str]:
        """Sentences with pieces of the problem and of the outcome, in turn."""
        problem_frames, piece_frames = self._endless(frames.PROBLEMS), self._endless(frames.PIECES)
        problems = [next(problem_frames).format(problem=quoted(text)) for text in self.phrases.problems[:4]]
        pieces = [next(piece_frames).format(piece=quoted(text)) for text in self._pieces()]
        turns = [problems[at : at + 1] + pieces[at : at + 1] for at in range(max(len(problems), len(pieces)))]
        return list(chain.from_iterable(turns))

    def _pieces(self) -> list[str]:
        """What can be quoted of the outcome: pieces that are whole and do not hang on the one before."""
        pieces = self.phrases.goal.pieces[:6]
        return [piece for piece in pieces if not piece.endswith("…") and piece.split()[0].lower() not in BOUNDARIES]

    def _filled(self, frame: str, subject: str) -> str:
        phrases = self.phrases
        return frame.format(topic=subject, category=phrases.category, audience=phrases.audience)

    def _endless(self, sentences: Sequence[str]) -> Iterator[str]:
        """The sentences in an order of the brief's; each variant begins at another place, so that they differ."""
        order = shuffled(self.seed, sentences[0], sentences)
        start = self.number * len(order) // VARIANTS
        return cycle(order[start:] + order[:start])
