"""Reload, cancel, a lost network, a second window: nothing is lost and everything is said."""

import re

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import OpenPage
from tests.browser.steps import card, submit_brief, wait_until_written
from tests.support.processes import Stack

READY = "[data-card][data-state=ready]"


def test_it_works(page: Page, stack: Stack) -> None:
    """A reload half-way shows what is there and goes on."""
    stack.provider.hold(4)
    submit_brief(page)
    expect(page.locator(READY)).to_have_count(3)
    page.reload()
    expect(page.locator(READY)).to_have_count(3)
    stack.provider.release()
    wait_until_written(page)
    expect(page.locator(READY)).to_have_count(4)


def test_cancel_keeps_what_is_ready(page: Page, stack: Stack) -> None:
    stack.provider.hold(2, 3, 4)
    submit_brief(page)
    expect(page.locator(READY)).to_have_count(1)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("heading", name="You cancelled this")).to_be_visible()
    expect(page.get_by_role("button", name="Cancel")).to_be_hidden()
    card(page, "Knowledge Base-Driven").get_by_role("button", name="Choose").click()
    page.wait_for_url("**/sessions/*/")


def test_cancelled_versions_can_be_written_after_all(page: Page, stack: Stack) -> None:
    stack.provider.hold(2)
    submit_brief(page)
    expect(page.locator(READY)).to_have_count(3)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("heading", name="You cancelled this")).to_be_visible()
    stack.provider.release()
    page.get_by_role("button", name="Write the missing ones").click()
    wait_until_written(page)
    expect(page.locator(READY)).to_have_count(4)


def test_a_lost_network_is_said_and_recovered_from(page: Page, stack: Stack) -> None:
    stack.provider.hold(4)
    submit_brief(page)
    page.context.set_offline(True)
    expect(page.get_by_text("The connection is lost")).to_be_visible()
    page.context.set_offline(False)
    stack.provider.release()
    wait_until_written(page)
    expect(page.get_by_text("The connection is lost")).to_be_hidden()


def test_a_busy_server_is_said_and_recovered_from(page: Page, stack: Stack) -> None:
    stack.provider.hold(4)
    submit_brief(page)
    page.route(
        re.compile(r"/api/generations/[^/]+$"), lambda route: route.fulfill(status=503, headers={"Retry-After": "1"})
    )
    expect(page.get_by_text("The server is busy")).to_be_visible()
    page.unroute_all()
    stack.provider.release()
    wait_until_written(page)


def test_logging_out_elsewhere_offers_to_log_in_again(open_page: OpenPage, stack: Stack) -> None:
    page = open_page()
    stack.provider.hold(4)
    submit_brief(page)
    page.context.clear_cookies()
    expect(page.get_by_text("You are logged out")).to_be_visible()
    expect(page.get_by_role("link", name="Log in to go on")).to_have_attribute(
        "href", re.compile(r"/login/\?next=%2Fgenerations")
    )


def test_a_failed_action_is_said_beside_its_button(page: Page) -> None:
    submit_brief(page)
    wait_until_written(page)
    page.route("**/select", lambda route: route.abort())
    one = card(page, "Recommended Mix")
    one.get_by_role("button", name="Choose").click()
    expect(one.get_by_role("alert")).to_contain_text("Nothing was changed")
    expect(one.get_by_role("button", name="Choose")).to_be_enabled()


def test_another_author_sees_nothing_of_it(page: Page, open_page: OpenPage) -> None:
    identity = submit_brief(page)
    stranger = open_page("author2")
    answer = stranger.goto(f"/generations/{identity}/")
    assert answer is not None
    assert answer.status == 404


def test_a_slow_line_says_what_is_going_on_and_sends_once(page: Page) -> None:
    page.goto("/briefs/new/?example=1")
    line = page.context.new_cdp_session(page)
    slow = {"offline": False, "latency": 300, "downloadThroughput": 60_000, "uploadThroughput": 60_000}
    line.send("Network.emulateNetworkConditions", slow)
    sent: list[Route] = []
    page.route("**/api/generations", lambda route: sent.append(route))
    with page.expect_request("**/api/generations"):
        page.get_by_role("button", name="Write outlines").click()
    expect(page.get_by_role("button", name="Sending")).to_be_disabled()
    sent[0].continue_()
    page.wait_for_url("**/generations/*/")
    expect(page.locator("[data-card]")).to_have_count(4)
    wait_until_written(page)
    page.get_by_role("link", name="Compare side by side").click()
    expect(page.locator(".column")).to_have_count(4)
    assert len(sent) == 1
