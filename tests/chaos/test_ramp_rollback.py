"""A ramp in the running product: the provider fails, the numbers fall, and the next tick takes the rollout back."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.processes import ApiClient, Stack

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(240)]

FLAG = "variant_generation_v2"
SAMPLES = 3
SERVED = f"""
import json
from types import SimpleNamespace
from featureflags import services
from featureflags.flags import is_enabled
from featureflags.models import Guardrail, RampPlan, Source
from featureflags.services import Rule, Step
def served():
    print(json.dumps([number for number in range(300) if is_enabled("{FLAG}", SimpleNamespace(pk=number))]))
common = {{"source": Source.ADMIN, "reason": "spring release"}}
"""
START = f"""{SERVED}
rule = Rule("success_rate", Guardrail.Check.BELOW, 0.95, minimum_samples={SAMPLES}, action=Guardrail.Action.ROLL_BACK)
plan = services.create_ramp("{FLAG}", steps=[Step(60, hold_minutes=0), Step(90)], rules=[rule], **common)
services.start_ramp(plan, **common)
served()
"""
RESUME = f"""{SERVED}
served()
services.resume_ramp(RampPlan.objects.get(flag__key="{FLAG}"), **common)
served()
"""


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with Stack(GENERATION_MAX_UNFINISHED_PER_USER="20", ALERT_EMAILS="ops@example.org") as stack:
        stack.stop("tick")  # the test is the tick
        yield stack


def run(stack: Stack, script: str) -> list[list[int]]:
    """Run a script in a new process; return who of the first 300 user ids the flag was on for, each time it asked."""
    return [json.loads(line) for line in stack.manage("shell", "--no-imports", "-c", script).splitlines()]


def ramp(stack: Stack) -> tuple[str, int]:
    """State and step of the ramp."""
    state, position = stack.sql("SELECT state, position FROM featureflags_rampplan")[0]
    return str(state), int(position)


def author_on(stack: Stack) -> None:
    """Move the author to the front of the rollout: a salt under which they come first."""
    ((author,),) = stack.sql("SELECT id FROM auth_user WHERE username = 'author'")
    stack.sql(
        """
        UPDATE featureflags_flag SET salt = (SELECT n::text FROM generate_series(1, 1000) n
            WHERE (('x' || substr(md5(n || '-' || %s), 1, 8))::bit(32)::bigint) %% 10000 < 1000 LIMIT 1) WHERE key = %s
        """,
        author,
        FLAG,
    )


def test_a_failing_provider_takes_the_rollout_back_within_one_evaluation(stack: Stack, api: ApiClient) -> None:
    author_on(stack)
    (before,) = run(stack, START)
    assert 120 < len(before) < 240

    stack.manage("tick")
    assert ramp(stack) == ("running", 1), "without data a ramp neither goes on nor back, though its hold is over"

    stack.provider.fault("model:insufficient_quota")
    running = [api.submit({"desiredOutcome": f"Book {number} appointments a week"}) for number in range(SAMPLES)]
    ended: list[dict[str, Any]] = [api.ended(identity) for identity in running]
    assert {(body["state"], body["decision"]["reason"]) for body in ended} == {("failed", "rollout_opt_in")}

    stack.manage("tick")
    assert ramp(stack) == ("rolled_back", 0)
    ((source, reason, evidence, percentage),) = stack.sql(
        "SELECT source, reason, evidence, after ->> 'percentage' FROM featureflags_flagchange ORDER BY id DESC LIMIT 1"
    )
    finding = evidence["findings"][0]
    assert (source, percentage, evidence["move"]) == ("guardrail", "0.0", "roll_back")
    assert (finding["metric"], finding["value"], finding["samples"]) == ("success_rate", 0.0, SAMPLES)
    ((kind, severity, summary, told),) = stack.sql(
        "SELECT kind, severity, summary, (SELECT count(*) FROM analytics_alertnotice n WHERE n.alert_id = a.id)"
        " FROM analytics_alert a WHERE closed_at IS NULL AND kind LIKE 'ramp%%'"
    )
    assert (kind, severity, told) == (f"ramp_rolled_back:{FLAG}", "critical", 1)
    assert reason in summary

    rolled_back, resumed = run(stack, RESUME)
    assert (rolled_back, resumed) == ([], before)
    stack.manage("tick")
    assert stack.sql("SELECT count(*) FROM analytics_alert WHERE closed_at IS NULL AND kind LIKE 'ramp%%'") == [(0,)]
