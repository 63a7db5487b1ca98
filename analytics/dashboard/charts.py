"""Geometry of the charts, in the units of an SVG view box. Plain values in, plain values out."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

WIDTH, HEIGHT = 480, 160
BAR_SHARE = 0.8
ROUND = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)


@dataclass(frozen=True, slots=True)
class Rect:
    """A piece of a bar; `kind` decides its colour, or its `place` in the stack."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    place: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A vertical line at a day something was changed."""

    x: float
    text: str


@dataclass(frozen=True, slots=True)
class Column:
    """Where a day stands, what is to be said of it, and the page with its rows, "" for none."""

    x: float
    width: float
    text: str
    link: str


@dataclass(frozen=True, slots=True)
class DayChart:
    """Stacked bars by day. `limit_y` is where the target line lies, None when it is off the chart."""

    rects: Sequence[Rect]
    columns: Sequence[Column]
    kinds: Sequence[str]
    marks: Sequence[Mark]
    top: float
    unit: str
    limit_y: float | None
    limit_text: str
    first: str
    last: str
    width: int = WIDTH
    height: int = HEIGHT


def day_chart(
    days: Sequence[date],
    stacks: Sequence[Mapping[str, float]],
    *,
    unit: str,
    limit: float | None = None,
    limit_text: str = "",
    marks: Sequence[tuple[date, str]] = (),
    links: Sequence[str] = (),
) -> DayChart:
    """Return bars for `days`, each stacked from its parts in order; days without values stay empty.

    `links` are the pages with the rows of each day, for all days or none.
    """
    top = nice_top(max([sum(parts.values()) for parts in stacks] + [limit or 0]))
    step = WIDTH / max(1, len(days))
    rects, columns = [], []
    for index, (day, parts) in enumerate(zip(days, stacks, strict=True)):
        below, told = 0.0, [f"{kind} {value:,.6g} {unit}".strip() for kind, value in parts.items() if value > 0]
        text = f"{day.isoformat()}: {', '.join(told) or 'nothing'}"
        columns.append(Column(_at(index * step), _at(step), text, links[index] if links else ""))
        for place, (kind, value) in enumerate(parts.items()):
            height = value / top * HEIGHT
            y = HEIGHT - below - height
            if value > 0:
                rects.append(Rect(_at(index * step), _at(y), _at(step * BAR_SHARE), _at(height), kind, place))
            below += height
    return DayChart(
        rects=rects,
        columns=columns,
        kinds=list(dict.fromkeys(kind for parts in stacks for kind in parts)),
        marks=[Mark(_at((days.index(day) + BAR_SHARE / 2) * step), text) for day, text in marks if day in days],
        top=top,
        unit=unit,
        limit_y=None if limit is None else _at(HEIGHT - limit / top * HEIGHT),
        limit_text=limit_text,
        first=days[0].isoformat() if days else "",
        last=days[-1].isoformat() if days else "",
    )


@dataclass(frozen=True, slots=True)
class IntervalRow:
    """A value with its interval and what it is held against, as positions from 0 to WIDTH."""

    label: str
    x: float
    low: float
    high: float
    chance: float | None
    text: str


def interval_rows(shares: Sequence[Mapping[str, Any]]) -> list[IntervalRow]:
    """Return a row per share with `label`, `value`, `low`, `high`, `n`, `chance` (0-1); unknown ones are left out."""
    known = [share for share in shares if share["value"] is not None]
    return [
        IntervalRow(
            label=share["label"],
            x=_at(share["value"] * WIDTH),
            low=_at(share["low"] * WIDTH),
            high=_at(share["high"] * WIDTH),
            chance=None if share["chance"] is None else _at(share["chance"] * WIDTH),
            text=f"{share['label']}: {percent(share['value'])} of {share['n']} "
            f"(95 % interval {percent(share['low'])} to {percent(share['high'])})",
        )
        for share in known
    ]


def effect_row(label: str, value: float, low: float, high: float, *, nothing: float, reach: float) -> IntervalRow:
    """Return a row for an effect: `nothing`, the value of no effect, in the middle; the ends are `reach` from it."""

    def place(number: float) -> float:
        return _at(min(1.0, max(0.0, 0.5 + (number - nothing) / reach / 2)) * WIDTH)

    text = f"{label}: {value:.3g} (95 % interval {low:.3g} to {high:.3g})"
    return IntervalRow(label, place(value), place(low), place(high), place(nothing), text)


@dataclass(frozen=True, slots=True)
class Bar:
    """A labelled horizontal bar; `share` of the longest, 0-100."""

    label: str
    value: float
    share: float


def bars(values: Mapping[str, float]) -> list[Bar]:
    """Return a horizontal bar for each value."""
    longest = max(values.values(), default=0) or 1
    return [Bar(label, value, _at(100 * value / longest)) for label, value in values.items()]


def _at(position: float) -> float:
    """A position as precise as anybody can see, and short on the page."""
    return round(position, 1)


def nice_top(value: float) -> float:
    """Return the next round number at or above the value, such as 25 for 22; 1 for nothing."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in ROUND if step * power >= value * (1 - 1e-9))


def percent(value: float | None) -> str:
    """Write a share for people: `93 %`, `0.4 %`, `no data yet`."""
    if value is None:
        return "no data yet"
    return f"{100 * value:.0f} %" if value in (0, 1) or 0.01 <= value <= 0.99 else f"{100 * value:.1f} %"


def seconds(milliseconds: float | None) -> str:
    """Write a time for people: `0.4 s`, `11 s`, `1 min 30 s`, `no data yet`."""
    if milliseconds is None:
        return "no data yet"
    if milliseconds < 9_950:
        return f"{milliseconds / 1000:.1f} s" if milliseconds % 1000 else f"{milliseconds / 1000:.0f} s"
    whole = round(milliseconds / 1000)
    return f"{whole} s" if whole < 90 else f"{whole // 60} min {whole % 60} s"


def p_value(p: float) -> str:
    """Write a p-value for people: `p = 0.042`, `p < 0.001`."""
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"
