"""The editor: change a draft by mouse and by keyboard, lose nothing, publish it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from config.local_process import wait_until
from tests.browser.conftest import OpenPage
from tests.browser.sessions import Editing, editing, new_session, sections_of, stored
from tests.browser.steps import card, submit_brief, wait_until_written
from tests.support.processes import Stack


@pytest.fixture
def editor(open_page: OpenPage, stack: Stack) -> Editing:
    """The editor, open on a new draft of the author's."""
    return editing(open_page(), new_session(stack))


def test_it_works(editor: Editing, stack: Stack) -> None:
    """Order, minutes, locks and words are changed, fitted, taken back, and stored without anybody saving."""
    page = editor.page
    editor.drag("Try it in threes", before="What a talk is")
    assert editor.order() == ["Two truths", "Try it in threes", "What a talk is", "What you saw", "First step"]
    editor.minutes("Try it in threes").fill("40")
    editor.minutes("Try it in threes").press("Enter")
    expect(page.locator("[data-timing]")).to_contain_text("100 of 90 min")
    editor.entry("Try it in threes").get_by_role("button", name="Keep the minutes").click()
    page.get_by_role("button", name="Fit to 90", exact=True).click()
    expect(page.locator("[data-timing]")).to_contain_text("90 of 90 min")
    expect(editor.minutes("Try it in threes")).to_have_value("40")
    editor.select("What you saw")
    page.locator("#field-description").fill("Each group tells one moment that changed the talk.")
    page.keyboard.press("Control+z")
    expect(page.locator("#field-description")).not_to_have_value(re.compile("one moment"))
    page.keyboard.press("Control+Shift+z")
    expect(page.locator("#field-description")).to_have_value(re.compile("one moment"))
    editor.saved()
    sections = sections_of(stack, editor.identity)
    assert [section["title"] for section in sections] == editor.order()
    assert sum(section["minutes"] for section in sections) == 90
    assert sections[3]["description"] == "Each group tells one moment that changed the talk."
    assert sections[1]["locked"] is True


def test_every_step_can_be_taken_by_keyboard_alone(editor: Editing) -> None:
    page = editor.page
    editor.tab_to("Move Two truths")
    page.keyboard.press("ArrowDown")
    assert editor.order()[:2] == ["What a talk is", "Two truths"]
    expect(page.locator("[data-announce]")).to_have_text("Two truths: 2 of 5 sections.")
    editor.tab_to("Minutes of Two truths")
    page.keyboard.press("ArrowUp")
    expect(page.locator("[data-timing]")).to_contain_text("95 of 90 min")
    editor.tab_to("Keep the minutes of Two truths")
    page.keyboard.press("Enter")
    editor.tab_to("Fit to 90", back=True)
    page.keyboard.press("Enter")
    expect(page.locator("[data-timing]")).to_contain_text("90 of 90 min")
    expect(page.locator("[data-timing]")).to_be_focused()
    editor.tab_to("What you saw Discussion")
    page.keyboard.press("Enter")
    editor.tab_to("Duplicate")
    page.keyboard.press("Enter")
    assert editor.order().count("What you saw") == 2
    editor.tab_to("Delete")
    page.keyboard.press("Enter")
    expect(page.locator("[data-note]")).to_contain_text("is deleted")
    assert page.evaluate("document.activeElement.className") == "plan-title"
    editor.tab_to("Undo", back=True)
    page.keyboard.press("Enter")
    assert editor.order().count("What you saw") == 2
    editor.tab_to("Add a blank section")
    page.keyboard.press("Enter")
    page.keyboard.type("Questions")
    assert "Questions" in editor.order()
    editor.saved()


