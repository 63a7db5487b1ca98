"""From login to a session, as an author goes."""

import re

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import OpenPage
from tests.browser.steps import card, minutes_of, record, seen, submit_brief, tab_to, wait_until_written
from tests.support.processes import PASSWORD, Stack

LABELS = ("Knowledge Base-Driven", "Recommended Mix", "Creative Approach", "Alternative Structure")


def write_brief_by_keyboard(page: Page) -> None:
    keys = page.keyboard
    tab_to(page, "desiredOutcome")
    keys.type("Book five qualified appointments a week with a short phone script")
    tab_to(page, "currentProblem")
    keys.type("New advisors avoid calling and lose confidence after objections")
    tab_to(page, "specificTopics-input")
    for topic in ("call opening", "objection handling"):
        keys.type(topic)
        keys.press("Enter")
    tab_to(page, "category")
    keys.type("Prospecting")
    tab_to(page, "groupSize")
    keys.press("Control+a")
    keys.type("16")
    keys.press("Control+Enter")


def test_it_works(open_page: OpenPage, stack: Stack) -> None:
    stack.provider.hold(2, 4)
    page = open_page(None)
    record(page)
    page.goto("/")
    page.get_by_label("Username").fill("author")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/")
    page.get_by_role("link", name="New brief").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/briefs/new/")

    write_brief_by_keyboard(page)
    page.wait_for_url("**/generations/*/")
    expect(page.locator("[data-card][data-state=ready]")).to_have_count(2)
    stack.provider.release()
    wait_until_written(page)

    shown = seen(page)
    for stage in ("Looking for your material", "sources? found", r"Writing \d of 4", "Checking times", "Ready"):
        assert any(re.search(stage, each) for each in shown.stages), (stage, shown.stages)
    assert any("ready" in cards and "writing" in cards for cards in shown.cards), shown.cards
    for label in LABELS:
        assert minutes_of(page, label) == 90

    card(page, "Recommended Mix").get_by_role("button", name="Choose").click()
    page.wait_for_url("**/sessions/*/")
    expect(page.get_by_role("heading", level=1)).not_to_be_empty()
    expect(page.locator(".strip-block")).not_to_have_count(0)
    expect(page.get_by_text("AI with your material")).to_be_visible()


def test_outlines_say_what_they_are_and_show_their_sources_in_the_stored_order(page: Page) -> None:
    submit_brief(page)
    wait_until_written(page)
    for label in LABELS[:3]:
        one = card(page, label)
        expect(one.get_by_text("AI with your material")).to_be_visible()
        one.locator("summary").click()
        expect(one.locator(".source").first).to_be_visible()
    free = card(page, "Alternative Structure")
    expect(free.locator(".card-what")).to_have_text("AI")
    expect(free.locator("details")).to_have_count(0)
    order = page.locator("[data-generation]").get_attribute("data-order")
    shown = page.locator("[data-card]").evaluate_all("cards => cards.map((card) => card.dataset.card).join(',')")
    assert shown == order
    page.get_by_text("found", exact=False).and_(page.locator("summary")).click()
    expect(page.locator("[data-tray-body] .source").first).to_contain_text("match")


def test_a_choice_can_be_changed_even_to_a_version_set_aside_until_it_is_published(page: Page, stack: Stack) -> None:
    submit_brief(page)
    wait_until_written(page)
    one = card(page, "Recommended Mix")
    one.get_by_role("button", name="Not for me").click()
    one.get_by_role("button", name="Set it aside").click()
    expect(one.get_by_role("button", name="Undo")).to_be_focused()
    card(page, "Creative Approach").get_by_role("button", name="Choose").click()
    page.wait_for_url("**/sessions/*/")
    first = page.url
    page.get_by_role("link", name="See the other outlines").click()
    expect(card(page, "Creative Approach").get_by_text("Your choice")).to_be_visible()
    expect(one.get_by_text("you can still choose it")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Undo|Not for me"))).to_have_count(0)
    one.get_by_role("button", name="Choose this instead").click()
    page.wait_for_url("**/sessions/*/")
    assert page.url == first

    page.get_by_role("link", name="See the other outlines").click()
    other = card(page, "Creative Approach")
    expect(other.get_by_role("button", name="Choose this instead")).to_be_visible()
    identity = first.rstrip("/").rsplit("/", 1)[-1]
    stack.sql("UPDATE sessions_builder_trainingsession SET state = 'published', version = 9 WHERE id = %s", identity)
    other.get_by_role("button", name="Choose this instead").click()
    expect(other.get_by_text("Published: take your session back to a draft to choose another.")).to_be_visible()
    expect(page.get_by_role("button", name="Choose this instead")).to_have_count(0)
    page.get_by_role("link", name="Compare side by side").click()
    expect(page.locator(".column").get_by_role("link", name="take your session back")).to_have_count(3)
    page.get_by_role("link", name="take your session back").first.click()
    expect(page.get_by_role("button", name="Back to a draft")).to_be_visible()


def test_setting_aside_with_a_reason_and_undoing_it_by_keyboard(page: Page, stack: Stack) -> None:
    stack.provider.hold(4)
    identity = submit_brief(page)
    one = card(page, "Recommended Mix")
    one.get_by_role("button", name="Not for me").focus()
    page.keyboard.press("Enter")
    expect(one.get_by_label("Misses the outcome")).to_be_focused()
    page.keyboard.press("n")  # on the page it would lead to a new brief
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    words = one.get_by_label("In your own words")
    words.fill("no role play")
    stack.provider.release()
    wait_until_written(page)  # the cards are drawn anew meanwhile, and keep what was written
    expect(words).to_be_focused()
    page.keyboard.press("Escape")
    expect(one.get_by_role("button", name="Not for me")).to_be_focused()

    page.keyboard.press("Enter")
    one.get_by_label("Too little practice").check()
    words.fill("no role play")
    sent: list[Route] = []
    page.route("**/reject", lambda route: sent.append(route))
    with page.expect_request("**/reject"):
        page.keyboard.press("Enter")
    expect(one.get_by_role("button", name="Setting aside")).to_be_disabled()
    page.keyboard.press("Escape")  # too late, and so is the button
    one.get_by_role("button", name="Keep it").click()
    expect(words).to_be_visible()
    sent[0].continue_()
    page.unroute("**/reject")
    expect(one.get_by_role("button", name="Undo")).to_be_focused()
    assert told(stack, identity) == [("ai_content_rejected", "Too little practice; no role play")]
    page.reload()
    one.get_by_role("button", name="Undo").press("Enter")
    expect(one.get_by_role("button", name="Not for me")).to_be_focused()
    assert told(stack, identity)[1:] == [("ai_rejection_withdrawn", None)]


def told(stack: Stack, identity: str) -> list[tuple[str, str | None]]:
    """The rejections of a generation and what was taken back, with the reason given."""
    return stack.sql(
        "SELECT event_type, metadata ->> 'reason' FROM analytics_event"
        " WHERE generation_id = %s AND event_type LIKE 'ai_%%reject%%' ORDER BY occurred_at",
        identity,
    )
