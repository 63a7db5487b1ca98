"""Drafts to edit, and what an author does in the editor, as steps the tests share."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from playwright.sync_api import Locator, Page, expect

from tests.browser.generations import BRIEF, SOURCES, section
from tests.support.processes import Stack

PLAN = (
    ("opener", "Two truths", 10),
    ("topic", "What a talk is", 20),
    ("exercise", "Try it in threes", 30),
    ("discussion", "What you saw", 20),
    ("closing", "First step", 10),
)
INSERT = """
INSERT INTO sessions_builder_trainingsession (id, owner_id, title, state, version, generation_source, time_zone,
    category, session_type, duration_minutes, brief, outline, sources, updated_at)
SELECT %s, id, %s, 'draft', 1, 'rag', 'UTC', 'Leadership Development', 'workshop', 90, %s, %s, %s, now()
  FROM auth_user WHERE username = 'author'
"""
PRESSES = 120


def new_session(stack: Stack, title: str = "Coaching that sticks") -> str:
    """The id of a new draft of the author's, ready to be published but for its date."""
    identity = str(uuid4())
    sections = [
        {**section(*planned, sources=("S1",) if planned[0] == "topic" else ()), "id": str(uuid4()), "locked": False}
        for planned in PLAN
    ]
    outline = {"title": title, "summary": "Short talks, often.", "difficulty": "intermediate", "sections": sections}
    brief = {**BRIEF, "audienceName": "New managers"}
    stack.sql(INSERT, identity, title, *map(json.dumps, (brief, outline, SOURCES)))
    return identity


def stored(stack: Stack, identity: str) -> dict[str, Any]:
    """State, version and outline of a session as the database has them."""
    found = stack.sql("SELECT state, version, outline FROM sessions_builder_trainingsession WHERE id = %s", identity)
    return dict(zip(("state", "version", "outline"), found[0], strict=True))


def sections_of(stack: Stack, identity: str) -> list[dict[str, Any]]:
    sections: list[dict[str, Any]] = stored(stack, identity)["outline"]["sections"]
    return sections


def editing(page: Page, identity: str) -> Editing:
    """Open a session in the editor and wait until it answers."""
    page.goto(f"/sessions/{identity}/")
    expect(page.locator("html[data-ready]")).to_be_attached()
    return Editing(page, identity)


@dataclass(frozen=True, slots=True)
class Editing:
    """An open editor."""

    page: Page
    identity: str

    def order(self) -> list[str]:
        return self.page.locator(".plan-name").all_inner_texts()

    def entry(self, title: str) -> Locator:
        """The entry of a section in the list."""
        return self.page.locator(".plan-item", has_text=title).first

    def minutes(self, title: str) -> Locator:
        return self.page.get_by_label(f"Minutes of {title}", exact=True)

    def select(self, title: str) -> None:
        self.entry(title).locator(".plan-title").click()
        expect(self.page.locator("#section-heading")).to_have_text(title)

    def describe(self, title: str, words: str) -> None:
        """Write a description and wait until the server has it."""
        self.select(title)
        self.page.locator("#field-description").fill(words)
        expect(self.page.locator("[data-saved][data-state=waiting]")).to_be_attached()
        self.saved()

    def rewrite(self, instruction: str = "") -> None:
        """Ask for a new version of the selected section."""
        self.page.get_by_text("Have this section rewritten").click()
        self.page.locator("#instruction").fill(instruction)
        with self.page.expect_response("**/regenerate"):
            self.page.get_by_role("button", name="Regenerate").click()

    def saved(self) -> None:
        """Wait until nothing is unsaved."""
        expect(self.page.locator("[data-saved][data-state=saved]")).to_be_attached(timeout=15_000)

    def drag(self, title: str, *, before: str) -> None:
        grip, target = self.entry(title).locator("[data-grip]"), self.entry(before)
        grip.hover()
        self.page.mouse.down()
        box = target.bounding_box()
        assert box is not None
        self.page.mouse.move(box["x"] + 10, box["y"] + box["height"] / 2 + 8, steps=4)
        self.page.mouse.move(box["x"] + 10, box["y"] + 4, steps=2)
        self.page.mouse.up()

    def tab_to(self, name: str, *, back: bool = False) -> None:
        """Press Tab, or Shift and Tab, until a control with a name that begins so has the focus."""
        for _ in range(PRESSES):
            self.page.keyboard.press("Shift+Tab" if back else "Tab")
            if str(self.page.evaluate(FOCUSED)).startswith(name):
                return
        raise AssertionError(f"{name} cannot be reached with the Tab key")


FOCUSED = """(() => {
  const at = document.activeElement;
  return (at.getAttribute("aria-label") || at.innerText || "").replace(/\\s+/g, " ").trim();
})()"""