def test_a_reload_or_a_lost_network_loses_nothing(editor: Editing, stack: Stack) -> None:
    page = editor.page
    editor.select("Two truths")
    page.route("**/api/sessions/*", lambda route: route.abort())
    page.locator("#field-description").fill("Written while the line was down.")
    assert set(page.locator("use").evaluate_all("all => all.map((use) => use.getAttribute('href')[0])")) == {"#"}
    expect(page.locator("[data-saved]")).to_contain_text("Not saved, retrying. Your work is kept in this browser.")
    page.reload()
    expect(page.locator("[data-note]")).to_contain_text("Your unsaved changes from the last visit are back.")
    expect(page.locator("#field-description")).to_have_value("Written while the line was down.")
    page.unroute_all()
    editor.saved()
    assert sections_of(stack, editor.identity)[0]["description"] == "Written while the line was down."
    page.reload()
    expect(page.locator("#field-description")).to_have_value("Written while the line was down.")
    expect(page.locator("[data-note]")).to_be_hidden()


def test_on_a_slow_line_writing_goes_on_and_arrives_in_order(editor: Editing, stack: Stack) -> None:
    """Nothing is sent while a write is under way; what was written meanwhile goes on top of it."""
    page = editor.page
    held: list[Route] = []
    writes: list[dict[str, Any]] = []

    def hold_the_first(route: Route) -> None:
        if route.request.method == "PATCH":
            writes.append(route.request.post_data_json)
        if writes and not held:
            held.append(route)
        else:
            route.continue_()

    page.route("**/api/sessions/*", hold_the_first)
    editor.select("Two truths")
    page.locator("#field-description").press_sequentially("One. ")
    expect(page.locator("[data-saved]")).to_have_text("Saving …")
    page.locator("#field-description").press_sequentially("Two. Three.")
    expect(page.locator("[data-saved]")).to_have_text("Not saved yet")
    assert len(writes) == 1
    held[0].continue_()
    editor.saved()
    expect(page.locator("#field-description")).to_have_value(re.compile(r"One\. Two\. Three\.$"))
    assert sections_of(stack, editor.identity)[0]["description"].endswith("One. Two. Three.")
    assert len(writes) > 1
    assert [write["version"] for write in writes] == list(range(1, len(writes) + 1))
    assert "Two." not in writes[0]["outline"]["sections"][0]["description"]


def test_two_windows_put_apart_changes_together_and_ask_about_the_same(
    editor: Editing, open_page: OpenPage, stack: Stack
) -> None:
    mine, theirs = editor, editing(open_page(), editor.identity)
    mine.describe("Two truths", "Mine, on the opener.")
    theirs.describe("What you saw", "Theirs, on the discussion.")
    expect(theirs.page.locator("[data-note]")).to_contain_text("put in: 1 part")
    theirs.page.keyboard.press("Control+z")
    expect(theirs.page.locator("#field-description")).not_to_have_value("Theirs, on the discussion.")
    theirs.saved()
    assert sections_of(stack, mine.identity)[0]["description"] == "Mine, on the opener."
    theirs.page.keyboard.press("Control+Shift+z")
    theirs.saved()
    theirs.describe("Two truths", "Theirs, on the opener.")
    mine.select("Two truths")
    mine.page.locator("#field-description").fill("Mine again, on the opener.")
    panel = mine.page.get_by_role("dialog", name="Changed in another window")
    expect(panel).to_be_visible()
    expect(mine.page.locator("[data-saved]")).to_contain_text("Not saved")
    expect(panel.get_by_role("group", name="Two truths changed in both")).to_be_visible()
    discussion = panel.get_by_role("group", name="What you saw only changed in the other window")
    expect(discussion.get_by_label("Theirs", exact=False)).to_be_checked()
    panel.get_by_role("button", name="Save what is chosen above").click()
    mine.saved()
    descriptions = [section["description"] for section in sections_of(stack, mine.identity)]
    assert descriptions[0] == "Mine again, on the opener."
    assert descriptions[3] == "Theirs, on the discussion."
    mine.page.get_by_role("button", name="Versions").click()
    expect(mine.page.locator(".version-item", has_text="From the other window")).to_be_visible()
    mine.page.keyboard.press("Escape")
    theirs.page.locator("#field-description").fill("Theirs once more.")
    theirs.page.get_by_role("button", name="Take all of theirs").click()
    expect(theirs.page.locator("#field-description")).to_have_value("Mine again, on the opener.")
    theirs.page.keyboard.press("Control+z")
    expect(theirs.page.locator("#field-description")).to_have_value("Theirs once more.")
    theirs.saved()


