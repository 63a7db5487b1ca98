"""What the configured server can do, learnt from its refusals: strict schema, JSON, or text; and which parameters."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sessions_builder.pipeline.forms import OUTLINE, Form
from sessions_builder.pipeline.types import Message

FORMATS = ("json_schema", "json_object", None)
"""Types of `response_format`, best first."""
TOKENS, OLD_TOKENS = "max_completion_tokens", "max_tokens"

_OTHER_NAMES = {"json_schema": "response_format", "json_object": "response_format", "effort": "reasoning_effort"}
_REASONING_WITH_NONE = re.compile(r"gpt-5\.\d")
_REASONING = re.compile(r"gpt-5(?!.*chat)|o\d")


def reasoning_effort(model: str) -> str | None:
    """The least effort a reasoning model is known to take, so that it answers in seconds; None for other models."""
    name = model.rsplit("/", 1)[-1].casefold()
    if _REASONING_WITH_NONE.match(name):
        return "none"
    return "low" if _REASONING.match(name) else None


class Capabilities:
    """What one server was found to take for one model; used on the event loop only."""

    def __init__(self, model: str, temperature: float) -> None:
        self._model = model
        self._format = 0
        self._tokens_name = TOKENS
        self._parameters: dict[str, Any] = {"temperature": temperature}
        effort = reasoning_effort(model)
        if effort:
            self._parameters["reasoning_effort"] = effort

    def body(self, messages: Sequence[Message], tokens: int, form: Form = OUTLINE) -> dict[str, Any]:
        """The request for these messages and an answer of this form, in the best way that was not refused so far."""
        wire = [{"role": message.role, "content": message.content} for message in messages]
        body: dict[str, Any] = {"model": self._model, "messages": wire, **self._parameters}
        if self._tokens_name:
            body[self._tokens_name] = tokens
        kind = FORMATS[self._format]
        if kind is not None:
            body["response_format"] = _response_format(kind, form)
        if self._format > 0:
            wire[0]["content"] += f"\n\n{_schema_in_words(form)}"
        return body

    def learn(self, refused: Mapping[str, Any], param: str | None, message: str) -> bool:
        """Do without what a refusal names; whether the next body will differ from the refused one."""
        name = _named(refused, param, message)
        if name is None:
            return False
        if name == "response_format":
            self._step_down(refused[name])
        elif name == TOKENS == self._tokens_name:
            self._tokens_name = OLD_TOKENS
        elif name == OLD_TOKENS == self._tokens_name:
            self._tokens_name = ""
        else:
            self._parameters.pop(name, None)
        return True

    def _step_down(self, refused: Mapping[str, Any]) -> None:
        # Four calls start together and are refused together: only the first refusal of a format counts.
        if FORMATS[self._format] == refused["type"]:
            self._format += 1


def _response_format(kind: str, form: Form) -> dict[str, Any]:
    if kind != "json_schema":
        return {"type": kind}
    return {"type": kind, "json_schema": {"name": form.name, "strict": True, "schema": form.schema}}


@cache
def _schema_in_words(form: Form) -> str:
    return (
        "Answer with the JSON object alone: no sentence around it, no code fence. It has to fit this JSON schema:\n"
        + json.dumps(form.schema, separators=(",", ":"))
    )


def _named(refused: Mapping[str, Any], param: str | None, message: str) -> str | None:
    """The parameter of the request that the refusal is about: the one it says it is, else the first it mentions."""
    sent = [name for name in refused if name not in ("model", "messages")]
    names = {name: name for name in sent} | {other: name for other, name in _OTHER_NAMES.items() if name in sent}
    for text in (param or "", message):
        places = [(match.start(), name) for word, name in names.items() if (match := _word(word).search(text))]
        if places:
            return min(places)[1]
    return None


def _word(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
