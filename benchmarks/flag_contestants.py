"""One flag library deciding in a loop, in a process of its own; `benchmarks.flags` runs each several times.

    python -m benchmarks.flag_contestants NAME

Prints nanoseconds per decision, the share of users that were on, and for ours the queries that were made. Every library
decides a flag that is on for half of the users, from memory, for 1,000 users in turn.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from hashlib import md5
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

PACKAGES = Path(__file__).resolve().parents[1] / "var" / "bench-packages"
KEYS = [str(number) for number in range(1_000_000, 1_001_000)]
FLAG = "variant_generation_v2"
ROUNDS = 7

Decide = Callable[[Any], object]


def ours() -> tuple[Decide, list[Any]]:
    """`featureflags.flags.decide`, as the product calls it."""
    import_module("django").setup()
    decide = import_module("featureflags.flags").decide
    return (lambda user: decide(FLAG, user)), [SimpleNamespace(pk=int(key)) for key in KEYS]


def waffle() -> tuple[Decide, list[Any]]:
    """A percentage flag in django-waffle, its cache in memory; what it keeps on the request is dropped each time."""
    settings = import_module("django.conf").settings
    settings.configure(
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "waffle"],
        CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
    )
    import_module("django").setup()
    import_module("django.core.management").call_command("migrate", verbosity=0)
    flag = import_module("waffle").get_waffle_flag_model()
    flag.objects.create(name=FLAG, percent=50)
    is_active = import_module("waffle").flag_is_active
    user = import_module("django.contrib.auth.models").AnonymousUser()

    def decide(request: Any) -> object:
        request.waffles = {}
        return is_active(request, FLAG)

    return decide, [SimpleNamespace(user=user, COOKIES={}, GET={}, META={}, headers={}) for _ in KEYS]


def unleash() -> tuple[Decide, list[Any]]:
    """A gradual rollout in UnleashClient, from a bootstrapped cache, without any traffic."""
    client_package = import_module("UnleashClient")
    cache = import_module("UnleashClient.cache").FileCache("bench")
    strategy = {
        "name": "flexibleRollout",
        "parameters": {"rollout": "50", "stickiness": "userId", "groupId": FLAG},
    }
    feature = {"name": FLAG, "enabled": True, "strategies": [strategy]}
    cache.bootstrap_from_dict({"version": 1, "features": [feature]})
    client = client_package.UnleashClient(
        "http://127.0.0.1:1/", "bench", disable_metrics=True, disable_registration=True, cache=cache
    )
    client.initialize_client(fetch_toggles=False)
    return (lambda context: client.is_enabled(FLAG, context)), [{"userId": key} for key in KEYS]


def growthbook() -> tuple[Decide, list[Any]]:
    """A forced value with coverage in growthbook, evaluated locally."""
    rule = {"coverage": 0.5, "hashAttribute": "id", "force": True}
    client = import_module("growthbook").GrowthBook(features={FLAG: {"defaultValue": False, "rules": [rule]}})

    def decide(attributes: dict[str, str]) -> object:
        client.set_attributes(attributes)
        return client.is_on(FLAG)

    return decide, [{"id": key} for key in KEYS]


def openfeature() -> tuple[Decide, list[Any]]:
    """openfeature-sdk over its in-memory provider: what the abstraction alone costs."""
    api = import_module("openfeature.api")
    memory = import_module("openfeature.provider.in_memory_provider")
    context = import_module("openfeature.evaluation_context").EvaluationContext
    api.set_provider(memory.InMemoryProvider({FLAG: memory.InMemoryFlag("on", {"on": True, "off": False})}))
    client = api.get_client()
    return (lambda subject: client.get_boolean_value(FLAG, False, subject)), [context(key) for key in KEYS]


def bare_md5() -> tuple[Decide, list[Any]]:
    """Nothing but the hash and the comparison."""
    return (lambda key: int(md5(f"salt-{key}".encode()).hexdigest()[:8], 16) % 10_000 < 5000), KEYS


CONTESTANTS: dict[str, Callable[[], tuple[Decide, list[Any]]]] = {
    "ours": ours,
    "django-waffle": waffle,
    "UnleashClient": unleash,
    "growthbook": growthbook,
    "openfeature-sdk": openfeature,
    "bare md5": bare_md5,
}


def measure(decide: Decide, subjects: list[Any]) -> float:
    """Return the median over rounds of the nanoseconds per decision: CPU time, which a busy machine hardly moves."""
    for subject in subjects:
        decide(subject)
    rounds = []
    for _ in range(ROUNDS):
        started = time.thread_time_ns()
        for subject in subjects:
            decide(subject)
        rounds.append((time.thread_time_ns() - started) / len(subjects))
    return statistics.median(rounds)


def main(name: str) -> None:
    """Measure one and print the outcome as JSON."""
    sys.path.append(str(PACKAGES))  # last, so that what both have is the product's own
    decide, subjects = CONTESTANTS[name]()
    nanoseconds = measure(decide, subjects)
    answer: dict[str, float] = {"ns": nanoseconds, "on": sum(_is_on(decide(one)) for one in subjects) / len(subjects)}
    if name == "ours":
        answer["queries"] = _queries(decide, subjects)
    print(json.dumps(answer), flush=True)
    import_module("os")._exit(0)  # some clients keep threads


def _is_on(outcome: Any) -> bool:
    return bool(getattr(outcome, "enabled", outcome))


def _queries(decide: Decide, subjects: list[Any]) -> int:
    """Return the queries of a loop that lies between two checks for a new version."""
    capture = import_module("django.test.utils").CaptureQueriesContext
    connection = import_module("django.db").connection
    store = import_module("featureflags.snapshot").store
    store.expire()
    decide(subjects[0])
    with capture(connection) as queries:
        for subject in subjects:
            decide(subject)
    return len(queries)


if __name__ == "__main__":
    main(sys.argv[1])
