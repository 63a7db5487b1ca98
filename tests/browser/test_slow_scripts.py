"""Scripts that come late: nothing that needs them can be clicked before, so no click is lost."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, Route, expect

from tests.browser.sessions import new_session
from tests.support.processes import Stack

SCRIPTS = re.compile(r"/static/js/(?!theme-early)")
LOST = "main button:not([disabled], form[method=post] *, form[method=dialog] *)"


@contextmanager
def held_back(page: Page) -> Iterator[None]:
    """Within, no page gets its script; afterwards it comes."""
    held: list[Route] = []
    on_the_way = []

    def meet(route: Route) -> None:
        if on_the_way:
            route.continue_()
        else:
            held.append(route)

    page.route(SCRIPTS, meet)
    yield
    on_the_way.append(True)
    for route in held:
        route.continue_()


def test_it_works(page: Page, stack: Stack) -> None:
    """On every page: disabled while the script is on its way, and answered once it is there."""
    draft, published = new_session(stack), new_session(stack, "Published")
    stack.sql("UPDATE sessions_builder_trainingsession SET state = 'published' WHERE id = %s", published)
    for path in ("/", "/briefs/new/", f"/sessions/{draft}/", f"/sessions/{draft}/read/", f"/sessions/{published}/"):
        with held_back(page):
            page.goto(path, wait_until="commit")
            expect(page.locator("#shortcuts")).to_be_attached()
            expect(page.locator("main [data-waits]")).not_to_have_count(0)
            expect(page.locator(LOST).locator("visible=true")).to_have_count(0)
            expect(page.locator("[data-open-shortcuts]")).to_be_disabled()
        expect(page.locator("[data-waits]")).to_have_count(0)
        page.unroute(SCRIPTS)
    page.get_by_role("button", name="Duplicate").click()
    expect(page.get_by_label("Title of the session")).to_have_value("Published (copy)")


def test_what_was_typed_meanwhile_is_not_replaced_by_a_kept_draft(page: Page) -> None:
    page.goto("/briefs/new/")
    page.locator("#desiredOutcome").fill("Run a first conversation about feedback")
    page.locator("#notes").fill("Bring cards")
    expect(page.locator("[data-saved]")).to_have_text("Kept in this browser")
    with held_back(page):
        page.goto("/briefs/new/", wait_until="commit")
        page.locator("#desiredOutcome").fill("Run a second conversation")
    expect(page.locator("#notes")).to_have_value("Bring cards")
    expect(page.locator("#desiredOutcome")).to_have_value("Run a second conversation")
