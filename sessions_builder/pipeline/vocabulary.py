"""Words as the scores see them: stems without the common ones, measurable verbs by level, phrases that say nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

LEVELS = ("remember", "understand", "apply", "analyze", "evaluate", "create")
"""Bloom's taxonomy as revised by Anderson and Krathwohl (2001), lowest first."""

_VERBS_BY_LEVEL = {
    "remember": "define list name recall recite identify label state recognise recognize",
    "understand": """describe explain summarise summarize paraphrase classify compare illustrate interpret distinguish
        outline""",
    "apply": """apply use demonstrate practise practice perform conduct run deliver handle execute implement solve
        respond ask lead coach schedule book negotiate present calculate set give hold""",
    "analyze": """analyse analyze diagnose differentiate examine map prioritise prioritize sort trace break contrast
        deconstruct""",
    "evaluate": "assess evaluate judge critique select choose rate rank justify defend decide review recommend check",
    "create": """design create build draft write plan compose develop formulate construct produce script prepare commit
        propose""",
}
VERB_LEVEL: Mapping[str, int] = {
    verb: LEVELS.index(level) for level, verbs in _VERBS_BY_LEVEL.items() for verb in verbs.split()
}
"""Level (0..5) of each verb whose doing can be observed."""

_SUBJECTS = frozenset({"participants", "learners", "attendees", "will", "be", "able", "to", "can", "i", "you", "they"})

FILLERS = (
    "engaging and interactive",
    "best practices",
    "in today's fast-paced",
    "unlock",
    "leverage synergies",
    "dive into",
    "game-changer",
    "cutting-edge",
    "take it to the next level",
    "various techniques",
    "key concepts",
    "important aspects",
)

_COMMON_TEXT = """
    a an the and or of to in on for with at by from as is are be been being was were it its this that these
    those their there they them you your we our us i will can could should would may might must not no do does
    did has have had into over under up down out more most less than then so if when while who whom which what
    how why where each every any all some such other about after before during between through own same also
    just very per via both few new use using used able make makes making get gets getting session sessions
    workshop training webinar event participants participant people group groups trainer facilitator minutes
    minute
"""
_COMMON = frozenset(_COMMON_TEXT.split())
_SUFFIX_TEXT = """
    ization ational fulness iveness ments ment ingly edly tions tion sions sion ness ities ity ings ing ers er
    ies ied ed es ly s
"""
_SUFFIXES = _SUFFIX_TEXT.split()
_TERM = re.compile(r"[^\W\d_](?:[^\W\d_]|['\-]){2,}")
_PLAIN_TERM = re.compile(r"[a-z][a-z'\-]{2,}")
"""The same for lower-case ASCII, in a third of the time."""
_TYPOGRAPHY = dict.fromkeys(map(ord, "“”‘’„«»–—…•·"), " ")
_WORD = re.compile(r"[\w'\-]+")
_CRITERION = re.compile(
    r"\d|\b(using|within|without|at least|given|so that|in a|in an|during|before|after|under|against|from memory"
    r"|with)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    """The word without its longest known ending, of which at least four letters must remain; "" for a common word."""
    if word in _COMMON:
        return ""
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 4:
            return word[: -len(suffix)]
    return word


def stems(text: str) -> tuple[str, ...]:
    """The stems of a text in order, without common words, numbers and words of one or two letters."""
    text = text.lower()
    if not text.isascii():
        text = text.translate(_TYPOGRAPHY)
    term = _PLAIN_TERM if text.isascii() else _TERM
    return tuple(filter(None, map(_stem, term.findall(text))))


def stems_of(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(stem for text in texts for stem in stems(text))


def words(text: str) -> list[str]:
    """The words of a text, numbers included."""
    return _WORD.findall(text)


def verb_level(objective: str) -> int | None:
    """Level 0..5 of the verb an objective starts with ("participants can …" skipped); None if it cannot be observed."""
    for word in words(objective.lower()):
        if word not in _SUBJECTS:
            return VERB_LEVEL.get(word)
    return None


def has_criterion(text: str) -> bool:
    """Whether a sentence of five words or more says how well, how much or under which condition."""
    found = words(text)
    return len(found) >= 5 and bool(_CRITERION.search(" ".join(found[1:])))


GENERIC = stems_of(
    [
        """topic skill concept content material activity exercise discussion learn practice important key main overall
        share explore idea example question answer time start end introduction overview summary review general various
        different help understand team people work job situation real world next step action plan feedback"""
    ]
)
"""Stems that occur in any outline and say nothing about this one."""
