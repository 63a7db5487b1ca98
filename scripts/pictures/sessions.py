"""Editing a session and handing it over."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from scripts.pictures import picture
from tests.browser.sessions import editing, new_session
from tests.support.processes import Stack

DATED = "UPDATE sessions_builder_trainingsession SET starts_at = '2026-03-12 08:00+00', time_zone = 'Europe/Berlin'"


def dated_session(stack: Stack) -> str:
    """The id of a new session with a date."""
    identity = new_session(stack)
    stack.sql(f"{DATED} WHERE id = %s", identity)
    return identity


@picture("editor", user="author", height=860)
def editor(page: Page, stack: Stack) -> None:
    editing(page, dated_session(stack))
    expect(page.locator("[data-quality-score]")).not_to_be_empty()


@picture("facilitator-guide", user="author", width=900, height=900)
def facilitator_guide(page: Page, stack: Stack) -> None:
    """The file that is downloaded as a web page."""
    file = page.request.get(f"/api/sessions/{dated_session(stack)}/export?format=html")
    page.goto("about:blank")  # a page of ours would apply its own policy to the file
    page.set_content(file.text())
