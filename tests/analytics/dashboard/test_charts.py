from datetime import date

import pytest

from analytics.dashboard import charts

DAYS = [date(2026, 3, 1), date(2026, 3, 2)]


def test_it_works() -> None:
    chart = charts.day_chart(DAYS, [{"success": 3, "failed": 1}, {"success": 0, "failed": 0}], unit="", limit=4)

    assert chart.top == 4
    assert [(rect.kind, rect.y, rect.height) for rect in chart.rects] == [("success", 40, 120), ("failed", 0, 40)]
    assert chart.limit_y == pytest.approx(0)
    assert (chart.first, chart.last) == ("2026-03-01", "2026-03-02")
    assert [column.text for column in chart.columns] == ["2026-03-01: success 3, failed 1", "2026-03-02: nothing"]
    assert chart.kinds == ["success", "failed"]


def test_changes_stand_on_their_day() -> None:
    chart = charts.day_chart(DAYS, [{}, {}], unit="", marks=[(DAYS[1], "50 %"), (date(2025, 1, 1), "long ago")])

    assert [(mark.x, mark.text) for mark in chart.marks] == [(pytest.approx(336), "50 %")]


def test_nothing_is_drawn_of_nothing() -> None:
    chart = charts.day_chart([], [], unit="")

    assert (chart.rects, chart.top, chart.limit_y, chart.first) == ([], 1, None, "")
    assert charts.bars({}) == []
    assert charts.bars({"a": 0})[0].share == 0


def test_interval_rows() -> None:
    known = {"label": "A", "value": 0.5, "low": 0.4, "high": 0.6, "n": 10, "chance": 0.25}
    unknown = {"label": "B", "value": None, "low": None, "high": None, "n": 0, "chance": None}

    [row] = charts.interval_rows([unknown, known])

    assert (row.x, row.low, row.high, row.chance) == (240, 192, 288, 120)
    assert row.text == "A: 50 % of 10 (95 % interval 40 % to 60 %)"


def test_an_effect_stands_beside_no_effect() -> None:
    row = charts.effect_row("Ratio", 1.5, 1.1, 9.0, nothing=1.0, reach=1.0)

    assert (row.x, row.low, row.high, row.chance) == (360, pytest.approx(264), 480, 240)
    assert row.text == "Ratio: 1.5 (95 % interval 1.1 to 9)"


@pytest.mark.parametrize(
    ("value", "top"),
    [(0, 1), (-1, 1), (0.3, 0.3), (1, 1), (1.01, 1.5), (5, 5), (7, 8), (22, 25), (101, 150), (9001, 10000)],
)
def test_axes_end_at_round_numbers(value: float, top: float) -> None:
    assert charts.nice_top(value) == pytest.approx(top)


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "no data yet"), (0, "0 %"), (1, "100 %"), (0.931, "93 %"), (0.0042, "0.4 %"), (0.9966, "99.7 %")],
)
def test_percent(value: float | None, text: str) -> None:
    assert charts.percent(value) == text


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [(None, "no data yet"), (412, "0.4 s"), (9_949, "9.9 s"), (2000, "2 s"), (11_400, "11 s"), (90_000, "1 min 30 s")],
)
def test_seconds(milliseconds: float | None, text: str) -> None:
    assert charts.seconds(milliseconds) == text


@pytest.mark.parametrize(("p", "text"), [(0.0421, "p = 0.042"), (0.001, "p = 0.001"), (0.0009, "p < 0.001")])
def test_p_value(p: float, text: str) -> None:
    assert charts.p_value(p) == text
