"""What a model call costs, from the dated price table."""

import re
import time
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

from analytics.models import ModelPrice

MILLION = Decimal(1_000_000)
COST_STEP = Decimal("0.00000001")
KEPT_FOR_SECONDS = 60.0
SNAPSHOT_DATE = re.compile(r"-\d{4}-?\d{2}-?\d{2}$")


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars per million tokens from a day on."""

    valid_from: date
    input_usd: Decimal
    cached_usd: Decimal
    output_usd: Decimal


@dataclass(slots=True)
class PriceBook:
    """The price table in process memory, read again after a minute: four calls a generation must not be four reads."""

    prices: dict[str, list[Price]] = field(default_factory=dict)
    read_at: float | None = None

    def price_of(self, model: str, day: date) -> Price | None:
        """Return a model's price on a UTC day, or None. `gpt-x-2026-03-17` costs what `gpt-x` does."""
        self._refresh()
        for name in (model, SNAPSHOT_DATE.sub("", model)):
            for price in self.prices.get(name, ()):
                if price.valid_from <= day:
                    return price
        return None

    def forget(self) -> None:
        """Read the table again at the next question."""
        self.read_at = None

    def _refresh(self) -> None:
        now = time.monotonic()
        if self.read_at is not None and now - self.read_at < KEPT_FOR_SECONDS:
            return
        fresh: dict[str, list[Price]] = {}
        for row in ModelPrice.objects.order_by("model", "-valid_from"):
            cached = row.input_usd if row.cached_usd is None else row.cached_usd
            fresh.setdefault(row.model, []).append(Price(row.valid_from, row.input_usd, cached, row.output_usd))
        self.prices, self.read_at = fresh, now


price_book = PriceBook()


def cost_of(model: str, tokens_in: int, tokens_cached: int, tokens_out: int, at: datetime) -> Decimal | None:
    """Return what a call cost in US dollars, to eight places; None when no price of the model is known.

    `tokens_in` includes the cached ones and `tokens_out` the reasoning ones, as providers report them.
    """
    price = price_book.price_of(model, timezone.localtime(at, timezone.get_fixed_timezone(0)).date())
    if price is None:
        return None
    cached = min(tokens_cached, tokens_in)
    total = (tokens_in - cached) * price.input_usd + cached * price.cached_usd + tokens_out * price.output_usd
    return (total / MILLION).quantize(COST_STEP)
