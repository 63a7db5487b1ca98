"""Raising a flag in the admin."""

from __future__ import annotations

from playwright.sync_api import Page

from scripts.pictures import picture
from tests.support.processes import Stack

FLAG = "variant_generation_v2"
CROWD = """
INSERT INTO auth_user (password, is_superuser, username, first_name, last_name, email, is_staff, is_active, date_joined)
SELECT '!', false, 'author' || n, '', '', '', false, true, now() FROM generate_series(3, 900) n
ON CONFLICT DO NOTHING
"""


def open_flag(page: Page) -> None:
    """Open the page of the flag that is rolled out."""
    page.goto("/admin/featureflags/flag/")
    page.get_by_role("link", name=FLAG).click()
    page.get_by_role("heading", name="History").wait_for()


@picture("flag-list", user="product")
def flag_list(page: Page, stack: Stack) -> None:
    _at(stack, 10, "Phase 2: beta test")
    page.goto("/admin/featureflags/flag/")


@picture("flag-page", user="product", height=1240)
def flag_page(page: Page, stack: Stack) -> None:
    _at(stack, 10, "Phase 2: beta test")
    open_flag(page)


@picture("flag-confirmation", user="product")
def flag_confirmation(page: Page, stack: Stack) -> None:
    _at(stack, 10, "Phase 2: beta test")
    open_flag(page)
    page.get_by_role("spinbutton", name="Rollout").fill("50")
    page.get_by_label("Reason").fill("Phase 3: staged rollout")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Not saved yet").wait_for()


def _at(stack: Stack, percentage: int, reason: str) -> None:
    """Put the flag there once, among enough users that a step reaches some."""
    state = stack.sql("SELECT enabled, basis_points FROM featureflags_flag WHERE key = %s", FLAG)
    if state != [(True, percentage * 100)]:
        stack.sql(CROWD)
        stack.manage("flag", "set", FLAG, "--on", "--rollout", str(percentage), "--reason", reason)
