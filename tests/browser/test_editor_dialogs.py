"""The editor's dialogs by keyboard alone: opened, walked through, used, left with Escape, and back where one was."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.sessions import Editing, editing, new_session, sections_of, stored
from tests.support.processes import Stack

MOST_STOPS = 600
NAME = "UPDATE sessions_builder_sessionversion SET name = 'Agreed' WHERE session_id = %s AND number = 2"
NAMES = "SELECT name FROM sessions_builder_sessionversion WHERE session_id = %s AND name <> ''"
MANY_LATER = """
INSERT INTO sessions_builder_sessionversion
    (session_id, first_number, number, name, kind, content, created_at, updated_at)
SELECT session_id, later, later, '', 'restored', content, created_at, updated_at
  FROM sessions_builder_sessionversion, generate_series(101, 130) later WHERE session_id = %s AND number = 2
"""
UNREACHED = "The server could not be reached. Nothing was changed; try again."
HAS_FOCUS = "(dialog) => dialog.contains(document.activeElement) || document.activeElement === document.body"


@pytest.fixture
def editor(open_page: OpenPage, stack: Stack) -> Editing:
    """The editor, open on a new draft of the author's."""
    return editing(open_page(), new_session(stack))


def open_with(editor: Editing, button: str, dialog: str) -> Locator:
    """Reach a button with Tab, press it, and return the dialog it opens."""
    editor.tab_to(button)
    editor.page.keyboard.press("Enter")
    opened = editor.page.locator(dialog)
    expect(opened).to_be_visible()
    return opened


def stays_within(page: Page, dialog: Locator) -> bool:
    """Whether Tab never leaves a dialog for the page behind it, all around."""
    page.keyboard.press("Tab")  # what is focused at first, such as a heading, may not be reached again
    first = page.evaluate_handle("document.activeElement")
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if not dialog.evaluate(HAS_FOCUS):
            return False
        if page.evaluate("(first) => first === document.activeElement", first):
            return True
    return False


