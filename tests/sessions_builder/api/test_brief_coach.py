"""POST /api/briefs/coach"""

from typing import Any

import pytest
from django.test import Client

from featureflags.ofrep.throttle import RequestCounter
from sessions_builder.throttles import CoachThrottle
from tests.sessions_builder.api.conftest import BRIEF

URL = "/api/briefs/coach"


@pytest.fixture(autouse=True)
def _own_counter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CoachThrottle, "counter", RequestCounter(clock=lambda: 5.0))


def ask(client: Client, **body: Any) -> Any:
    return client.post(URL, body, content_type="application/json")


def test_it_works(api: Client) -> None:
    body = ask(api, **BRIEF).json()
    assert [hint["field"] for hint in body["hints"]] == ["currentProblem", "specificTopics", "audienceName"]
    better = ask(api, **BRIEF, audienceName="New advisors", specificTopics=["opening"]).json()
    assert better["score"] > body["score"] > ask(api).json()["score"]


@pytest.mark.parametrize("body", [{"audienceId": 7}, {"startTime": "2026-03-02T09:00"}, {"desiredOutcome": "x"}])
def test_half_a_brief_is_fine(api: Client, body: dict[str, Any]) -> None:
    assert ask(api, **body).status_code == 200


@pytest.mark.parametrize(
    "body", [{"unknown": 1}, {"durationMinutes": 5}, {"specificTopics": "x"}, {"desiredOutcome": "a\x00"}]
)
def test_a_wrong_value(api: Client, body: dict[str, Any]) -> None:
    response = ask(api, **body)
    assert response.status_code == 400
    assert list(response.json()["error"]["fields"]) == list(body)


def test_asking_in_a_loop_is_slowed_down(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CoachThrottle, "limit", 1)
    assert [ask(api).status_code for _ in range(2)] == [200, 429]
