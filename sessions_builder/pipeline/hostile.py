"""Text from outside (retrieved chunks, model output) made harmless before anybody or any model reads it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_LINE_BREAK = re.compile("\r\n?|[\u2028\u2029\x85]")
_VARIATION_SELECTORS = frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
_INVISIBLE_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")

# Our own delimiters are runs of angle brackets; two or more of anything that looks like one are taken apart.
_BRACKETS = "<>‹›«»⟨⟩⟪⟫〈〉《》❬❭❮❯❰❱˂˃≪≫⋘⋙≺≻ᐸᐳ"
_BRACKET_RUN = re.compile(rf"[{_BRACKETS}](?:\s*[{_BRACKETS}])+")
_CHAT_TOKEN = re.compile(r"<\|[^|>\n]{0,40}\|>|\[/?INST\]|</?s>|<<SYS>>", re.IGNORECASE)

_ASCII_MARKS = frozenset("<>[")
"""Without these, plain text on one line holds no delimiter and no chat token."""

# Cyrillic and Greek letters that pass for Latin ones; folded only while looking for instructions.
_LOOK_ALIKE = str.maketrans("аеорсухіѕјһԁκορτυν", "aeopcyxisjhdkoptuv")

# What gives away an instruction to a model: a pattern, and words of which one has to be there for it to match at all.
# Looking for a word is a hundred times cheaper than the pattern, and most chunks hold none of them.
_INSTRUCTIONS: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...] = tuple(
    (words, re.compile(pattern, re.VERBOSE | re.MULTILINE | re.DOTALL))
    for words, pattern in (
        (
            ("ignore", "disregard", "forget", "override", "bypass"),
            r"""\b(?:ignore|disregard|forget|override|bypass)\b
            .{0,40}\b(?:instruction|prompt|rule|direction|guideline)s?\b
            | \b(?:ignore|disregard|forget)\s+(?:everything|all|anything)
            \s+(?:above|before|previous|prior|so\ far|else)""",
        ),
        (
            ("instruction", "prompt", "system", "assistant", "developer"),
            r"""\b(?:new|updated|additional|real)\s+(?:system\s+)?(?:instructions?|prompt)\s*:
            | \bsystem\s+(?:prompt|message|override)\b
            | ^\s*(?:\#+\s*)?(?:system|assistant|developer)\s*:""",
        ),
        (
            ("you are", "as a"),
            r"""\byou\s+are\s+(?:now|no\ longer)\s+(?:an?|the|in)\b
            | \b(?:as|you\ are)\s+an?\s+(?:(?:ai\s+)?(?:large\s+)?language\s+model|ai\s+(?:model|assistant))\b""",
        ),
        (
            ("system prompt", "your instructions", "your prompt", "your rules", "api key"),
            r"""\b(?:reveal|print|repeat|show|leak|output)\b
            .{0,30}\b(?:system\ prompt|your\ (?:instructions|prompt|rules)|api\ key)""",
        ),
        (
            ("the user", "the author"),
            r"\b(?:do\ not|don't|never)\s+(?:tell|inform|mention\ (?:this\ )?to)\s+the\s+(?:user|author)\b",
        ),
        (
            ("ignor",),
            r"""\bignor(?:iere?n?|ez?|a|ar)\b
            .{0,40}\b(?:anweisung(?:en)?|instructions?|instrucciones|regeln|consignes|istruzioni)\b""",
        ),
        (
            ("end of",),
            r"\bend\s+of\s+(?:the\s+)?(?:sources?|material|context|data)\b.{0,80}\b(?:now|instead|task|instruction)",
        ),
    )
)
_BLOB = re.compile(r"[A-Za-z0-9+/_=-]{100,}|(?:[0-9A-Fa-f]{2}[\s:]?){80,}")
_TAG_CHARACTERS = re.compile("[\U000e0000-\U000e007f]{8,}")
_MAX_URLS = 3

_URL = re.compile(
    r"""
    \b(?:https?|ftp|file|wss?)\s?://\s?[^\s<>"'`|\\^{}\[\]()]+
  | \b(?:javascript|data|vbscript|mailto|tel):[^\s<>"'`|\\^{}\[\]()]+
  | \bwww\.[^\s<>"'`|\\^{}\[\]()]+
  | \b(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,5}[a-z]{2,24}/[^\s<>"'`|\\^{}\[\]()]+
    """,
    re.IGNORECASE | re.VERBOSE,
)
_EMAIL = re.compile(r"\b[\w.+%-]{1,64}@(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24}\b", re.IGNORECASE)
_ADDRESS_SIGN = re.compile(r"[/@]|:\S|[wW]{3}\.")
_MARKDOWN_LINK = re.compile(r"!?\[([^\[\]\n]{0,200})\]\(([^()\s]{1,2000})(?:\s[^()\n]{0,200})?\)")