def test_the_library(editor: Editing, stack: Stack) -> None:
    page = editor.page
    library = open_with(editor, "Add from the library", "#library")
    expect(library.get_by_role("button", name="Close", exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    expect(library).to_be_hidden()
    expect(page.get_by_role("button", name="Add from the library")).to_be_focused()

    page.keyboard.press("Enter")
    expect(library.get_by_role("button", name="Close", exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    expect(library.get_by_role("radio", name="Your ideas")).to_be_focused()
    expect(page.locator("#filter-type")).to_be_hidden()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#filter-type")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator("#filter-type")).to_be_focused()
    page.keyboard.type("Disc")
    page.keyboard.press("Tab")
    page.keyboard.type("20")
    expect(library.locator(".shelf-item").first).to_contain_text("Discussion")
    assert stays_within(page, library)
    editor.tab_to("Add: ")
    page.keyboard.press("Enter")
    expect(library).to_be_hidden()
    expect(page.get_by_role("button", name="Add from the library")).to_be_focused()
    expect(page.locator("[data-note]")).to_contain_text("is put in")
    assert len(sections_of(stack, editor.identity)) == 6


def test_versions(editor: Editing, stack: Stack) -> None:
    page = editor.page
    # Long before it is wanted: a browser that begins to intercept lets what is asked for at once go through.
    page.route("**/version-diff*.js", lambda route: route.abort())
    editor.describe("Two truths", "Another beginning.")
    page.locator("#title").focus()
    versions = page.locator("#versions")
    editor.tab_to("Versions", back=True)
    page.keyboard.press("Enter")
    expect(versions.locator(".version-item")).to_have_count(1)
    editor.tab_to("Close", back=True)
    page.keyboard.press("Tab")
    expect(page.get_by_label("Name the present version")).to_be_focused()
    page.keyboard.type("Before the pilot")
    page.keyboard.press("Enter")
    expect(versions.locator(".version-item").first).to_contain_text("Before the pilot")
    expect(versions.locator(".version-item").first).to_contain_text("Version 2 ·")
    page.keyboard.press("Escape")
    expect(versions).to_be_hidden()
    expect(page.get_by_role("button", name="Versions")).to_be_focused()

    editor.describe("Two truths", "Yet another beginning.")
    page.locator("#title").focus()
    editor.tab_to("Versions", back=True)
    page.keyboard.press("Enter")
    expect(versions.locator(".version-item")).to_have_count(2)
    assert stays_within(page, versions)
    editor.tab_to("Show what changed since: Before the pilot")
    page.keyboard.press("Enter")
    expect(versions.get_by_role("alert")).to_have_text(UNREACHED)
    page.unroute("**/version-diff*.js")
    page.keyboard.press("Enter")
    expect(page.locator("#diff-title")).to_be_focused()
    expect(versions.locator("[data-version-diff] ins")).to_contain_text("Yet")
    editor.tab_to("Restore: Before the pilot", back=True)
    page.keyboard.press("Enter")
    expect(versions).to_be_hidden()
    expect(page.get_by_role("button", name="Versions")).to_be_focused()
    expect(page.locator("[data-note]")).to_contain_text("Restored: Before the pilot")
    assert sections_of(stack, editor.identity)[0]["description"] == "Another beginning."


def test_a_choice_that_cannot_be_shown_is_said_and_asked_for_again(open_page: OpenPage, stack: Stack) -> None:
    """Part of the page does not load: nothing is lost, and the way to the choice stays."""
    page = open_page()
    for name in ("conflict", "library"):
        page.route(f"**/editor/{name}*.js", lambda route: route.abort())
    mine = editing(page, new_session(stack))
    editing(open_page(), mine.identity).describe("Two truths", "Theirs.")
    page.locator("#field-description").fill("Mine.")
    saved = page.locator("[data-saved]")
    expect(saved).to_contain_text("the choice could not be loaded. Your work is kept in this browser; try again.")
    page.get_by_role("button", name="Choose what to keep").click()
    expect(saved).to_contain_text("try again")
    expect(page.get_by_role("button", name="Choose what to keep")).to_be_focused()
    page.unroute("**/editor/conflict*.js")
    page.keyboard.press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Keep all of yours").click()
    mine.saved()
    assert sections_of(stack, mine.identity)[0]["description"] == "Mine."
    page.get_by_role("button", name="Add from the library").click()
    expect(page.get_by_role("alert").filter(has_text=UNREACHED)).to_be_visible()


def test_a_conflict_can_wait_and_is_decided_later(editor: Editing, open_page: OpenPage, stack: Stack) -> None:
    page = editor.page
    editing(open_page(), editor.identity).describe("Two truths", "Theirs.")
    for statement in (NAME, MANY_LATER):
        stack.sql(statement, editor.identity)
    page.locator("#field-description").fill("Mine.")
    dialog = page.get_by_role("dialog", name="Changed in another window")
    expect(dialog.get_by_role("heading", name="Changed in another window")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.locator("#field-description")).to_be_focused()
    expect(page.locator("[data-saved]")).to_contain_text("Not saved: changed in another window")
    expect(page.get_by_role("link", name="Not saved")).to_be_visible()
    page.keyboard.type(" And more.")
    assert stored(stack, editor.identity)["outline"]["sections"][0]["description"] == "Theirs."
    page.get_by_role("button", name="Publish").click()
    expect(page.locator(".publish-bar").get_by_role("alert")).to_contain_text("The line at the top of the page says")

    page.locator("#field-description").focus()
    editor.tab_to("Choose what to keep", back=True)
    page.keyboard.press("Enter")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Choose what to keep")).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog).to_contain_text("And more.")
    assert stays_within(page, dialog)
    radios = dialog.get_by_role("radio")
    editor.tab_to("Decide later")
    page.keyboard.press("Tab")
    expect(radios.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(radios.nth(1)).to_be_checked()
    editor.tab_to("Save what is chosen above")
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(page.locator("#section-heading")).to_be_focused()
    expect(page.locator("#field-description")).to_have_value("Theirs.")
    editor.saved()
    assert stack.sql(NAMES, editor.identity) == [("Agreed",)]
