"""The brief form: help while writing, nothing lost, errors beside their fields."""

from datetime import datetime, timedelta
from typing import Any

from playwright.sync_api import Page, Request, expect

from tests.browser import generations
from tests.browser.conftest import OpenPage
from tests.browser.steps import OUTCOME, tab_to
from tests.fakes.process import HELD_MS
from tests.support.processes import Stack

TODAY = datetime(2027, 1, 5, 9)
LATER = TODAY + timedelta(hours=1)


def test_it_works(page: Page) -> None:
    """Errors stand beside their fields, and the summary leads to them."""
    page.goto("/briefs/new/")
    page.get_by_label("Desired outcome").fill("Too short")
    page.get_by_role("button", name="Write outlines").click()
    expect(page.locator("[data-summary]")).to_be_focused()
    expect(page.locator("#desiredOutcome-error")).to_contain_text("at least 20 characters")
    expect(page.locator("#category-error")).to_be_visible()
    page.get_by_role("link", name="Desired outcome").click()
    expect(page.get_by_label("Desired outcome")).to_be_focused()
    page.get_by_label("Desired outcome").fill(OUTCOME)
    expect(page.locator("#desiredOutcome-error")).to_be_hidden()


def test_what_the_server_refuses_stands_beside_its_field(page: Page) -> None:
    page.goto("/briefs/new/")
    page.get_by_label("Desired outcome").fill(OUTCOME)
    page.get_by_label("Category").select_option("Prospecting")
    page.get_by_text("Start and end").click()
    page.get_by_label("Time zone").fill("Mars/Olympus")
    page.get_by_role("button", name="Write outlines").click()
    expect(page.locator("#timeZone-error")).to_contain_text("IANA time zone")
    expect(page.get_by_label("Desired outcome")).to_have_value(OUTCOME)


def test_a_draft_survives_a_reload_and_can_be_dropped(page: Page) -> None:
    page.goto("/briefs/new/")
    page.get_by_label("Desired outcome").fill(OUTCOME)
    page.locator("#specificTopics-input").press_sequentially("call opening,")
    expect(page.locator("[data-saved]")).to_have_text("Kept in this browser")
    page.reload()
    expect(page.get_by_text("Your unfinished brief is back")).to_be_visible()
    expect(page.get_by_label("Desired outcome")).to_have_value(OUTCOME)
    expect(page.locator(".chip")).to_have_text(["call opening×"])
    page.get_by_role("button", name="Start over").click()
    expect(page.get_by_label("Desired outcome")).to_have_value("")
    page.reload()
    expect(page.get_by_label("Desired outcome")).to_have_value("")


def test_a_draft_survives_a_lost_network(page: Page) -> None:
    page.goto("/briefs/new/?example=1")
    page.context.set_offline(True)
    page.get_by_role("button", name="Write outlines").click()
    expect(page.locator("[data-summary]")).to_contain_text("Your brief is kept in this browser")
    page.context.set_offline(False)
    page.get_by_role("button", name="Write outlines").click()
    page.wait_for_url("**/generations/*/")


def test_sending_again_after_a_lost_answer_makes_one_generation(page: Page) -> None:
    page.goto("/briefs/new/?example=1")
    keys: list[str] = []
    page.on("request", lambda request: keys.extend(filter(None, [request.headers.get("idempotency-key")])))

    def lose_the_answer(route):  # type: ignore[no-untyped-def]
        route.fetch()
        route.abort()

    page.route("**/api/generations", lose_the_answer, times=1)
    page.get_by_role("button", name="Write outlines").click()
    expect(page.locator("[data-summary]")).to_be_visible()
    page.get_by_role("button", name="Write outlines").click()
    page.wait_for_url("**/generations/*/")
    assert len(keys) == 2
    assert keys[0] == keys[1]


def test_topics_are_edited_by_keyboard(page: Page) -> None:
    page.goto("/briefs/new/")
    tab_to(page, "specificTopics-input")
    for topic in ("listening", "questions", "Listening"):
        page.keyboard.type(topic)
        page.keyboard.press("Enter")
    expect(page.locator(".chip")).to_have_text(["listening×", "questions×"])
    page.keyboard.press("Backspace")
    expect(page.locator("#specificTopics-input")).to_have_value("questions")
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Remove questions")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".chip")).to_have_text(["listening×"])
    expect(page.get_by_role("button", name="Remove listening")).to_be_focused()


def test_start_and_end_give_the_length_and_reach_the_outline_as_clock_times(page: Page) -> None:
    page.goto("/briefs/new/?example=1")
    page.get_by_text("Start and end").click()
    expect(page.get_by_label("Time zone")).to_have_value("Europe/Berlin")
    page.get_by_label("Date").fill("2027-07-01")
    page.get_by_label("Start", exact=True).fill("13:00")
    page.get_by_label("End", exact=True).fill("15:15")
    expect(page.locator("[data-span]")).to_have_text("That is 2 h 15.")
    page.get_by_label("End", exact=True).fill("14:30")
    page.get_by_role("button", name="Write outlines").click()
    page.wait_for_url("**/generations/*/")
    expect(page.locator(".strip-tick").first).to_have_text("13:00")
    expect(page.locator(".strip-tick").last).to_have_text("14:30")


