"""The dashboard as product staff use it: choose a range, go down to the rows, take an export away."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.support.processes import Stack

pytestmark = pytest.mark.timeout(240)

DASHBOARD = "/admin/analytics/event/dashboard/"


@pytest.fixture(scope="module")
def past(running: Stack) -> Iterator[Stack]:
    running.manage("seed_demo", "--sessions", "120")
    yield running
    for table in ("event", "aiinteraction", "selection", "dailyrollup"):
        running.sql(f"DELETE FROM analytics_{table} WHERE {'demo' if table == 'dailyrollup' else 'is_demo'}")


def test_it_works(open_page: OpenPage, past: Stack, tmp_path: Path) -> None:
    """Range, drill-down and export, the range with the keyboard alone."""
    page = open_page("product")
    page.goto(DASHBOARD)
    expect(page.get_by_text("No data yet").first).to_be_visible()
    page.get_by_role("checkbox", name="Demonstration data").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="brought all four versions")).to_be_visible()
    page.get_by_role("link", name="7 days").click()
    expect(page.get_by_role("link", name="7 days")).to_have_attribute("aria-current", "page")
    assert "demo=1" in page.url

    health = page.locator(".panel", has=page.get_by_text("Generation health"))
    health.get_by_text("Numbers").click()
    assert health.locator("tbody tr").count() == 7
    counted = sum(int(cell) for cell in health.locator("tbody tr").nth(3).locator("td").all_inner_texts())
    health.locator("tbody tr").nth(3).get_by_role("link").click()
    expect(page.locator("#result_list tbody tr")).to_have_count(counted)
    page.go_back()

    _export(page, tmp_path)


def _export(page: Page, tmp_path: Path) -> None:
    """The file holds what the page said it does."""
    page.get_by_label("What").select_option("interactions")
    page.get_by_label("What").select_option("selections")
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Download").click()
    state = page.locator("#export-state")
    expect(state).to_contain_text("SHA-256", timeout=30_000)
    path = tmp_path / "file"
    downloading.value.save_as(path)
    assert downloading.value.suggested_filename.startswith("selections-")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    assert all(row["isDemo"] == "true" for row in rows)
    assert f"Saved {len(rows)} rows" in state.inner_text()
    assert hashlib.sha256(path.read_bytes()).hexdigest() in state.inner_text()
    expect(page.get_by_role("button", name="Download")).to_be_enabled()


def test_evidence_comes_after_the_page(open_page: OpenPage, past: Stack) -> None:
    """Of a range nobody looks at usually; what could not be had is asked for again."""
    page = open_page("product")
    page.route("**/dashboard/*evidence=1*", lambda route: route.abort())
    page.goto(f"{DASHBOARD}?demo=1&start={date.today() - timedelta(days=41)}&end={date.today()}")
    state = page.locator("#evidence-state")
    expect(state).to_contain_text("could not be computed")
    expect(page.locator("[data-pending]").first).to_have_text("not computed yet")
    page.unroute("**/dashboard/*evidence=1*")
    page.reload()
    expect(state).to_have_text("The evidence of this range was computed just now.")
    expect(page.get_by_role("heading", name="Four versions against one")).to_be_visible()
    expect(page.locator("[data-pending]")).to_have_count(0)


def test_a_saved_file_is_not_called_lost(open_page: OpenPage, past: Stack) -> None:
    """Where only its checksum cannot be had."""
    page = open_page("product")
    page.goto(f"{DASHBOARD}?demo=1")
    page.route("**/export/manifest*", lambda route: route.abort())
    with page.expect_download():
        page.get_by_role("button", name="Download").click()
    expect(page.locator("#export-state")).to_have_text(re.compile(r"^Saved \d.* Its checksum could not be read"))


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (360, True)])
def test_everybody_can_read_it(open_page: OpenPage, past: Stack, width: int, dark: bool) -> None:
    page = open_page("product", width=width, dark=dark)
    page.goto(f"{DASHBOARD}?demo=1")
    expect(page.get_by_role("heading", name="Success criteria")).to_be_visible()

    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    verdict = page.locator(".verdict").first.bounding_box()
    assert verdict is not None
    assert verdict["x"] + verdict["width"] <= width, "the verdict is seen without scrolling sideways"
    expect(page.locator(".criteria .area").first).to_be_visible(visible=width < 480)
    table = page.locator(".criteria .scroll")
    assert table.evaluate("table => table.scrollWidth <= table.clientWidth"), "all of a criterion is read at once"
    found = Axe().run(page, context="#board")
    assert found.violations_count == 0, found.generate_report()
