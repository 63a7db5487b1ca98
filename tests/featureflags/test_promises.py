"""What holds for every salt, key and percentage: monotone, the same set again, independent flags, SQL as Python."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from featureflags import services
from featureflags.evaluation import FlagState, evaluate, shard
from featureflags.flags import decide_for_key
from featureflags.models import Flag, Source

V2 = "variant_generation_v2"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
KEYS = [str(number) for number in range(2_000)]
USERS = 10_000
salts = st.text("0123456789abcdef", min_size=1, max_size=32)
points = st.integers(0, 10_000)
# PostgreSQL stores neither NUL nor lone surrogates.
texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)
SHARD = "(('x' || substr(md5(salt || '-' || key), 1, 8))::bit(32)::bigint) % 10000"


def on(salt: str, basis_points: int, *, enabled: bool = True, keys: list[str] = KEYS[:200]) -> set[str]:
    """Return the keys a flag is on for."""
    flag = FlagState("x", enabled, basis_points, salt, 1)
    return {key for key in keys if evaluate(flag, key, now=NOW).enabled}


@settings(max_examples=60, deadline=None)
@given(salts, points, points)
def test_raising_the_percentage_only_adds_users(salt: str, one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert on(salt, low) <= on(salt, high)


@settings(max_examples=40, deadline=None)
@given(salts, points, points)
def test_off_and_on_again_and_down_and_up_again_give_the_identical_set(salt: str, first: int, between: int) -> None:
    before = on(salt, first)
    assert on(salt, first, enabled=False) == set()
    on(salt, between)
    assert on(salt, first) == before


@settings(max_examples=25, deadline=None)
@given(st.lists(salts, min_size=2, max_size=2, unique=True))
def test_two_flags_at_ten_percent_share_ten_percent_of_their_users(two: list[str]) -> None:
    first, second = (on(salt, 1000, keys=KEYS) for salt in two)
    # Of 2,000 users 200 have each (standard deviation 13) and 20 have both (4.5): six deviations for every example.
    assert 120 < len(first) < 280
    assert len(first & second) < 48


@pytest.mark.django_db
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=300))
def test_sql_agrees_with_python_on_any_text(pairs: list[tuple[str, str]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {SHARD.replace('%', '%%')} FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY u(salt, key, n)"
            " ORDER BY n",
            [[salt for salt, _ in pairs], [key for _, key in pairs]],
        )
        found = [number for (number,) in cursor.fetchall()]
    assert found == [shard(salt, key) for salt, key in pairs]


@pytest.mark.django_db
def test_sql_agrees_with_python_on_ten_thousand_real_users() -> None:
    User.objects.bulk_create(User(username=f"user{number}", password="!") for number in range(USERS))
    services.change_flag(V2, source=Source.COMMAND, reason="test", enabled=True, percentage=37.21)
    flag = Flag.objects.get(key=V2)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM (SELECT id, %s AS salt, id::text AS key FROM auth_user) u"
            f" WHERE {SHARD.replace('%', '%%')} < %s",
            [flag.salt, flag.basis_points],
        )
        by_sql = {key for (key,) in cursor.fetchall()}
    keys = User.objects.values_list("pk", flat=True)
    assert {key for key in keys if decide_for_key(V2, str(key)).enabled} == by_sql
    assert 3400 < len(by_sql) < 4050
