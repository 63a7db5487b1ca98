"""Reading a chat completion: usage first, because it is paid for whatever the answer is worth."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sessions_builder.clients.model_errors import CallTrouble, Kind
from sessions_builder.errors import FailureCode


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one or more attempts; None where the server did not say."""

    tokens_in: int | None = None
    tokens_out: int | None = None
    cached: int | None = None
    reasoning: int | None = None

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            _sum(self.tokens_in, other.tokens_in),
            _sum(self.tokens_out, other.tokens_out),
            _sum(self.cached, other.cached),
            _sum(self.reasoning, other.reasoning),
        )


def answer_in(body: bytes) -> tuple[dict[str, Any], Usage]:
    """The answer as a dict, and its usage. Raises CallTrouble (malformed) for anything that is not a JSON object."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        raise _malformed(body.decode("utf-8", "replace")) from None
    if not isinstance(answer, dict):
        raise _malformed(str(answer))
    return answer, _usage(answer.get("usage"))


def content_in(answer: dict[str, Any]) -> str:
    """The text the model wrote. Raises CallTrouble for no choices, no content, a refusal, a filter or a cut answer."""
    choices = answer.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else None
    message = choice.get("message") if choice else None
    if choice is None or not isinstance(message, dict):
        raise _malformed(json.dumps(answer))
    content = message.get("content")
    text = content if isinstance(content, str) else ""
    refusal = message.get("refusal")
    if isinstance(refusal, str) and refusal:
        raise CallTrouble(Kind.FINAL, FailureCode.REFUSED, text=refusal)
    if choice.get("finish_reason") == "content_filter":
        raise CallTrouble(Kind.FINAL, FailureCode.FILTERED, text=text)
    if choice.get("finish_reason") == "length":
        raise CallTrouble(Kind.LENGTH, FailureCode.OUTPUT_TOO_LONG, text=text)
    if not text.strip():
        raise _malformed(json.dumps(answer))
    return text


def _malformed(text: str) -> CallTrouble:
    return CallTrouble(Kind.MALFORMED, FailureCode.MALFORMED_OUTPUT, text=text)


def _usage(given: Any) -> Usage:
    return Usage(
        _count(given, "prompt_tokens"),
        _count(given, "completion_tokens"),
        _count(_part(given, "prompt_tokens_details"), "cached_tokens"),
        _count(_part(given, "completion_tokens_details"), "reasoning_tokens"),
    )


def _part(given: Any, name: str) -> Any:
    return given.get(name) if isinstance(given, dict) else None


def _count(given: Any, name: str) -> int | None:
    value = _part(given, name)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31 else None


def _sum(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else one + other
