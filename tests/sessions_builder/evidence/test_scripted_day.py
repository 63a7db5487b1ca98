"""A day with the real product, written down beforehand: the numbers are those of the script, worked out by hand."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from config.local_process import wait_until
from tests.support.processes import ApiClient, Stack

pytestmark = pytest.mark.timeout(240)

# The fake model's usage at the first price of gpt-5.4-mini: 1376 new, 1024 cached and 1100 written tokens.
CALL_USD = (1376 * 0.75 + 1024 * 0.075 + 1100 * 4.5) / 1e6
PAUSE = timedelta(minutes=5)


class Day:
    """The author's day and the analyst who looks at it."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.author, self.analyst = ApiClient(stack), ApiClient(stack, "analyst")

    def post(self, path: str, body: dict[str, Any] | None = None, *, status: int = 200) -> Any:
        answer = self.author.request("POST", path, json=body or {})
        assert answer.status_code == status, (path, answer.status_code, answer.text)
        return answer.json() if answer.content else None

    def generation(
        self, outcome: str = "Book five qualified appointments a week with a short script"
    ) -> dict[str, Any]:
        return self.author.ended(self.author.submit({"desiredOutcome": outcome}))

    def choose(self, generation: dict[str, Any], number: int, *, status: int = 200) -> Any:
        return self.post(f"generations/{generation['id']}/variants/{number}/select", status=status)

    def reject_and_take_back(self, generation: dict[str, Any], number: int) -> None:
        path = f"generations/{generation['id']}/variants/{number}/reject"
        self.post(path, status=204)
        assert self.author.request("DELETE", path).status_code == 204

    def edit(self, session: dict[str, Any], **changes: Any) -> dict[str, Any]:
        path = f"sessions/{session['id']}"
        answer = self.author.request("PATCH", path, json={"version": session["version"], **changes})
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    def publish(self, session: dict[str, Any]) -> dict[str, Any]:
        path, version = f"sessions/{session['id']}/publish", {"version": session["version"]}
        published: dict[str, Any] = self.post(path, version)
        assert self.post(path, version)["state"] == "published"
        return published

    def metrics(self, name: str, **query: str) -> dict[str, Any]:
        answer = self.analyst.request("GET", f"analytics/{name}", params=query)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def events(self) -> list[dict[str, Any]]:
        lines = self.analyst.request("GET", "analytics/export", params={"format": "ndjson"}).text
        return [json.loads(line) for line in lines.splitlines()]


def told_by_browser(day: Day, session: dict[str, Any], *minutes_ago: float) -> None:
    """The brief page and the editor say that they were opened and, each time after, that somebody was at work."""
    now = datetime.now(UTC)
    brief_page = {"id": str(uuid.uuid4()), "type": "builder_opened", "occurredAt": (now - PAUSE).isoformat()}
    events: list[dict[str, Any]] = [
        {
            "id": str(uuid.uuid4()),
            "type": "builder_active" if place else "builder_opened",
            "occurredAt": (now - timedelta(minutes=minutes)).isoformat(),
            "sessionId": session["id"],
            "metadata": {"activeTime": 60_000} if place else {},
        }
        for place, minutes in enumerate(minutes_ago)
    ]
    events.append(brief_page)
    for _ in range(2):  # sent twice, as after a lost answer
        answer = day.post("events", {"events": events}, status=207)
    assert {result["status"] for result in answer["results"]} == {200}


def active_ms(events: list[dict[str, Any]]) -> dict[str, float]:
    """Milliseconds of work on each session by the times of its events, pauses over five minutes left out."""
    times: dict[str, list[datetime]] = {}
    for event in events:
        if event["sessionId"]:
            times.setdefault(event["sessionId"], []).append(datetime.fromisoformat(event["occurredAt"]))
    return {
        session: sum((b - a).total_seconds() * 1000 for a, b in pairwise(sorted(moments)) if b - a <= PAUSE)
        for session, moments in times.items()
    }


def test_it_works() -> None:
    with Stack(workers=1, GENERATION_MAX_UNFINISHED_PER_USER="20") as stack:
        stack.stop("tick")  # counted when the script says so
        day = Day(stack)
        whole = day.generation()
        day.reject_and_take_back(whole, 2)
        day.choose(whole, 2)
        first = day.choose(whole, 1)
        told_by_browser(day, first, 30, 28, 26.5)
        first = day.publish(day.edit(day.edit(first, title="Calls that book"), startsAt="2027-01-05T09:00:00Z"))

        partial = day.generation("Answer the five objections everybody hears [[fault:model:refusal:variant=3]]")
        day.choose(partial, 3, status=409)
        day.post(f"generations/{partial['id']}/variants/1/reject", {"reason": "too long"}, status=204)
        second = day.edit(day.choose(partial, 4), title="Objections")

        failed = day.generation("Nothing of this can be written by a model today [[fault:model:refusal]]")
        draft = day.post(f"generations/{failed['id']}/offline-draft", status=202)
        day.choose(day.author.ended(draft["id"]), 1)

        stack.provider.hold(1, 2, 3, 4)
        waiting = day.author.submit()
        day.author.until(waiting, lambda body: body["state"] == "generating")
        day.post(f"generations/{waiting}/cancel", status=202)
        day.author.ended(waiting)
        stack.provider.reset()

        stack.manage("flag", "set", "variant_generation_v2", "--off", "--reason", "legacy for the rest of the day")
        features = lambda: day.author.request("GET", "config/features").json()  # noqa: E731
        assert wait_until(lambda: not features()["features"]["variant_generation_v2"], seconds=10), features()
        legacy = day.generation("Close the conversation with one clear question")
        third = day.publish(day.choose(legacy, 0))

        stack.manage("shell", "-c", "from analytics import rollups; rollups.refresh()")
        look(day, whole, partial, failed, legacy, sessions=(first, second, third))