def clean(text: str, limit: int = 20_000) -> str:
    """The text in NFKC, at most `limit` characters, with nothing in it that a reader cannot see.

    Removed: control, zero-width, bidi, tag, private and unassigned characters, lone surrogates, invisible letters,
    variation selectors, chat-template tokens. Runs of angle brackets or their look-alikes become a space, so that
    nothing in it can pass for one of our delimiters. Spaces are collapsed; single line breaks stay.
    """
    text = text[: limit * 4]
    if text.isascii() and text.isprintable() and "  " not in text and _ASCII_MARKS.isdisjoint(text):
        return text.strip()[:limit].rstrip()
    text = _CONTROL.sub(" ", _LINE_BREAK.sub("\n", text)) if text.isascii() else _visible(text)
    if "<" in text or "[" in text:
        text = _CHAT_TOKEN.sub(" ", text)
    text = _BRACKET_RUN.sub(" ", text)
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)[:limit].rstrip()


def _visible(text: str) -> str:
    text = _LINE_BREAK.sub("\n", text).encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
    text = unicodedata.normalize("NFKC", "".join(filter(_seen, text)))
    # NFKC can bring forth characters the first pass could not see.
    return "".join(filter(_seen, text))


def _seen(character: str) -> bool:
    if character < "\x7f":
        return character >= " " or character in "\n\t"
    if character in _VARIATION_SELECTORS or character in _INVISIBLE_LETTERS:
        return False
    return unicodedata.category(character) not in _INVISIBLE_CATEGORIES


def is_suspicious(text: str) -> bool:
    """Whether a chunk looks like an attack: instructions to a model, many URLs, encoded blobs, hidden characters.

    Takes the text as it came, uncleaned, because hiding something is a sign by itself.
    """
    if _TAG_CHARACTERS.search(text) or _CHAT_TOKEN.search(text):
        return True
    plain = clean(text)
    if _BLOB.search(plain) or (may_hold_address(plain) and len(_URL.findall(plain)) > _MAX_URLS):
        return True
    # On one line, and with single spaces, the trigger words are found whatever was put between them.
    folded = plain.casefold().translate(_LOOK_ALIKE)
    joined = " ".join(folded.split())
    return any(pattern.search(folded) for words, pattern in _INSTRUCTIONS if any(word in joined for word in words))


def addresses(texts: Iterable[str]) -> frozenset[str]:
    """Every URL and e-mail address in the texts, normalised for comparison with `scrub`."""
    found: set[str] = set()
    for text in filter(may_hold_address, texts):
        found.update(_bare(match.group()) for pattern in (_URL, _EMAIL) for match in pattern.finditer(text))
    return frozenset(found)


def scrub(text: str, allowed: frozenset[str]) -> str:
    """The text without URLs and e-mail addresses, except those in `allowed` (from `addresses`); a Markdown link keeps
    its words."""
    if not may_hold_address(text):
        return text

    def keep(match: re.Match[str]) -> str:
        whole = match.group()
        tail = whole[len(whole.rstrip(".,;:!?")) :]
        return whole if _bare(whole) in allowed else tail

    def unlink(match: re.Match[str]) -> str:
        return match.group() if _bare(match.group(2)) in allowed else match.group(1)

    scrubbed = _EMAIL.sub(keep, _URL.sub(keep, _MARKDOWN_LINK.sub(unlink, text)))
    if scrubbed == text:
        return text
    scrubbed = re.sub(r"\(\s*\)|\[\s*\]", "", scrubbed)
    return re.sub(r" +([.,;:!?])", r"\1", re.sub(r" {2,}", " ", scrubbed)).strip()


def may_hold_address(text: str) -> bool:
    """Whether it is worth looking: every address has one of these in it."""
    return bool(_ADDRESS_SIGN.search(text))


def _bare(address: str) -> str:
    address = re.sub(r"\s", "", address).rstrip(".,;:!?/").casefold()
    return address.removeprefix("mailto:")