def test_a_section_is_rewritten_beside_the_old_one_and_kept_or_replaced(editor: Editing, stack: Stack) -> None:
    page = editor.page
    stack.provider.latency(model=1500)
    editor.select("What a talk is")
    before = page.locator("#field-description").input_value()
    editor.rewrite("With a real case")
    page.reload()
    editor.select("What a talk is")
    expect(page.get_by_role("heading", name="A new version of this section")).to_be_visible()
    expect(page.locator("[data-rewriting]")).to_contain_text(re.compile("The same in both: .*minutes"))
    expect(page.get_by_role("region", name="New version").get_by_text("Description")).to_be_visible()
    page.get_by_role("button", name="Keep yours").click()
    expect(page.locator("#field-description")).to_have_value(before)
    stack.provider.latency(model=100)
    editor.rewrite()
    page.get_by_role("button", name="Replace with the new one").click()
    expect(page.locator("#field-description")).not_to_have_value(before)
    editor.saved()
    assert sections_of(stack, editor.identity)[1]["minutes"] == 20
    page.keyboard.press("Control+z")
    expect(page.locator("#field-description")).to_have_value(before)
    editor.saved()
    assert sections_of(stack, editor.identity)[1]["description"] == before


def test_a_proposal_is_found_again_where_its_answer_was_lost(
    editor: Editing, open_page: OpenPage, stack: Stack
) -> None:
    """Asked for once and paid once: the page finds it, and so does another window."""
    page = editor.page

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/regenerate", lose)
    editor.select("What a talk is")
    page.get_by_text("Have this section rewritten").click()
    page.get_by_role("button", name="Regenerate").click()
    expect(page.get_by_role("heading", name="A new version of this section")).to_be_visible(timeout=15_000)
    other = editing(open_page(), editor.identity)
    other.select("What a talk is")
    expect(other.page.get_by_role("heading", name="A new version of this section")).to_be_visible()
    asked = "SELECT count(*) FROM sessions_builder_sectionproposal WHERE session_id = %s"
    assert stack.sql(asked, editor.identity) == [(1,)]


def test_minutes_that_cannot_be_are_said(editor: Editing) -> None:
    editor.minutes("Two truths").fill("999")
    editor.minutes("Two truths").press("Enter")
    said = editor.entry("Two truths").get_by_role("alert")
    expect(said).to_have_text("Whole minutes from 1 to 480; it stays at 10.")
    expect(editor.minutes("Two truths")).to_have_value("10")
    editor.minutes("Two truths").fill("15")
    expect(said).to_be_hidden()


def test_lines_beyond_the_limit_stay_and_are_said(editor: Editing, stack: Stack) -> None:
    page = editor.page
    editor.select("What a talk is")
    lines = [f"Explain point {number}" for number in range(1, 10)]
    page.locator("#field-objectives").fill("\n".join(lines))
    expect(page.locator("#field-objectives-error")).to_contain_text("At most 8 lines fit, and these are 9.")
    expect(page.locator("[data-saved]")).to_contain_text("Not saved: ")
    page.locator("#field-objectives").fill("\n".join(lines[1:]))
    expect(page.locator("#field-objectives-error")).to_be_hidden()
    editor.saved()
    assert sections_of(stack, editor.identity)[1]["objectives"] == lines[1:]


def test_a_section_that_cannot_be_rewritten_stays_and_the_reason_is_said(editor: Editing, stack: Stack) -> None:
    stack.provider.fault("model:refusal")
    editor.select("What a talk is")
    editor.rewrite("Make it dangerous")
    expect(editor.page.locator("[data-rewriting]").get_by_role("alert")).to_contain_text("declined to write")
    expect(editor.page.locator("[data-rewriting]").get_by_role("alert")).to_contain_text("Your section is unchanged")
    expect(editor.page.locator("#instruction")).to_have_value("Make it dangerous")
    editor.page.get_by_role("button", name="choose another activity from the library").click()
    expect(editor.page.get_by_role("dialog", name="Choose another activity")).to_contain_text("For “What a talk is”")


