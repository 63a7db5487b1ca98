"""Product staff change exposure in the admin: see who is affected, say why, watch it arrive, take it back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from featureflags.evaluation import shard
from tests.browser.conftest import OpenPage
from tests.support.processes import ApiClient, Stack

pytestmark = pytest.mark.timeout(240)
FLAG = "variant_generation_v2"
CROWD = 1200
DRAFT = "**/rampplan/add/**"
ACCOUNT = re.compile("product")


@pytest.fixture
def at_ten_percent(stack: Stack) -> Iterator[Stack]:
    """The product in phase 2 of the guide; afterwards everybody has four versions again."""
    # Of the few users here some have to lie between 10 and 50 %, whatever salt was drawn.
    stack.sql("UPDATE featureflags_flag SET salt = 'phase' WHERE key = %s", FLAG)
    set_rollout(stack, 10)
    yield stack
    for table in ("rampstep", "guardrail", "rampplan"):
        stack.sql(f"DELETE FROM featureflags_{table}")
    stack.sql("DELETE FROM auth_user WHERE username LIKE 'crowd%%'")
    set_rollout(stack, 100)


def set_rollout(stack: Stack, percentage: int) -> None:
    """Put the flag there for every process, without an audit: what is looked at here comes after it."""
    stack.sql("UPDATE featureflags_flag SET enabled = true, basis_points = %s WHERE key = %s", percentage * 100, FLAG)
    new = "version = version + 1, token = gen_random_uuid(), changed_at = now()"
    stack.sql(f"UPDATE featureflags_flagversion SET {new}")


def moved(stack: Stack, low: int, high: int) -> set[str]:
    """Active users between two percentages, computed here."""
    ((salt,),) = stack.sql("SELECT salt FROM featureflags_flag WHERE key = %s", FLAG)
    users = stack.sql("SELECT id, username FROM auth_user WHERE is_active")
    return {name for key, name in users if low * 100 <= shard(salt, str(key)) < high * 100}


def add_crowd(stack: Stack) -> None:
    stack.sql(
        "INSERT INTO auth_user (password, is_superuser, username, first_name, last_name, email, is_staff, is_active,"
        " date_joined) SELECT '!', false, 'crowd' || n, '', '', '', false, true, now() FROM generate_series(1, %s) n",
        CROWD,
    )


def open_flag(page: Page) -> None:
    page.goto("/admin/featureflags/flag/")
    page.get_by_role("link", name=FLAG).click()
    expect(page.get_by_role("heading", name="History")).to_be_visible()


def state_of(page: Page, words: str) -> None:
    """Expect the page to say so at a glance."""
    expect(page.get_by_label("State of the flag").locator(".flag-now-state")).to_have_text(words)


def test_it_works(open_page: OpenPage, at_ten_percent: Stack) -> None:
    stack = at_ten_percent
    api = ApiClient(stack)
    page = open_page("product")
    open_flag(page)
    state_of(page, "On for 10 % of users")

    people = moved(stack, 10, 50)
    reach = re.compile(rf"\+{len(people)} users on, −0 off, \d+ with a generation running")
    page.get_by_role("button", name="50 %", exact=True).click()
    expect(page.get_by_label("as a slider")).to_have_value("50")
    expect(page.locator(".flag-preview")).to_have_text(reach)
    page.get_by_label("Reason").fill("Phase 3: staged rollout")
    page.get_by_role("button", name="Save", exact=True).click()

    card = page.locator("[data-confirmation]")
    expect(card).to_be_focused()
    expect(card).to_contain_text("On for 10 % of users → On for 50 % of users")
    expect(card).to_contain_text(reach)
    assert set(card.locator("li").all_inner_texts()) == {f"{name} on" for name in people}
    expect(page.get_by_text("Please correct")).to_have_count(0)
    state_of(page, "On for 10 % of users")

    card.get_by_role("button", name="Apply this change").click()
    state_of(page, "On for 50 % of users")
    expect(page.get_by_text("Saved. variant_generation_v2: On for 50 % of users.")).to_be_visible()
    ((version,),) = stack.sql("SELECT version FROM featureflags_flagversion")
    api.submit()  # the worker decides, too
    reached = rf"[2-9] of \d+ processes on version {version}|All [2-9] processes follow"
    followed = re.compile(rf"^({reached}), slowest (after )?\d+\.\d s")
    expect(page.locator("[data-propagation]")).to_have_text(followed, timeout=20_000)

    page.get_by_role("button", name="Revert revision").first.click()
    state_of(page, "On for 10 % of users")
    told = stack.sql(
        "SELECT c.source, c.actor_name, c.reason, c.after ->> 'percentage' FROM featureflags_flagchange c"
        " JOIN featureflags_flag f ON f.id = c.flag_id WHERE f.key = %s ORDER BY c.revision DESC LIMIT 2",
        FLAG,
    )
    assert told[1] == ("admin", "product", "Phase 3: staged rollout", "50.0")
    assert told[0][:2] == ("admin", "product")
    assert told[0][2].startswith("Reverted revision")
    assert told[0][3] == "10.0"


def test_a_large_change_is_typed(open_page: OpenPage, at_ten_percent: Stack) -> None:
    stack = at_ten_percent
    add_crowd(stack)
    number = len(moved(stack, 10, 100))
    page = open_page("product", width=360, dark=True, touch=True)
    open_flag(page)
    page.get_by_role("spinbutton", name="Rollout").fill("100")
    page.get_by_label("Reason").fill("Phase 4: full rollout")
    page.get_by_role("button", name="Save", exact=True).click()
    card = page.locator("[data-confirmation]")
    expect(card).to_contain_text(f"The first 20 of {number}")
    card.get_by_role("textbox").fill(str(number - 1))
    card.get_by_role("button", name="Apply this change").click()
    expect(card).to_contain_text(f"Type {number} to confirm")
    state_of(page, "On for 10 % of users")
    card.get_by_role("textbox").fill(str(number))
    card.get_by_role("button", name="Apply this change").click()
    state_of(page, "On for everyone")

    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("link", name="Switch off now").click()
    expect(page.get_by_role("heading", name="off for everyone")).to_be_visible()
    page.get_by_label("Reason").fill("Outlines are broken")
    page.get_by_role("button", name="Switch off").click()
    state_of(page, "Off")


def test_a_large_revert_is_typed(open_page: OpenPage, at_ten_percent: Stack) -> None:
    stack = at_ten_percent
    add_crowd(stack)
    stack.manage("flag", "set", FLAG, "--rollout", "100", "--reason", "Phase 4: full rollout")
    stack.manage("flag", "set", FLAG, "--rollout", "10", "--reason", "Slow answers")
    number = len(moved(stack, 10, 100))
    page = open_page("product", width=360, touch=True)
    open_flag(page)
    page.get_by_role("button", name="Revert revision").first.click()
    expect(page.get_by_role("heading", name="Revert revision")).to_be_visible()
    expect(page.get_by_text(f"+{number} users on, −0 off")).to_be_visible()
    page.get_by_label("Reason").fill("Fast again")
    page.get_by_role("button", name="Revert", exact=True).click()
    expect(page.get_by_text(f"Type {number} to confirm")).to_be_visible()
    page.get_by_label("To go on, type how many").fill(str(number))
    page.get_by_role("button", name="Revert", exact=True).click()
    state_of(page, "On for everyone")


def test_a_ramp_with_the_keyboard_alone(open_page: OpenPage, at_ten_percent: Stack) -> None:
    """Planned, started with the reason of its draft, and paused."""
    page = open_page("product")
    open_flag(page)
    press(page, "link", "Plan a ramp")
    page.wait_for_url(DRAFT)  # what is typed too early goes into the reason of the page that is left
    page.get_by_label("Reason").focus()
    page.keyboard.type("Spring release")
    page.keyboard.press("Enter")
    press(page, "link", "Start ramp")
    expect(page.get_by_label("Reason")).to_have_value("Spring release")
    expect(page.get_by_text("On for 10 % of users → On for 25 % of users")).to_be_visible()
    press(page, "button", "Start")
    state_of(page, "On for 25 % of users")
    press(page, "link", "Pause ramp")
    expect(page.get_by_role("heading", name="Pause the ramp")).to_be_visible()
    page.get_by_label("Reason").focus()
    page.keyboard.type("Wait for the report")
    press(page, "button", "Pause")
    expect(page.get_by_role("link", name="Paused, step 1 of 3")).to_be_visible()


def press(page: Page, role: Literal["link", "button"], name: str | re.Pattern[str]) -> None:
    """Reach it with the keyboard and press it; the focus must be seen."""
    target = page.get_by_role(role, name=name, exact=True)
    target.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(target).to_be_focused()
    assert target.evaluate("element => getComputedStyle(element).outlineStyle") != "none"
    page.keyboard.press("Enter")


def test_the_menu_of_a_phone_opens_with_the_keyboard(open_page: OpenPage, stack: Stack) -> None:
    page = open_page("product", width=360)
    page.goto("/admin/")
    link = page.locator("#nav-sidebar").get_by_role("link", name="Ramp plans")
    expect(link).not_to_be_in_viewport()
    press(page, "button", "Menu")
    expect(link).to_be_visible()


def test_the_menu_of_the_account_opens_with_the_keyboard(open_page: OpenPage, stack: Stack) -> None:
    page = open_page("product")
    page.goto("/admin/")
    account, leave = page.get_by_role("button", name=ACCOUNT), page.get_by_role("button", name="Log out")
    expect(account).to_have_attribute("aria-expanded", "false")
    press(page, "button", ACCOUNT)
    expect(account).to_have_attribute("aria-expanded", "true")
    expect(leave).to_be_visible()
    page.keyboard.press("Shift+Tab")
    expect(leave).to_be_focused()


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (360, True)])
def test_everybody_can_read_it(open_page: OpenPage, at_ten_percent: Stack, width: int, dark: bool) -> None:
    page = open_page("product", width=width, dark=dark)
    open_flag(page)
    flag_page = page.url
    page.get_by_role("link", name="Plan a ramp").click()
    page.wait_for_url(DRAFT)
    page.get_by_label("Reason").fill("Spring release")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("link", name="Start ramp")).to_be_visible()
    pages = (page.url, flag_page, "/admin/featureflags/flag/", "/admin/featureflags/scheduledchange/add/", "/admin/")
    for address in pages:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]})
        assert found.violations_count == 0, (address, found.generate_report())
