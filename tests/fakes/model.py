"""The fake model: chat completions for a brief, and every way in which a provider was seen to fail."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from tests.fakes.faults import Fault
from tests.fakes.outlines import brief_in, fitted, outline_text

_USAGE = {
    "prompt_tokens": 2400,
    "completion_tokens": 1100,
    "total_tokens": 3500,
    "prompt_tokens_details": {"cached_tokens": 1024},
    "completion_tokens_details": {"reasoning_tokens": 64},
}
_ERRORS = {
    "403": ("permission_error", "unsupported_country", "Country, region, or territory not supported"),
    "404": ("invalid_request_error", "model_not_found", "The model does not exist or you do not have access to it."),
    "409": ("invalid_request_error", "conflict", "Another request is in progress."),
    "408": ("timeout", None, "The request timed out."),
    "422": ("invalid_request_error", None, "The input could not be processed."),
    "429": ("requests", "rate_limit_exceeded", "Rate limit reached for requests"),
    "500": ("server_error", None, "The server had an error while processing your request."),
    "502": ("server_error", None, "Bad gateway"),
    "503": ("server_error", None, "The engine is currently overloaded, please try again later."),
    "insufficient_quota": ("insufficient_quota", "insufficient_quota", "You exceeded your current quota."),
}


def plan_of(fault: Fault | None, variant: int, payload: Mapping[str, Any]) -> int:
    """Whose outline a request gets: its own, or with `identical` the first one's unless it is asked to differ."""
    prompt = str(payload.get("messages"))
    if fault is not None and fault.name == "identical" and "There is a version already" not in prompt:
        return 1
    return min(variant, 4)


def wire_outline(variant: int, payload: Mapping[str, Any]) -> str:
    """The outline for a request as JSON text, fitted to the request's schema when it has one."""
    found = brief_in(payload.get("messages") or ())
    response_format = payload.get("response_format") or {}
    schema = (response_format.get("json_schema") or {}).get("schema")
    return _fitted_text(variant, *found, json.dumps(schema) if schema else "")


@lru_cache(maxsize=512)
def _fitted_text(
    variant: int, outcome: str, topic: str, category: str, minutes: int, sources: tuple[str, ...], schema: str
) -> str:
    text = outline_text(variant, outcome, topic, category, minutes, sources)
    if not schema:
        return text
    asked = json.loads(schema)
    data = json.loads(text)
    if "sections" not in asked.get("properties", {}):
        data = {**data["sections"][2], "section": data["sections"][2]}
    return json.dumps(fitted(data, asked), ensure_ascii=False)


@lru_cache(maxsize=512)
def completion(content: str | None, model: str, finish: str = "stop", refusal: str | None = None) -> str:
    """A chat completion around `content`, as the wire's JSON text."""
    message = {"role": "assistant", "content": content, "refusal": refusal}
    choice = {"index": 0, "message": message, "finish_reason": finish, "logprobs": None}
    body = {
        "id": "chatcmpl-fake",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": model,
        "choices": [choice],
        "usage": _USAGE,
    }
    return json.dumps(body)


def _with_minutes(raw: str) -> Callable[[str], str]:
    def change(content: str) -> str:
        data = json.loads(content)
        for section in data["sections"]:
            section["minutes"] = "@"
        return json.dumps(data).replace('"@"', raw)

    return change


def _with_sections(count: int) -> Callable[[str], str]:
    def change(content: str) -> str:
        data = json.loads(content)
        data["sections"] = [data["sections"][i % len(data["sections"])] for i in range(count)]
        return json.dumps(data)

    return change


def _with_summary(raw: str) -> Callable[[str], str]:
    def change(content: str) -> str:
        return json.dumps(json.loads(content) | {"summary": "@"}).replace('"@"', f'"{raw}"')

    return change


