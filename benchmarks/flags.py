"""Flags: what a decision costs beside others, how long a change takes to arrive, and pages at 100,000 users.

    python -m benchmarks.flags [--rounds 5] [--users 100000]

`make bench` installs the others (requirements-bench.txt) into var/bench-packages first.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import requests

from benchmarks.flag_contestants import CONTESTANTS
from featureflags.evaluation import shard
from tests.featureflags.deciders import Deciders
from tests.support.processes import PASSWORD, ROOT, Stack

FLAG = "variant_generation_v2"
ASKS = 20
ARRIVAL_SECONDS = 30.0
CROWD = """
INSERT INTO auth_user (password, is_superuser, username, first_name, last_name, email, is_staff, is_active, date_joined)
SELECT '!', false, gen_random_uuid(), '', '', '', false, true, now() FROM generate_series(1, %s) n
"""


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--users", type=int, default=100_000)
    arguments = parser.parse_args()
    with Stack(workers=0) as stack:
        _decisions(stack, arguments.rounds)
        staff = Staff(stack)
        _arrival(stack, staff, arguments.rounds)
        for users in (arguments.users // 100, arguments.users // 10, arguments.users):
            _pages(stack, staff, users)


class Staff:
    """A browser of the product staff, as far as it matters here."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.session = requests.Session()
        login = f"{stack.url}/login/"
        self.session.get(login, timeout=30)
        self.session.post(login, data={"username": "product", "password": PASSWORD, **self._token()}, timeout=30)
        ((key,),) = stack.sql("SELECT id FROM featureflags_flag WHERE key = %s", FLAG)
        self.page = f"{stack.url}/admin/featureflags/flag/{key}/"

    def get(self, path: str = "change/") -> requests.Response:
        answer = self.session.get(self.page + path, timeout=60)
        answer.raise_for_status()
        return answer

    def shown(self, percentage: int) -> str:
        """What the page that asks for a confirmation wants to have back."""
        fields = re.findall(r'<input type="hidden" name="previewed" value="([^"]+)"', self.save(percentage).text)
        assert fields, "no confirmation was asked for"
        return str(fields[0])

    def save(self, percentage: int, *, shown: str = "") -> requests.Response:
        """Send the form; it is stored only with what was `shown` before."""
        ((name, revision),) = self.stack.sql("SELECT name, revision FROM featureflags_flag WHERE key = %s", FLAG)
        sent = {
            "enabled": "on",
            "percentage": str(percentage),
            "reason": "measuring",
            "name": name,
            "kind": "rollout",
            "opened_revision": str(revision),
            "previewed": shown,
            **self._token(),
        }
        return self.session.post(self.page + "change/", data=sent, timeout=60, allow_redirects=False)

    def _token(self) -> dict[str, str]:
        return {"csrfmiddlewaretoken": self.session.cookies.get("csrftoken") or ""}


def _decisions(stack: Stack, rounds: int) -> None:
    """Each library in processes of its own, in turns, so that a noisy minute hits all of them."""
    stack.manage("flag", "set", FLAG, "--on", "--rollout", "50", "--reason", "measuring")
    found: dict[str, list[dict[str, float]]] = {name: [] for name in CONTESTANTS}
    for _ in range(rounds):
        for name, answers in found.items():
            environment = stack.environment | ({"DJANGO_SETTINGS_MODULE": "config.settings"} if name == "ours" else {})
            command = [sys.executable, "-m", "benchmarks.flag_contestants", name]
            done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
            if done.returncode:
                raise SystemExit(f"{name}: {done.stderr}")
            answers.append(json.loads(done.stdout.splitlines()[-1]))
    own = statistics.median(answer["ns"] for answer in found["ours"])
    print("decision by", "ns", "÷ ours", "share on", "queries", sep="\t")
    for name, answers in found.items():
        middle = statistics.median(answer["ns"] for answer in answers)
        queries = max(answer["queries"] for answer in answers) if name == "ours" else "-"
        print(name, f"{middle:.0f}", f"{middle / own:.2f}", f"{answers[0]['on']:.2f}", queries, sep="\t", flush=True)


def _arrival(stack: Stack, staff: Staff, rounds: int) -> None:
    """From pressing Save to the last process that decides anew: a web process, two workers and three forked ones."""
    deciders = Deciders(stack.database_url)
    try:
        for role in ("web", "worker", "worker"):
            deciders.start(role, "watch", str(rounds))
        deciders.start("command", "fork", str(rounds), "3")
        deciders.reports("ready", 6, ARRIVAL_SECONDS)
        seconds = []
        for number in range(rounds):
            shown = staff.shown(20 + number)
            started = time.monotonic()
            answer = staff.save(20 + number, shown=shown)
            assert answer.status_code == 302, answer.text
            seen = deciders.reports("changed", 6, ARRIVAL_SECONDS)
            seconds.append(max(report["newer_at"] for report in seen) - started)
    finally:
        deciders.close()
    print(
        f"save to last of 6 processes: median {statistics.median(seconds):.2f} s, worst {max(seconds):.2f} s",
        flush=True,
    )


def _pages(stack: Stack, staff: Staff, users: int) -> None:
    """Flag page, preview and confirmation with this many users, and whether the blast radius is exact."""
    stack.sql(CROWD, users - stack.sql("SELECT count(*) FROM auth_user")[0][0])
    stack.sql("VACUUM ANALYZE auth_user")
    ((salt, low),) = stack.sql("SELECT salt, basis_points FROM featureflags_flag WHERE key = %s", FLAG)
    keys = [str(key) for (key,) in stack.sql("SELECT id FROM auth_user WHERE is_active")]
    expected = sum(low <= shard(salt, key) < 9000 for key in keys)
    preview = staff.get("preview/?percentage=90&enabled=true").json()
    exact = preview["affected"] == expected
    confirmation = re.sub(r"\s+", " ", staff.save(90).text)
    assert f"+{expected} users on" in confirmation
    figures = (
        _median(lambda: staff.get()),
        _median(lambda: staff.get("preview/?percentage=90&enabled=true")),
        _median(lambda: staff.save(90)),
    )
    shown = [
        f"{name} {seconds * 1000:.0f} ms" for name, seconds in zip(("page", "preview", "confirm"), figures, strict=True)
    ]
    print(users, "users:", ", ".join(shown), "exact" if exact else f"WRONG: {preview} for {expected}", flush=True)


def _median(ask: Callable[[], object]) -> float:
    times = []
    for _ in range(ASKS):
        started = time.monotonic()
        ask()
        times.append(time.monotonic() - started)
    return statistics.median(times)


if __name__ == "__main__":
    main()