def test_without_a_model_an_activity_is_offered_and_no_rewriting(page: Page, stack: Stack) -> None:
    identity = new_session(stack)

    def as_without_model(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace('data-writer="model"', 'data-writer="offline"'))

    page.route(f"**/sessions/{identity}/", as_without_model)
    editing(page, identity)
    page.get_by_text("Have another activity proposed").click()
    expect(page.locator("[data-rewriting]")).to_contain_text("No AI is connected here")
    expect(page.locator("#instruction")).to_have_count(0)
    page.get_by_role("button", name="Propose an activity").click()
    expect(page.get_by_role("heading", name="Another activity for this section")).to_be_visible()


def test_a_hint_on_quality_is_followed_with_one_click_and_taken_back(editor: Editing) -> None:
    page = editor.page
    editor.minutes("Try it in threes").fill("40")
    editor.minutes("Try it in threes").press("Enter")
    page.get_by_role("button", name="Fit to 90 minutes").click()
    expect(page.locator("[data-timing]")).to_contain_text("90 of 90 min")
    expect(page.locator("#quality-title")).to_be_focused()
    expect(page.get_by_role("button", name="Fit to 90 minutes")).to_be_hidden()
    page.keyboard.press("Control+z")
    expect(page.locator("[data-timing]")).to_contain_text("100 of 90 min")
    editor.saved()


def test_a_fix_never_overwrites_what_was_written_since_it_was_offered(editor: Editing, stack: Stack) -> None:
    page = editor.page
    objectives = page.locator("#field-objectives")
    for title in ("What a talk is", "Try it in threes", "What you saw"):
        editor.select(title)
        objectives.fill("")
    editor.saved()
    offered = page.locator(".hint-row", has_text="“What you saw” does not say").get_by_role("button")
    expect(offered).to_be_visible()
    objectives.fill("Name one thing to do differently")
    offered.click()
    expect(page.locator(".panel.quality").get_by_role("alert")).to_contain_text("does not fit what you wrote")
    editor.saved()
    assert sections_of(stack, editor.identity)[3]["objectives"] == ["Name one thing to do differently"]


def test_sections_come_from_the_library_and_from_kept_ideas(editor: Editing, stack: Stack) -> None:
    page = editor.page
    editor.select("What you saw")
    page.get_by_role("button", name="Keep as idea").click()
    expect(page.locator("[data-note]")).to_contain_text("is among your ideas now")
    page.get_by_role("button", name="Add from the library").click()
    page.get_by_label("Kind").and_(page.locator("#filter-type")).select_option("exercise")
    page.locator("#filter-minutes").fill("20")
    expect(page.locator("[data-found]")).to_contain_text("that fit")
    expect(page.locator(".shelf-item", has_text="Exercise").first).to_be_visible()
    expect(page.locator("[data-what]")).to_have_text("AI with your material (1 source)")
    page.get_by_role("button", name="Add: ").first.click()
    expect(page.locator("[data-note]")).to_contain_text("is put in")
    added = editor.order()[4]
    page.get_by_role("button", name="Choose another from the library").click()
    page.get_by_role("button", name="Use this: ").last.click()
    expect(page.locator("[data-note]")).to_contain_text("The activity is now")
    assert editor.order()[4] != added
    page.get_by_role("button", name="Add from the library").click()
    page.get_by_role("radio", name="Your ideas").check(force=True)
    stack.sql("UPDATE sessions_builder_savedidea SET generation_source = 'template' WHERE title = 'What you saw'")
    page.get_by_role("button", name="Add: What you saw").first.click()
    expect(page.locator(".plan-name", has_text="What you saw")).to_have_count(2)
    expect(page.locator("[data-what]")).to_have_text("Partly AI with your material (1 source)")
    assert len(sections_of(stack, editor.identity)) == 7


def test_from_an_outline_to_the_file_a_co_trainer_gets(page: Page) -> None:
    submit_brief(page)
    wait_until_written(page)
    card(page, "Recommended Mix").get_by_role("button", name="Choose").click()
    page.wait_for_url("**/sessions/*/")
    page.locator("#title").fill("Calls that get through")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", name="Calls that get through")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Word").click()
    assert download.value.suggested_filename.endswith(".docx")