SPOILED_CONTENT: dict[str, Callable[[str], str]] = {
    "truncated_json": lambda content: content[: len(content) // 2],
    "not_json": lambda _: "I am sorry, here is an outline in prose: first we talk, then we practise.",
    "wrong_schema": lambda _: '{"answer": 42}',
    "minutes_nan": _with_minutes("NaN"),
    "minutes_huge": _with_minutes("1e22"),
    "minutes_negative": _with_minutes("-30"),
    "no_sections": _with_sections(0),
    "many_sections": _with_sections(500),
    "nul": _with_summary("nul \\u0000 inside"),
    "lone_surrogate": _with_summary("half \\ud800 a pair"),
    "huge_string": _with_summary("x" * 2**20),
    "fenced": lambda content: f"Here is your outline:\n```json\n{content}\n```\nGood luck!",
    "empty_content": lambda _: "",
}


def spoiled_body(fault: Fault, content: str, payload: Mapping[str, Any]) -> str | None:
    """The spoiled body of a 200 answer; None when the fault is of another kind or does not apply to this request."""
    model = str(payload.get("model", ""))
    if fault.name in SPOILED_CONTENT:
        return completion(SPOILED_CONTENT[fault.name](content), model)
    whole = json.loads(completion(content, model))
    match fault.name:
        case "choices_empty":
            return json.dumps(whole | {"choices": []})
        case "choices_null":
            return json.dumps(whole | {"choices": None})
        case "null_content":
            return completion(None, model)
        case "refusal":
            return completion(None, model, refusal="I'm sorry, I can't help with that.")
        case "content_filter":
            return completion("", model, finish="content_filter")
        case "length":
            return completion(content[:900], model, finish="length")
        case "length_below":
            asked = payload.get("max_completion_tokens") or payload.get("max_tokens") or 0
            too_few = asked <= fault.number("tokens", 6000)
            return completion(content[:900], model, finish="length") if too_few else None
        case "no_usage":
            return json.dumps({key: value for key, value in whole.items() if key != "usage"})
        case "odd_usage":
            return json.dumps(whole | {"usage": {"prompt_tokens": None, "completion_tokens": "many"}})
        case _:
            return None


def error_reply(fault: Fault, payload: Mapping[str, Any], authorization: str) -> tuple[str, int, dict[str, str]] | None:
    """Body, status and headers of an error answer; None when the fault is of another kind or does not apply."""
    parameter = refused_parameter(fault, payload)
    if parameter:
        message = f"Unsupported parameter: '{parameter}' is not supported with this model."
        return _error("invalid_request_error", "unsupported_parameter", message, parameter), 400, {}
    if fault.name == "400":
        return _error("invalid_request_error", "context_length_exceeded", "The prompt is too long.", None), 400, {}
    if fault.name == "401":
        message = f"Incorrect API key provided: {authorization.removeprefix('Bearer ')}. Find yours in the settings."
        return _error("invalid_request_error", "invalid_api_key", message, None), 401, {}
    if fault.name not in _ERRORS:
        return None
    kind, code, message = _ERRORS[fault.name]
    status = 429 if fault.name == "insufficient_quota" else int(fault.name)
    retry_after = fault.options.get("retryAfter")
    return _error(kind, code, message, None), status, {"Retry-After": retry_after} if retry_after else {}


def refused_parameter(fault: Fault, payload: Mapping[str, Any]) -> str | None:
    """The parameter this fault complains about, if the request has it."""
    response_format = (payload.get("response_format") or {}).get("type")
    match fault.name:
        case "no_json_schema" if response_format == "json_schema":
            return "response_format"
        case "no_response_format" if response_format:
            return "response_format"
        case "bad_parameter" if fault.options.get("param", "temperature") in payload:
            return fault.options.get("param", "temperature")
        case _:
            return None


def _error(kind: str, code: str | None, message: str, param: str | None) -> str:
    return json.dumps({"error": {"message": message, "type": kind, "param": param, "code": code}})