def test_the_coach_waits_for_a_pause_and_gives_at_most_three_hints(page: Page) -> None:
    asked: list[Request] = []
    page.on("request", lambda request: request.url.endswith("/briefs/coach") and asked.append(request))
    page.clock.install(time=TODAY)
    page.goto("/briefs/new/")
    hints = page.locator("[data-coach] li")
    expect(hints).to_have_count(1)
    page.clock.pause_at(LATER)  # else slow typing would have pauses in it
    outcome = page.get_by_label("Desired outcome")
    outcome.press_sequentially("Understand what coaching is really about")
    page.clock.fast_forward(1000)
    page.clock.resume()
    expect(hints).to_have_count(3)
    expect(hints.first).to_contain_text("cannot be seen")
    assert len(asked) == 1
    hints.filter(has_text="topics").get_by_role("link").click()
    expect(page.locator("#specificTopics-input")).to_be_focused()
    outcome.fill(OUTCOME)
    expect(hints.filter(has_text="cannot be seen")).to_have_count(0)
    page.route("**/api/briefs/coach", lambda route: route.abort())
    outcome.fill(f"{OUTCOME} and a good mood")
    expect(hints).to_have_count(3)


STATES = [
    ("category_relaxed", "Your category had nothing", "1 source found"),
    ("weak_match", "match only weakly", "Only weak matches"),
    ("no_match", "Nothing in your material matches", "No matching material"),
    ("unavailable", "cannot be reached", "Material not reachable"),
    ("disabled", "No material is connected", "No material connected"),
]


def test_each_state_of_the_material_is_said_with_what_to_do(page: Page) -> None:
    answer: dict[str, Any] = {}
    page.route("**/api/sources/preview", lambda route: route.fulfill(json={"previewId": "p", **answer}))
    page.clock.install()
    page.goto("/briefs/new/")
    expect(page.locator("[data-preview-line]")).to_contain_text("Write the outcome and choose a category")
    page.get_by_label("Category").select_option("Prospecting")
    for state, line, short in STATES:
        kept = state == "category_relaxed"
        found = {**generations.SOURCES[0], "kept": kept, "reason": "kept" if kept else "weak"}
        answer.update(ragState=state, sources=[found] if state in ("category_relaxed", "weak_match") else [])
        page.get_by_label("Desired outcome").fill(f"{OUTCOME}, {state}")
        page.clock.fast_forward(1100)
        expect(page.locator("[data-preview-line]")).to_contain_text(line)
        expect(page.locator("[data-preview-open]")).to_contain_text(short)
        expect(page.get_by_role("button", name="Look again")).to_be_visible(
            visible=state in ("no_match", "unavailable")
        )


def test_ticks_stay_while_the_brief_changes_and_nothing_is_sent_that_cannot_be_kept(page: Page, stack: Stack) -> None:
    page.goto("/briefs/new/?example=1")
    page.get_by_role("button", name="sources found").click()
    first = page.locator("[data-preview-list] > ul").get_by_role("checkbox").first
    first.uncheck()
    page.locator("#audienceName").fill("people who manage since this year")
    expect(page.locator("[data-preview]")).not_to_have_attribute("data-stale", "")
    stack.provider.latency(rag=HELD_MS)
    page.get_by_label("Current problem").fill("They answer before they have understood the question")
    expect(page.locator("[data-preview]")).to_have_attribute("data-stale", "")
    expect(page.locator("[data-preview-line]")).to_contain_text("looking again")
    stack.provider.release()
    expect(page.locator("[data-preview]")).not_to_have_attribute("data-stale", "")
    expect(page.locator("[data-preview-list] > ul").get_by_role("checkbox").first).not_to_be_checked()
    page.route("**/api/sources/preview", lambda route: route.abort())
    page.get_by_label("Current problem").fill("They talk too much")
    page.get_by_role("button", name="Write outlines").click()
    expect(page.locator("[data-summary]")).to_contain_text("your ticks cannot be used now")
    page.unroute_all()
    gone = {
        "code": "validation_error",
        "message": "No.",
        "fields": {"previewId": ["These sources are no longer kept."]},
    }
    page.route("**/api/generations", lambda route: route.fulfill(status=400, json={"error": gone}), times=1)
    page.get_by_role("button", name="Write outlines").click()
    expect(page.locator("[data-summary]")).to_contain_text("Your material: These sources are no longer kept.")
    with page.expect_request("**/api/generations") as sent:
        page.get_by_role("button", name="Write outlines").click()
    brief = sent.value.post_data_json
    assert brief["previewId"]
    assert brief["chosenSources"]
    page.wait_for_url("**/generations/*/")


def test_an_example_replaces_nothing_for_good(page: Page) -> None:
    page.goto("/briefs/new/")
    page.get_by_label("Desired outcome").fill(OUTCOME)
    page.get_by_role("button", name="Fill in an example").click()
    expect(page.get_by_label("Desired outcome")).not_to_have_value(OUTCOME)
    page.get_by_role("button", name="Bring back what I had").click()
    expect(page.get_by_label("Desired outcome")).to_have_value(OUTCOME)


def test_only_authors_write_briefs(open_page: OpenPage) -> None:
    page = open_page("analyst")
    answer = page.goto("/briefs/new/")
    assert answer is not None
    assert answer.status == 403
    expect(page.get_by_role("heading", level=1)).to_have_text("This is not open to you")
