"""Decisions in the protocol's words."""

import pytest

from featureflags.evaluation import Decision, Reason
from featureflags.ofrep.answers import evaluation, status_of


def decision(reason: Reason, enabled: bool = False) -> Decision:
    return Decision(enabled, reason, 12.34, 50.0, 7)


def test_it_works() -> None:
    assert evaluation("x", decision(Reason.ROLLOUT_OPT_IN, True), detailed=True) == {
        "key": "x",
        "value": True,
        "reason": "SPLIT",
        "variant": "on",
        "metadata": {"decisionReason": "rollout_opt_in", "percentage": 50.0, "revision": 7, "sample": 12.34},
    }


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (Reason.ENVIRONMENT_KILL, (200, "DISABLED", None)),
        (Reason.FLAG_DISABLED, (200, "DISABLED", None)),
        (Reason.OVERRIDE_ON, (200, "TARGETING_MATCH", None)),
        (Reason.OVERRIDE_OFF, (200, "TARGETING_MATCH", None)),
        (Reason.FULL_ROLLOUT, (200, "STATIC", None)),
        (Reason.ROLLOUT_ZERO, (200, "STATIC", None)),
        (Reason.ROLLOUT_OPT_IN, (200, "SPLIT", None)),
        (Reason.ROLLOUT_FILTERED, (200, "SPLIT", None)),
        (Reason.FLAG_UNKNOWN, (404, "UNKNOWN", "FLAG_NOT_FOUND")),
        (Reason.TARGETING_KEY_MISSING, (400, "UNKNOWN", "TARGETING_KEY_MISSING")),
    ],
)
def test_every_reason_has_its_word(reason: Reason, expected: tuple[int, str, str | None]) -> None:
    answer = evaluation("x", decision(reason), detailed=False)
    assert (status_of(answer), answer["reason"], answer.get("errorCode")) == expected


@pytest.mark.parametrize("reason", list(Reason))
def test_every_answer_has_what_clients_read_without_looking(reason: Reason) -> None:
    answer = evaluation("x", decision(reason), detailed=False)
    assert {"key", "value", "reason", "variant", "metadata"} <= answer.keys()
    assert ("errorCode" in answer) == ("errorDetails" in answer)


def test_nobody_in_particular_has_no_sample() -> None:
    nobody = Decision(True, Reason.FULL_ROLLOUT, None, 100.0, 3)
    assert "sample" not in evaluation("x", nobody, detailed=True)["metadata"]
