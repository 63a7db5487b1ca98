"""An author's words in forms that fit into sentences: verb phrases, noun phrases, and quotations where neither is sure.

Nothing here guesses beyond what the words show. A phrase that is not clearly a verb phrase is quoted, and a capital is
taken away only from words known to be everyday ones, so that names keep theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sessions_builder.offline import words
from sessions_builder.pipeline.types import Brief

LONGEST_TOPIC = 10
LONGEST_PIECE = 6
LONGEST_VERB_PHRASE = 40
LONGEST_QUOTE = 240

_MODAL = re.compile(
    r"^[^,.;:!?]{1,60}?\s(?:(?:will|should|would) be able to|(?:are|is|feels?) able to"
    r"|(?:will |can )?(?:know|learn)s? how to|(?:will |should )?learns? to|can|could|will|should)\s+(?P<rest>.+)$",
    re.IGNORECASE,
)
_LEAD_IN = re.compile(
    r"^(?:(?:by|at) the end(?: of [^,]{1,60})?|after (?:the|this) [^,]{1,60}|afterwards|as a result)\s*,\s*",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"^(?:to |how to |(?:to )?(?:be able to|learn how to|learn to|know how to)\s+"
    r"|(?:to )?(?:help|enable|equip|teach|allow|get) [^,.;:]{1,50}? to )(?P<rest>.+)$",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÀ-Þ“\"'(])|\n+")
_AND = re.compile(r"\s*(?:,\s*and|,|;\s*and|;|\band)\s+", re.IGNORECASE)
_CLAUSE = re.compile(r"\s*(?:[,;:.!?–—]+|\s-\s|\b(?:and|but|because|so|or|which|that)\b)\s*", re.IGNORECASE)
_QUOTES = str.maketrans({"“": "‘", "”": "’", '"': "’"})


@dataclass(frozen=True, slots=True)
class Action:
    """One thing people are to do: "book five appointments", its -ing form, and what followed it ("per week")."""

    base: str
    gerund: str


@dataclass(frozen=True, slots=True)
class Goal:
    """A brief's desired outcome."""

    text: str
    """The first sentence, as written, without its full stop."""
    can: str
    """A verb phrase that fits after "people can"; empty when the outcome is not clearly one."""
    actions: tuple[Action, ...]
    pieces: tuple[str, ...]
    """Short phrases of it, two to six words each, in order: for quotation."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """Everything of a brief that goes into sentences."""

    goal: Goal
    topics: tuple[str, ...]
    """Noun phrases that fit inside a sentence; at least one."""
    problems: tuple[str, ...]
    """Short pieces of the current problem, for quotation; may be empty."""
    audience: str
    category: str


def phrases_of(brief: Brief) -> Phrases:
    """The brief's words as building blocks. What the author wants avoided is left out of topics and problems."""
    avoided = avoided_phrases(brief)
    goal = goal_of(brief.desired_outcome)
    category = inside(_tidy(brief.category))
    named = [noun_phrase(topic) for topic in brief.specific_topics if _tidy(topic) and not mentions(topic, avoided)]
    topics = tuple(dict.fromkeys(named)) or tuple(action.gerund for action in goal.actions) or (category,)
    audience = _tidy(brief.audience.name if brief.audience else brief.audience_name)
    return Phrases(
        goal=goal,
        topics=topics,
        problems=tuple(piece for piece in clauses(brief.current_problem) if not mentions(piece, avoided)),
        audience=inside(audience) if audience else "the group",
        category=category,
    )


def avoided_phrases(brief: Brief) -> tuple[str, ...]:
    """What the author and the audience do not want brought up, case-folded."""
    audience = brief.audience.avoid_topics if brief.audience else ()
    return tuple(filter(None, (_tidy(topic).casefold() for topic in (*brief.avoid_topics, *audience))))


