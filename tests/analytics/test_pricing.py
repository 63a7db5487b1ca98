from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from analytics.models import ModelPrice
from analytics.pricing import cost_of, price_book

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def prices() -> None:
    ModelPrice.objects.all().delete()
    ModelPrice.objects.create(model="m", valid_from=date(2026, 1, 1), input_usd=1, cached_usd="0.1", output_usd=4)
    ModelPrice.objects.create(model="m", valid_from=date(2026, 6, 1), input_usd=2, cached_usd=None, output_usd=8)
    price_book.forget()


def test_it_works() -> None:
    assert cost_of("m", 1_000_000, 400_000, 500_000, datetime(2026, 5, 1, tzinfo=UTC)) == Decimal("2.64")


@pytest.mark.parametrize(
    ("at", "cost"),
    [
        (datetime(2025, 12, 31, 23, 59, tzinfo=UTC), None),
        (datetime(2026, 5, 31, 23, 59, tzinfo=UTC), Decimal("1")),
        (datetime(2026, 6, 1, tzinfo=UTC), Decimal("2")),
        (datetime(2026, 6, 1, 1, tzinfo=timezone(timedelta(hours=2))), Decimal("1")),
    ],
)
def test_the_price_of_the_utc_day_counts(at: datetime, cost: Decimal | None) -> None:
    assert cost_of("m", 1_000_000, 0, 0, at) == cost


def test_cached_input_without_a_price_of_its_own_costs_like_input() -> None:
    assert cost_of("m", 1_000_000, 1_000_000, 0, NOON) == Decimal("2")


def test_more_cached_than_read_is_not_cheaper_than_free() -> None:
    assert cost_of("m", 10, 50, 0, datetime(2026, 5, 1, tzinfo=UTC)) == Decimal("0.000001")


@pytest.mark.parametrize(
    ("model", "known"), [("m-2026-03-17", True), ("m-20260317", True), ("m-large", False), ("", False)]
)
def test_a_dated_snapshot_costs_what_its_model_costs(model: str, known: bool) -> None:
    assert (cost_of(model, 1, 1, 1, NOON) is not None) is known


def test_the_table_is_read_once_for_many_calls(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        for _ in range(5):
            cost_of("m", 1, 1, 1, NOON)
