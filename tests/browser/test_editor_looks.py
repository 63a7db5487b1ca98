"""The editor and the page to hand over, for everybody: screen readers, phones, slow lines, paper."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, Response, expect

from tests.browser.conftest import OpenPage
from tests.browser.sessions import Editing, editing, new_session
from tests.browser.test_looks import AXE, MOST_BYTES, RULES, bytes_of
from tests.support.processes import Stack

THEIRS = """
UPDATE sessions_builder_trainingsession
   SET version = version + 1, outline = jsonb_set(outline, '{sections,0,description}', '"Theirs."')
 WHERE id = %s
"""


COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}


def barriers(page: Page, within: str = "html", rules: Any = RULES) -> list[str]:
    """What axe-core finds wrong with a part of the page as it stands."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate(f"axe.run({json.dumps(within)}, {json.dumps(rules)})")["violations"]
    return [f"{each['id']}: {node['html'][:140]} {node['failureSummary']}" for each in found for node in each["nodes"]]


def meet_conflict(editor: Editing, stack: Stack) -> None:
    """Have somebody else write first, and stand before the choice."""
    stack.sql(THEIRS, editor.identity)
    editor.select("Two truths")
    editor.page.locator("#field-description").fill("Mine.")
    expect(editor.page.get_by_role("dialog", name="Changed in another window")).to_be_visible()


def open_library(page: Page) -> None:
    page.get_by_role("button", name="Add from the library").click()
    expect(page.locator("[data-found]")).to_contain_text("that fit")


def open_diff(editor: Editing) -> None:
    """Change something twice, and look at what has changed since the first."""
    page = editor.page
    editor.describe("What you saw", "Each group tells one moment.")
    page.get_by_role("button", name="Versions").click()
    page.get_by_label("Name the present version").fill("Before the pilot")
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.locator(".version-item").first).to_contain_text("Before the pilot")
    page.keyboard.press("Escape")
    editor.describe("What you saw", "Each group tells two moments that changed the talk.")
    page.get_by_role("button", name="Versions").click()
    page.get_by_role("button", name="Show what changed since: Before the pilot").click()
    expect(page.locator("[data-version-diff] ins")).to_contain_text("two moments")


@pytest.mark.parametrize(("dark", "rules"), [(False, RULES), (True, COLOURS)], ids=["light", "dark"])
def test_it_works(open_page: OpenPage, stack: Stack, dark: bool, rules: Any) -> None:
    """No state of the editor, and no page of a session, has a barrier axe-core can see; in the dark colours differ."""
    page = open_page(dark=dark)
    page.emulate_media(reduced_motion="reduce")  # colours are judged once nothing fades any more
    editor = editing(page, new_session(stack))
    page.locator(".details summary").click()
    editor.select("What a talk is")
    page.locator(".source-chip summary").first.click()
    page.get_by_text("Have this section rewritten").click()
    assert barriers(page, rules=rules) == []
    open_library(page)
    assert barriers(page, "#library", rules) == []
    page.keyboard.press("Escape")
    open_diff(editor)
    assert barriers(page, "#versions", rules) == []
    page.keyboard.press("Escape")
    meet_conflict(editor, stack)
    assert barriers(page, "#conflict", rules) == []
    stack.sql("UPDATE sessions_builder_trainingsession SET state = 'published' WHERE id = %s", editor.identity)
    page.goto(f"/sessions/{editor.identity}/")
    assert barriers(page, rules=rules) == []


def test_phones_never_scroll_sideways(open_page: OpenPage, stack: Stack) -> None:
    page = open_page(width=360, touch=True)
    editor = editing(page, new_session(stack, "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen"))
    wide: list[str] = []

    def look(state: str) -> None:
        if page.evaluate("document.documentElement.scrollWidth") > 360:
            wide.append(state)

    page.locator(".details summary").click()
    look("editor")
    open_library(page)
    look("library")
    page.keyboard.press("Escape")
    meet_conflict(editor, stack)
    look("conflict")
    page.goto(f"/sessions/{editor.identity}/read/")
    look("read")
    page.goto("/")
    look("list")
    assert wide == []


def test_choosing_a_section_on_a_phone_leads_to_it(open_page: OpenPage, stack: Stack) -> None:
    editor = editing(open_page(width=360, touch=True), new_session(stack))
    editor.entry("First step").locator(".plan-title").tap()
    expect(editor.page.locator("#section-heading")).to_be_focused()
    expect(editor.page.locator("#section-heading")).to_be_in_viewport()


@pytest.mark.parametrize("path", ["", "read/"])
def test_pages_are_light(open_page: OpenPage, stack: Stack, path: str) -> None:
    page = open_page()
    answers: list[Response] = []
    page.on("response", lambda response: answers.append(response))
    page.goto(f"/sessions/{new_session(stack)}/{path}", wait_until="networkidle")
    assert len(answers) > 10
    assert sum(bytes_of(response) for response in answers) <= MOST_BYTES
