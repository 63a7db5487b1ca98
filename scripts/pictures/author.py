"""From a brief to a choice, as an author sees it."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from scripts.pictures import picture
from tests.support.processes import Stack


def _send_example(page: Page, stack: Stack, last_ms: int) -> None:
    """Submit the example brief; two versions come soon, two after `last_ms`."""
    stack.provider.latency(model=300, rag=400, v1=600, v2=1200, v3=last_ms, v4=last_ms)
    page.goto("/briefs/new/?example=1")
    page.get_by_role("button", name="Write outlines").click()
    page.wait_for_url("**/generations/*/")


def _written(page: Page, stack: Stack) -> None:
    """A generation of which all is written."""
    _send_example(page, stack, last_ms=900)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Four outlines")


@picture("brief", user="author")
def brief(page: Page, stack: Stack) -> None:
    page.goto("/briefs/new/")
    page.get_by_label("Desired outcome").fill("Understand how to hold a coaching talk with their people")
    page.get_by_label("Category").select_option("Leadership Development")
    expect(page.locator("[data-coach] li")).to_have_count(3)
    page.get_by_role("button", name="sources found").wait_for()


@picture("sources", user="author", height=900)
def sources(page: Page, stack: Stack) -> None:
    page.goto("/briefs/new/?example=1")
    page.get_by_role("button", name="sources found").click()
    page.locator("[data-preview-list] > ul").get_by_role("checkbox").nth(1).uncheck()
    page.locator("[data-preview]").evaluate("tray => tray.scrollIntoView({block: 'start'})")


@picture("writing", user="author", height=1000)
def writing(page: Page, stack: Stack) -> None:
    _send_example(page, stack, last_ms=20_000)
    expect(page.locator("[data-card][data-state=ready]")).to_have_count(2)


@picture("outlines", user="author", height=1200)
def outlines(page: Page, stack: Stack) -> None:
    _written(page, stack)
    page.locator(".reference").first.focus()
    expect(page.get_by_role("tooltip")).to_contain_text("match")


@picture("compare", user="author", height=1100)
def compare(page: Page, stack: Stack) -> None:
    _written(page, stack)
    page.get_by_role("link", name="Compare side by side").click()
    expect(page.locator(".column")).to_have_count(4)


@picture("compare-mixed", user="author", height=900)
def compare_mixed(page: Page, stack: Stack) -> None:
    _written(page, stack)
    page.get_by_role("link", name="Compare side by side").click()
    page.get_by_role("button", name="Choose").nth(1).click()
    page.get_by_role("button", name="Take this section").nth(2).click()
    page.get_by_role("button", name="Fit to 90 min").wait_for()
    page.locator("[data-mixed]").scroll_into_view_if_needed()


@picture("compare-phone", user="author", width=360)
def compare_phone(page: Page, stack: Stack) -> None:
    _written(page, stack)
    page.get_by_role("link", name="Compare side by side").click()
    page.locator(".lane-name").nth(1).click()
    expect(page.locator(".lane-name").nth(1)).to_have_attribute("aria-current", "true")
