"""The rules of a decision, as tables."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from featureflags.evaluation import BUCKETS, FlagState, Hold, Override, Reason, basis_points_of, evaluate, shard

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SALT = "0f3c9a"  # subject 7 is in bucket 5627, subject 8 in bucket 3399
ON, OFF = (Override(True),), (Override(False),)


def flag(**values: object) -> FlagState:
    defaults = {"key": "x", "enabled": True, "basis_points": 5000, "salt": SALT, "revision": 3, "overrides": {}}
    return FlagState(**(defaults | values))


def test_it_works() -> None:
    decision = evaluate(flag(), "8", now=NOW)
    assert decision.enabled
    assert decision.reason is Reason.ROLLOUT_OPT_IN
    assert (decision.sample, decision.percentage, decision.revision) == (33.99, 50.0, 3)


@pytest.mark.parametrize(
    ("salt", "key", "expected"), [("a", "zoë", 7198), ("a", "日本", 5560), ("0f3c9a", "7", 5627), ("0f3c9a", "8", 3399)]
)
def test_shard_is_the_published_one(salt: str, key: str, expected: int) -> None:
    assert shard(salt, key) == expected


@pytest.mark.parametrize(
    ("state", "key", "hold", "reason"),
    [
        (None, "8", Hold.KILL, "flag_unknown"),
        (flag(enabled=False, overrides={"8": ON}), "8", Hold.KILL, "environment_kill"),
        (flag(basis_points=10_000, overrides={"8": ON}), "8", Hold.KILL, "environment_kill"),
        (flag(enabled=False, overrides={"8": ON}), "8", Hold.NONE, "flag_disabled"),
        (flag(enabled=False), None, Hold.NONE, "flag_disabled"),
        (flag(basis_points=0, overrides={"8": ON}), "8", Hold.NONE, "override_on"),
        (flag(basis_points=10_000, overrides={"8": OFF}), "8", Hold.NONE, "override_off"),
        (flag(overrides={"8": ON}), "8", Hold.ZERO, "override_on"),
        (flag(overrides={"8": ON}), "7", Hold.ZERO, "rollout_zero"),
        (flag(basis_points=10_000), "7", Hold.NONE, "full_rollout"),
        (flag(basis_points=10_000), None, Hold.NONE, "full_rollout"),
        (flag(basis_points=10_000), "7", Hold.ZERO, "rollout_zero"),
        (flag(basis_points=0), "7", Hold.NONE, "rollout_zero"),
        (flag(basis_points=0), None, Hold.NONE, "rollout_zero"),
        (flag(basis_points=1), None, Hold.NONE, "targeting_key_missing"),
        (flag(basis_points=9_999), None, Hold.NONE, "targeting_key_missing"),
        (flag(basis_points=3399), "8", Hold.NONE, "rollout_filtered"),
        (flag(basis_points=3400), "8", Hold.NONE, "rollout_opt_in"),
    ],
)
def test_order_of_the_rules(state: FlagState | None, key: str | None, hold: Hold, reason: str) -> None:
    decision = evaluate(state, key, now=NOW, hold=hold)
    assert decision.reason == reason
    assert decision.enabled is (reason in ("override_on", "full_rollout", "rollout_opt_in"))


@pytest.mark.parametrize(
    ("state", "hold", "percentage"),
    [
        (flag(), Hold.NONE, 50.0),
        (flag(basis_points=1), Hold.NONE, 0.01),
        (flag(), Hold.ZERO, 0.0),
        (flag(), Hold.KILL, 0.0),
        (flag(enabled=False), Hold.NONE, 0.0),
    ],
)
def test_percentage_is_the_effective_one(state: FlagState, hold: Hold, percentage: float) -> None:
    assert evaluate(state, "8", now=NOW, hold=hold).percentage == percentage


@pytest.mark.parametrize(
    ("overrides", "reason"),
    [
        ((Override(True, NOW),), "rollout_zero"),
        ((Override(True, NOW + timedelta(seconds=1)),), "override_on"),
        ((Override(True, NOW - timedelta(days=1)), Override(False)), "override_off"),
        ((Override(False), Override(True)), "override_off"),
    ],
)
def test_the_first_override_that_has_not_expired_counts(overrides: tuple[Override, ...], reason: str) -> None:
    state = flag(basis_points=0, overrides={"8": overrides})
    assert evaluate(state, "8", now=NOW).reason == reason


@given(st.text(st.characters(codec=None)), st.text(st.characters(codec=None)))
def test_every_key_has_a_bucket(salt: str, key: str) -> None:
    assert 0 <= shard(salt, key) < BUCKETS


@pytest.mark.parametrize(
    ("percentage", "points"), [(0, 0), ("0.01", 1), (12.34, 1234), ("100", 10_000), (100.0, 10_000), (" 5 ", 500)]
)
def test_basis_points(percentage: object, points: int) -> None:
    assert basis_points_of(percentage) == points


@pytest.mark.parametrize("percentage", [-0.01, 100.01, "0.001", "ten", "", "NaN", "Infinity", 1e308, True, None])
def test_no_basis_points(percentage: object) -> None:
    with pytest.raises(ValueError, match=r"percentage|outside|decimals"):
        basis_points_of(percentage)