def mentions(text: str, phrases: Iterable[str]) -> bool:
    """Whether the text holds one of the case-folded phrases as whole words."""
    folded = text.casefold()
    return any(re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", folded) for phrase in phrases)


def goal_of(outcome: str) -> Goal:
    """The outcome taken apart; when it is no clear verb phrase, only as text and pieces for quotation."""
    text = _shortened(_tidy(_SENTENCE_END.split(outcome.strip())[0]))
    can = _verb_phrase(_LEAD_IN.sub("", text))
    if len(can.split()) > LONGEST_VERB_PHRASE or can.endswith("…"):
        can = ""
    return Goal(text=text, can=can, actions=_actions(can), pieces=_pieces(can or text))


def noun_phrase(topic: str) -> str:
    """A topic as a noun phrase for the inside of a sentence.

    "Ask for referrals" becomes "asking for referrals"; a question or anything long becomes a quotation.
    """
    text = _shortened(_tidy(topic))
    if topic.strip().endswith("?"):
        return quoted(f"{text}?")
    tokens = text.split()
    if len(tokens) > LONGEST_TOPIC or re.search(r"[.!?:;]\s", text):
        return quoted(text)
    if len(tokens) > 1 and _is_verb(tokens, clear_only=True):
        return gerund(inside(text))
    return inside(text)


def inside(phrase: str) -> str:
    """The phrase as it stands inside a sentence: capitals go from everyday words and stay on everything else."""
    tokens = phrase.split(" ")
    if len(tokens) > 1 and all(_is_common(token) for token in tokens):
        return phrase.lower()
    return " ".join([tokens[0].lower() if _is_common(tokens[0]) else tokens[0], *tokens[1:]])


def capitalised(phrase: str) -> str:
    """The phrase with a capital at the start; the rest as it is."""
    return phrase[:1].upper() + phrase[1:]


def quoted(phrase: str) -> str:
    """The phrase in quotation marks, marks inside it made single."""
    return f"“{phrase.translate(_QUOTES)}”"


def joined(items: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return " and ".join(filter(None, [", ".join(items[:-1]), items[-1]])) if items else ""


def gerund(verb_phrase: str) -> str:
    """The verb phrase with its verb in the -ing form; an adverb in front stays in front."""
    tokens = verb_phrase.split(" ")
    place = 1 if len(tokens) > 1 and tokens[0].endswith("ly") else 0
    tokens[place] = _ing(tokens[place])
    return " ".join(tokens)


def clauses(text: str) -> tuple[str, ...]:
    """Pieces of a longer text, two to nine words each, cut where clauses meet; nothing when none is that short."""
    parts = (_tidy(part) for part in _CLAUSE.split(text))
    return tuple(dict.fromkeys(part for part in parts if 2 <= len(part.split()) <= 9))


def _ing(verb: str) -> str:
    if verb in words.DOUBLING:
        return f"{verb}{verb[-1]}ing"
    if verb.endswith("ie"):
        return f"{verb[:-2]}ying"
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")) and verb != "be":
        return f"{verb[:-1]}ing"
    return f"{verb}ing"


def _tidy(text: str) -> str:
    return " ".join(text.split()).strip(" .,;:!?-–—•*")


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def _is_common(token: str) -> bool:
    plain = token.strip(",()").lower()
    return token[1:] == token[1:].lower() and plain in words.COMMON | words.CLEAR_VERBS | words.UNCLEAR_VERBS


def _is_verb(tokens: Sequence[str], *, clear_only: bool = False) -> bool:
    """Whether a phrase of these words begins with the base form of a verb, an adverb in front allowed."""
    lower = [token.lower().strip(",") for token in tokens]
    if len(lower) > 1 and lower[0].endswith("ly") and lower[0] not in words.CLEAR_VERBS | words.UNCLEAR_VERBS:
        lower = lower[1:]
    if not lower or tokens[0].isupper():
        return False
    if lower[0] in words.CLEAR_VERBS:
        return True
    opened = len(lower) > 1 and (lower[1] in words.NOUN_OPENERS or lower[1][:1].isdigit())
    return not clear_only and opened and lower[0] in words.UNCLEAR_VERBS


def _verb_phrase(text: str) -> str:
    """The text from its main verb on, in its base form and without a capital; empty when that is not clear."""
    for pattern in (_BARE, _MODAL):
        match = pattern.match(text)
        if match:
            rest = match["rest"].split()
            known = rest[0].lower().strip(",") in words.CLEAR_VERBS | words.UNCLEAR_VERBS
            if known or _is_verb(rest):
                return inside(match["rest"]) if _is_common(rest[0]) else match["rest"]
    tokens = text.split()
    if _is_verb(tokens):
        return _lower_first(text)
    for place in range(1, min(5, len(tokens) - 1)):
        if tokens[place - 1].lower() in words.PEOPLE and _is_verb(tokens[place:]):
            return _lower_first(" ".join(tokens[place:]))
    return ""


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def _actions(can: str) -> tuple[Action, ...]:
    """What the verb phrase asks for, one by one and without what only qualifies it."""
    found: list[str] = []
    for part in _AND.split(can):
        tokens = part.split()
        if found and not _is_verb(tokens):
            found[-1] = f"{found[-1]} and {part}"
        elif tokens:
            found.append(part)
    heads = [_head(part) for part in found]
    return tuple(Action(head, gerund(head)) for head in heads if len(head.split()) > 1 and _is_whole(head))


def _is_whole(head: str) -> bool:
    """Whether no second verb may hide behind an "and", where an -ing form of the first alone would be wrong."""
    hidden = words.CLEAR_VERBS | words.UNCLEAR_VERBS
    tokens = [token.lower().strip(",") for token in head.split()]
    return not any(word == "and" and after in hidden for word, after in pairwise(tokens))


def _head(part: str) -> str:
    """The part up to where a qualification begins: "book five appointments" of "book five appointments per week"."""
    tokens = part.split()
    least = 3 if len(tokens) > 1 and tokens[1].lower() in words.PARTICLES else 2
    for place in range(least, len(tokens)):
        if tokens[place].lower() in words.BOUNDARIES - {"and"} and tokens[place - 1].lower() not in words.BOUNDARIES:
            return " ".join(tokens[:place]).rstrip(",;")
    return part.rstrip(",;")


def _pieces(text: str) -> tuple[str, ...]:
    """Phrases of two to six words, cut before prepositions and conjunctions; an ellipsis ends one cut elsewhere."""
    pieces: list[list[str]] = [[]]
    cut: set[int] = set()
    for token in text.split():
        plain = token.lower().strip(",;")
        long_enough = len(pieces[-1]) > 1
        if long_enough and (plain in words.BOUNDARIES or len(pieces[-1]) == LONGEST_PIECE):
            if plain not in words.BOUNDARIES:
                cut.add(len(pieces) - 1)
            pieces.append([])
        if not pieces[-1] and plain in {"and", "or", "so", "that"}:
            continue
        pieces[-1].append(token)
        if token.endswith((",", ";")):
            pieces.append([])
    kept: list[str] = []
    for place, piece in enumerate(map(_without_loose_end, pieces)):
        text = " ".join(piece).strip(" ,;:.…") + ("…" if place in cut else "")
        dependent = bool(piece) and piece[0].lower() in words.BOUNDARIES and len(piece) < 3
        joins = dependent and kept and not kept[-1].endswith("…")
        if joins and len(kept[-1].split()) + len(piece) < LONGEST_PIECE:
            kept[-1] = f"{kept[-1]} {text}"
        elif len(piece) > 1 and not dependent:
            kept.append(text)
    return tuple(dict.fromkeys(kept))


def _without_loose_end(piece: Sequence[str]) -> Sequence[str]:
    while piece and piece[-1].lower().strip(",;") in words.LOOSE_ENDS:
        piece = piece[:-1]
    return piece