def look(
    day: Day,
    whole: dict[str, Any],
    partial: dict[str, Any],
    failed: dict[str, Any],
    legacy: dict[str, Any],
    *,
    sessions: tuple[dict[str, Any], ...],
) -> None:
    """Compare everything the analyst sees with the script."""
    assert [one["state"] for one in (whole, partial, failed, legacy)] == ["succeeded", "partial", "failed", "succeeded"]
    counts = {
        "ai_prompt_submitted": 6,
        "ai_content_generated": 4,
        "ai_content_failed": 2,
        "ai_content_accepted": 5,
        "ai_content_rejected": 3,
        "ai_rejection_withdrawn": 1,
        "builder_opened": 2,
        "builder_active": 2,
        "content_edited": 3,
        "session_published": 2,
    }
    events = day.events()
    assert Counter(event["eventType"] for event in events) == counts
    stats = day.metrics("stats")
    assert (stats["byType"], stats["total"]) == (counts, sum(counts.values()))

    ai = day.metrics("ai-metrics")
    assert (ai["totalPrompts"], ai["successfulGenerations"], ai["failedGenerations"]) == (6, 3, 1)
    assert (ai["cancelledGenerations"], ai["offlineGenerations"], ai["runningGenerations"]) == (1, 1, 0)
    # The offline draft is no evidence, and neither is what was rejected and taken back.
    assert (ai["acceptedGenerations"], ai["rejectedGenerations"]) == (3, 1)
    times = [one["metadata"]["processingTime"] for one in (whole, partial)]
    assert ai["averageProcessingTime"] == round(sum(times) / 2)
    assert ai["rates"]["successRate"]["value"] == pytest.approx(1 / 3)  # whole, not partial, not failed
    assert ai["rates"]["ragSelectionRate"]["value"] == 0.5  # 1 of the whole one, 4 of the partial one
    assert ai["rates"]["ragAvailability"]["value"] == 1
    similarities = [one["metadata"]["averageSimilarity"] for one in (whole, partial)]
    assert ai["rag"]["averageSimilarity"]["value"] == pytest.approx(sum(similarities) / 2, abs=0.006)
    variants = [
        v["processingTime"] for one in (whole, partial, legacy) for v in one["variants"] if v["state"] == "ready"
    ]
    assert ai["times"]["variant"]["n"] == len(variants) == 8
    assert ai["times"]["variant"]["average"] == pytest.approx(sum(variants) / 8, abs=1)
    calls = day.metrics("interactions", limit="100")["interactions"]
    answered = [call for call in calls if call["outcome"] == "ok"]
    assert len(answered) >= 4 + 3 + 1
    assert ai["usage"]["calls"] == len(calls)
    assert ai["usage"]["costUsd"] == pytest.approx(CALL_USD * len([c for c in calls if c["costUsd"]]), abs=1e-6)
    assert ai["topPromptCategories"] == [{"category": "Prospecting", "count": 6}]

    builder = day.metrics("builder-metrics")
    assert (builder["totalSessions"], builder["sessionsWithAI"]) == (4, 4)
    assert (builder["publishedSessions"], builder["draftSessions"]) == (2, 2)
    worked = active_ms(events)
    assert builder["averageBuilderTime"] == pytest.approx(sum(worked.values()) / 4, abs=1)
    assert 210_000 <= worked[sessions[0]["id"]] < 210_000 + 60_000  # two minutes and one and a half, then the script
    assert [step["count"] for step in builder["funnel"]] == [1, 4, 3, 2]
    published = {e["sessionId"]: e["metadata"] for e in events if e["eventType"] == "session_published"}
    assert set(published) == {sessions[0]["id"], sessions[2]["id"]}
    assert published[sessions[0]["id"]]["quality"] == sessions[0]["quality"]["score"]
    assert (published[sessions[0]["id"]]["arm"], published[sessions[2]["id"]]["arm"]) == ("v2", "legacy")
    assert published[sessions[0]["id"]]["activeTime"] == pytest.approx(worked[sessions[0]["id"]], abs=1)

    since = (datetime.now(UTC) - timedelta(hours=2)).isoformat().replace("+00:00", "Z")
    raw = day.metrics("ai-metrics", start=since)
    assert {name: raw[name] for name in ("totalPrompts", "times", "rates", "usage", "rag")} == {
        name: ai[name] for name in ("totalPrompts", "times", "rates", "usage", "rag")
    }
