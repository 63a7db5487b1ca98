"""The editor and the page to hand over, for everybody: screen readers, phones, slow lines, paper."""

from __future__ import annotations

import json
from dataclasses import dataclass

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


CONTRAST = {"runOnly": ["color-contrast"]}
LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen"


def barriers(page: Page, within: str, rules: dict[str, list[str]]) -> list[str]:
    """What axe-core finds wrong with a part of the page as it stands."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate(f"axe.run({json.dumps(within)}, {json.dumps(rules)})")["violations"]
    return [f"{each['id']}: {node['html'][:140]} {node['failureSummary']}" for each in found for node in each["nodes"]]


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges a page in one theme: in light by every rule and width, in dark by its contrast."""

    page: Page
    is_dark: bool

    def check(self, within: str = "html") -> None:
        """No barrier, and no sideways scroll on a phone or at 200 % zoom."""
        assert barriers(self.page, within, CONTRAST if self.is_dark else RULES) == []
        for width in () if self.is_dark else (640, 360, 1280):
            self.page.set_viewport_size({"width": width, "height": 800})
            assert self.page.evaluate("document.documentElement.scrollWidth") <= width


def meet_conflict(editor: Editing, stack: Stack) -> None:
    """Have somebody else write first, and stand before the choice."""
    stack.sql(THEIRS, editor.identity)
    editor.select("Two truths")
    editor.page.locator("#field-description").fill("Mine.")
    expect(editor.page.get_by_role("dialog", name="Changed in another window")).to_be_visible()


def open_library(page: Page) -> None:
    page.get_by_role("button", name="Add from the library").click()
    page.locator("#filter-minutes").fill("45")  # a short list is judged as well as a long one
    expect(page.locator(".shelf-item")).not_to_have_count(0)


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


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_it_works(open_page: OpenPage, stack: Stack, dark: bool) -> None:
    """No state of the editor, and no page of a session, has a barrier, whatever the theme and the width."""
    page = open_page(dark=dark)
    judge = Judge(page, dark)
    page.emulate_media(reduced_motion="reduce")  # colours are judged once nothing fades any more
    editor = editing(page, new_session(stack, LONG))
    page.locator(".details summary").click()
    editor.select("What a talk is")
    page.locator(".source-chip summary").first.click()
    page.get_by_text("Have this section rewritten").click()
    judge.check()
    open_library(page)
    judge.check("#library")
    page.keyboard.press("Escape")
    open_diff(editor)
    judge.check("#versions")
    page.keyboard.press("Escape")
    editor.rewrite()
    expect(page.get_by_role("heading", name="A new version of this section")).to_be_visible()
    judge.check("[data-rewriting]")
    meet_conflict(editor, stack)
    judge.check("#conflict")
    stack.sql("UPDATE sessions_builder_trainingsession SET state = 'published' WHERE id = %s", editor.identity)
    page.goto(f"/sessions/{editor.identity}/")
    judge.check()
    page.goto("/")
    judge.check()


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
    assert sum(bytes_of(response, page) for response in answers) <= MOST_BYTES
