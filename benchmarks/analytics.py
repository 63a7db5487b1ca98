"""How analytics grows: metrics and dashboard at 100,000, 1,000,000 and 10,000,000 events, and exports beside psql.

    python -m benchmarks.analytics [--sizes 100000,1000000,10000000] [--asks 40] [--rounds 5]

The events lie on 90 days and are put there by COPY. Every time is measured by a client over HTTP, with the web server
`make run` starts. Export and dashboard are measured at the second size.
"""

from __future__ import annotations

import argparse
import re
import statistics
import time
from collections.abc import Callable
from functools import partial

import requests

from benchmarks import exports
from benchmarks.past import DAYS, EVENTS_A_GENERATION, load
from tests.support.processes import PASSWORD, ApiClient, Stack

DASHBOARD = "/admin/analytics/event/dashboard/"
ASKED = (
    "analytics/ai-metrics",
    "analytics/builder-metrics",
    "analytics/stats",
    "analytics/experiment",
    "analytics/events?limit=100",
    "analytics/events?type=ai_content_generated&limit=50",
    "analytics/interactions?limit=100",
)

SESSIONS = """
INSERT INTO sessions_builder_trainingsession (id, owner_id, title, state, version, generation_source, time_zone,
    category, session_type, duration_minutes, brief, outline, sources, created_at, updated_at)
SELECT gen_random_uuid(), u.id, 'Title', CASE WHEN n %% 2 = 0 THEN 'draft' ELSE 'published' END, 1, 'rag', 'UTC',
    'Prospecting', 'workshop', 90, '{}', '{"sections": []}', '[]', now() - n * interval '90 days' / %s, now()
FROM generate_series(1, %s) n, auth_user u WHERE u.username = 'author'
"""
# The duties of the tick process.
COUNT = """
from analytics import rollups
from sessions_builder.evidence.tallies import fold_tallies
rollups.refresh()
fold_tallies()
"""


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="100000,1000000,10000000")
    parser.add_argument("--asks", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    sizes = [int(size) for size in arguments.sizes.split(",")]
    with Stack(workers=0) as stack:
        stack.stop("tick")  # it would count at its own times
        api = ApiClient(stack, "analyst")
        print("events", "what", "median ms", "p95 ms", sep="\t")
        there = 0
        for size in sizes:
            _grow(stack, there // EVENTS_A_GENERATION, size // EVENTS_A_GENERATION)
            there = size
            for path in ASKED:
                _print(size, path, _times(partial(_ask, api, path), arguments.asks))
            _print(size, "dashboard", _times(_dashboard(stack), arguments.asks))
            if size == sizes[min(1, len(sizes) - 1)]:
                exports.measure(stack, api, arguments.rounds)


def _grow(stack: Stack, there: int, wanted: int) -> None:
    """Add generations and their sessions, and count them as the tick process would."""
    started = time.monotonic()
    load(stack.database_url, wanted - there, first=there)
    stack.sql(SESSIONS, wanted - there, wanted - there)
    stack.sql("VACUUM ANALYZE sessions_builder_trainingsession")
    loaded = time.monotonic()
    stack.manage("shell", "-c", COUNT)
    stack.sql("VACUUM ANALYZE analytics_dailyrollup, sessions_builder_sessiontally")
    counted = time.monotonic()
    size = wanted * EVENTS_A_GENERATION
    print(size, f"loaded in {loaded - started:.0f} s, rolled up in {counted - loaded:.0f} s", sep="\t", flush=True)


def _times(ask: Callable[[], None], asks: int) -> list[float]:
    """Milliseconds of each question after a first one that warms up."""
    ask()
    found = []
    for _ in range(asks):
        started = time.perf_counter()
        ask()
        found.append((time.perf_counter() - started) * 1000)
    return found


def _ask(api: ApiClient, path: str) -> None:
    answer = api.request("GET", path)
    assert answer.status_code == 200, answer.text


def _dashboard(stack: Stack, days: int = DAYS) -> Callable[[], None]:
    """A function that opens the dashboard of so many days as product staff."""
    browser = requests.Session()
    page = browser.get(f"{stack.url}/login/", timeout=30).text
    token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[0]
    form = {"username": "product", "password": PASSWORD, "csrfmiddlewaretoken": token}
    browser.post(f"{stack.url}/login/", data=form, headers={"Referer": stack.url}, timeout=30)
    today = time.time()
    start, end = (time.strftime("%Y-%m-%d", time.gmtime(today - ago * 86400)) for ago in (days - 1, 0))

    def ask() -> None:
        answer = browser.get(f"{stack.url}{DASHBOARD}", params={"start": start, "end": end}, timeout=60)
        assert answer.status_code == 200, answer.url
        assert "Sign in" not in answer.text[:2000]

    return ask


def _print(size: int, what: str, times: list[float]) -> None:
    p95 = statistics.quantiles(times, n=20)[-1]
    print(size, what, f"{statistics.median(times):.0f}", f"{p95:.0f}", sep="\t", flush=True)


if __name__ == "__main__":
    main()