def test_publishing_is_blocked_until_it_is_ready(editor: Editing, stack: Stack) -> None:
    page = editor.page
    editor.select("First step")
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Publish").click()
    expect(page.locator("#readiness-title")).to_be_focused()
    expect(page.locator("[data-bar-words]")).to_contain_text("2 points to put right before publishing")
    expect(page.locator(".publish-bar").get_by_role("alert")).to_contain_text("Not yet")
    page.get_by_role("link", name="Minutes add up").click()
    expect(page.get_by_role("button", name="Fit to 90", exact=True)).to_be_focused()
    assert stored(stack, editor.identity)["state"] == "draft"
    page.keyboard.press("Control+z")
    expect(page.locator(".publish-bar").get_by_role("alert")).to_have_count(0)
    page.get_by_role("link", name="Date").click()
    page.get_by_label("Date", exact=True).fill("2027-03-01")
    expect(page.locator("[data-when-words]")).to_contain_text("Europe/Berlin")
    minutes = editor.minutes("First step")
    minutes.fill(str(int(minutes.input_value()) + 5))
    minutes.press("Enter")
    expect(page.locator("[data-bar-words]")).to_have_text("Ready to publish · 5 min over the 90")
    expect(page.get_by_role("link", name="Minutes nearly add up")).to_be_visible()
    editor.saved()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Published", exact=True)).to_be_visible()
    expect(page.get_by_text("The sections add up to 95 of 90 planned minutes.")).to_be_visible()
    expect(page.locator(".run-clock").first).to_contain_text("09:00")
    assert stored(stack, editor.identity)["state"] == "published"
    page.get_by_role("button", name="Back to a draft").click()
    page.wait_for_url("**/sessions/*/")
    expect(page.get_by_role("button", name="Publish")).to_be_visible()


def test_a_published_session_says_so_in_the_other_window(editor: Editing, open_page: OpenPage, stack: Stack) -> None:
    other = editing(open_page(), editor.identity)
    editor.page.get_by_role("button", name="Publish").click()
    expect(editor.page.get_by_text("Published", exact=True)).to_be_visible()
    other.select("Two truths")
    other.page.locator("#field-description").fill("Too late.")
    expect(other.page.locator("[data-saved]")).to_contain_text("it was published in another window")
    editor.page.get_by_role("button", name="Back to a draft").click()
    expect(editor.page.get_by_role("button", name="Publish")).to_be_visible()
    other.page.reload()
    expect(other.page.locator("[data-note]")).to_contain_text("Your unsaved changes from the last visit are back.")
    other.saved()
    assert sections_of(stack, editor.identity)[0]["description"] == "Too late."


def test_being_logged_out_loses_nothing(editor: Editing) -> None:
    page = editor.page
    cookies = page.context.cookies()
    page.context.clear_cookies()
    editor.select("Two truths")
    page.locator("#field-description").fill("Written after the session ended.")
    expect(page.locator("[data-saved]")).to_contain_text("you are logged out. Your work is kept in this browser.")
    expect(page.get_by_role("link", name="Log in to go on")).to_have_attribute("href", re.compile("next=%2Fsessions"))
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    page.reload()
    expect(page.locator("#field-description")).to_have_value("Written after the session ended.")
    editor.saved()


def test_opening_and_working_time_are_counted(editor: Editing, stack: Stack) -> None:
    editor.describe("Two truths", "Worked on.")
    editor.page.goto("/")
    counted = "SELECT event_type, active_ms FROM analytics_event WHERE session_id = %s"
    assert wait_until(lambda: len({kind for kind, _ in stack.sql(counted, editor.identity)}) == 3, seconds=10)
    found = dict(stack.sql(counted, editor.identity))
    assert set(found) == {"builder_opened", "builder_active", "content_edited"}
    assert 0 < found["builder_active"] <= 60_000


def test_what_an_author_writes_is_never_markup(editor: Editing) -> None:
    editor.select("Two truths")
    editor.page.get_by_label("Section title").fill("<img src=x onerror=alert(1)>")
    editor.saved()
    assert editor.page.locator("main img").count() == 0
    assert editor.order()[0] == "<img src=x onerror=alert(1)>"
