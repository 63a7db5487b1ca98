"""What is learnt from a server's refusals."""

from __future__ import annotations

import pytest

from sessions_builder.clients.ladder import Capabilities, reasoning_effort
from sessions_builder.pipeline.forms import SECTION
from sessions_builder.pipeline.types import Message

MESSAGES = (Message("system", "Rules."), Message("user", "Brief."))


def test_it_works() -> None:
    body = Capabilities("some-model", 0.7).body(MESSAGES, 6000)

    assert body["messages"] == [{"role": "system", "content": "Rules."}, {"role": "user", "content": "Brief."}]
    assert body["response_format"]["json_schema"]["strict"] is True
    assert (body["model"], body["temperature"], body["max_completion_tokens"]) == ("some-model", 0.7, 6000)


def test_a_section_is_asked_for_in_its_own_form_on_every_step() -> None:
    capabilities = Capabilities("some-model", 0.7)
    strict = capabilities.body(MESSAGES, 6000, SECTION)
    assert strict["response_format"]["json_schema"]["name"] == "section"
    assert "sections" not in strict["response_format"]["json_schema"]["schema"]["properties"]
    assert capabilities.learn(strict, "response_format", "")
    loose = capabilities.body(MESSAGES, 6000, SECTION)
    assert loose["response_format"] == {"type": "json_object"}
    assert '"facilitatorNote"' in loose["messages"][0]["content"]
    assert '"sections"' not in loose["messages"][0]["content"]


REFUSALS = [
    # param, message, names left out of the next body
    ("temperature", "Unsupported value: 'temperature' does not support 0.7 with this model.", {"temperature"}),
    (None, "Unsupported parameter: 'temperature' is not supported.", {"temperature"}),
    ("reasoning_effort", "Unrecognized request argument supplied: reasoning_effort", {"reasoning_effort"}),
    ("reasoning.effort", "Unsupported value: 'none'.", {"reasoning_effort"}),
    (None, "{'loc': ['body', 'max_completion_tokens'], 'msg': 'extra fields'}", {"max_completion_tokens"}),
]


@pytest.mark.parametrize(("param", "message", "without"), REFUSALS)
def test_a_named_parameter_is_left_out(param: str | None, message: str, without: set[str]) -> None:
    capabilities = Capabilities("gpt-5.4-mini", 0.7)
    refused = capabilities.body(MESSAGES, 6000)

    assert capabilities.learn(refused, param, message)

    assert set(refused) - set(capabilities.body(MESSAGES, 6000)) == without


def test_the_older_name_of_the_token_limit_is_tried_before_none() -> None:
    capabilities = Capabilities("some-model", 0.7)

    assert capabilities.learn(capabilities.body(MESSAGES, 6000), "max_completion_tokens", "")
    assert capabilities.body(MESSAGES, 6000)["max_tokens"] == 6000
    assert capabilities.learn(capabilities.body(MESSAGES, 6000), "max_tokens", "")
    assert not {"max_tokens", "max_completion_tokens"} & set(capabilities.body(MESSAGES, 6000))


def test_the_format_steps_down_once_for_calls_refused_together() -> None:
    capabilities = Capabilities("some-model", 0.7)
    first, second = capabilities.body(MESSAGES, 6000), capabilities.body(MESSAGES, 6000)

    assert capabilities.learn(first, "response_format", "")
    assert capabilities.learn(second, None, "Structured output with json_schema is not supported.")

    body = capabilities.body(MESSAGES, 6000)
    assert body["response_format"] == {"type": "json_object"}
    assert "JSON schema" in body["messages"][0]["content"]
    assert capabilities.learn(body, "response_format", "")
    assert "response_format" not in capabilities.body(MESSAGES, 6000)


@pytest.mark.parametrize(
    ("param", "message"),
    [
        ("messages", "This model's maximum context length is 8192 tokens."),
        (None, "The model temperature-xl does not exist"),
        (None, ""),
        ("top_p", "Unsupported parameter: 'top_p'."),
    ],
)
def test_a_refusal_about_something_else_teaches_nothing(param: str | None, message: str) -> None:
    capabilities = Capabilities("some-model", 0.7)
    before = capabilities.body(MESSAGES, 6000)
    before.pop("temperature")

    assert not capabilities.learn(before, param, message)


@pytest.mark.parametrize(
    ("model", "effort"),
    [
        ("gpt-5.4-mini", "none"),
        ("openai/gpt-5.1", "none"),
        ("gpt-5-mini", "low"),
        ("o4-mini", "low"),
        ("gpt-5-chat-latest", None),
        ("gpt-4.1-mini", None),
        ("llama-3.3-70b", None),
        ("olmo-2", None),
    ],
)
def test_reasoning_models_are_asked_for_the_least_effort(model: str, effort: str | None) -> None:
    assert reasoning_effort(model) == effort
