"""A published session: handed over, rated, duplicated, archived, and back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.sessions import new_session, stored
from tests.support.processes import Stack


@pytest.fixture
def identity(stack: Stack) -> str:
    """The id of a published session of the author's."""
    identity = new_session(stack, "Ready to go")
    stack.sql(
        "UPDATE sessions_builder_trainingsession SET state = 'published', published_at = now() WHERE id = %s", identity
    )
    return identity


def test_it_works(page: Page, identity: str) -> None:
    """Each format can be had for the facilitator and for participants, who see nothing of the facilitator's."""
    page.goto(f"/sessions/{identity}/")
    for name, suffix in (("Word", ".docx"), ("Markdown", ".md"), ("Web page", ".html"), ("Calendar", ".ics")):
        with page.expect_download() as download:
            page.get_by_role("link", name=name).click()
        assert download.value.suggested_filename.endswith(suffix)
    expect(page.locator(".facilitator").first).to_be_visible()
    page.get_by_text("Participant agenda").click()
    expect(page.locator(".facilitator").first).to_be_hidden()
    with page.expect_download() as download:
        page.get_by_role("link", name="Markdown").click()
    text = download.value.path().read_text("utf-8")
    assert "Two truths" in text
    assert "Keep the time visible" not in text


def test_it_is_rated_duplicated_archived_and_brought_back(page: Page, identity: str, stack: Stack) -> None:
    page.goto(f"/sessions/{identity}/")
    page.get_by_role("radio", name="4").check(force=True)
    page.get_by_label("Why?").fill("The exercise carried it.")
    page.get_by_role("button", name="Rate").click()
    expect(page.locator("[data-rated]")).to_have_text("Rated 4 of 5. Thank you.")
    page.reload()
    expect(page.get_by_role("radio", name="4")).to_be_checked()
    expect(page.get_by_label("Why?")).to_have_value("The exercise carried it.")
    page.get_by_role("button", name="Duplicate").click()
    page.wait_for_url(lambda url: identity not in url and "/sessions/" in url)
    expect(page.locator("#title")).to_have_value("Ready to go (copy)")
    page.goto(f"/sessions/{identity}/")
    page.get_by_role("button", name="Archive").click()
    page.wait_for_url(re.compile(r"/$"))
    expect(page.get_by_role("heading", name="My sessions")).to_be_visible()
    assert stored(stack, identity)["state"] == "archived"
    page.get_by_role("link", name="Archived sessions").click()
    page.get_by_role("link", name="Ready to go").first.click()
    page.get_by_role("button", name="Bring back as a draft").click()
    expect(page.get_by_role("button", name="Publish")).to_be_visible()


def test_what_is_archived_can_be_deleted_for_good(page: Page, identity: str, stack: Stack) -> None:
    stack.sql("UPDATE sessions_builder_trainingsession SET state = 'archived' WHERE id = %s", identity)
    page.goto(f"/sessions/{identity}/")
    page.get_by_role("button", name="Delete for good").click()
    dialog = page.get_by_role("dialog", name="Delete for good?")
    dialog.get_by_role("button", name="Keep it").click()
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="Delete for good").click()
    dialog.get_by_role("button", name="Delete for good").click()
    page.wait_for_url("**/?archived")
    assert stack.sql("SELECT 1 FROM sessions_builder_trainingsession WHERE id = %s", identity) == []


def test_paper_shows_the_session_and_nothing_to_click(page: Page, identity: str) -> None:
    page.goto(f"/sessions/{identity}/")
    page.emulate_media(media="print")
    for shown in (".strip-block", ".run-clock", ".bring", ".sources-list"):
        expect(page.locator(shown).first).to_be_visible()
    for hidden in (".masthead", ".hand-over", ".rating", "[data-acts]"):
        expect(page.locator(hidden)).to_be_hidden()
