"""Outlines side by side: from ticked sources to a blind choice and a section taken from another version."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.steps import submit_brief, wait_until_written
from tests.support.processes import Stack

LABELS = ("Knowledge Base-Driven", "Recommended Mix", "Creative Approach", "Alternative Structure")
NOTICE = "[data-mixed] .notice"


def prompts(stack: Stack) -> str:
    """Everything the writing service was sent."""
    return "\n".join(call["prompt"] for call in stack.provider.calls("model"))


def sections_of(stack: Stack) -> list[dict[str, Any]]:
    """Sections of the newest session."""
    found = stack.sql("SELECT outline FROM sessions_builder_trainingsession ORDER BY created_at DESC LIMIT 1")
    sections: list[dict[str, Any]] = found[0][0]["sections"]
    return sections


def untick_the_first_source(page: Page) -> tuple[str, str]:
    """Open the tray, untick the first source by keyboard, and return its excerpt and that of one still ticked."""
    page.get_by_role("button", name="sources found").click()
    expect(page.locator("[data-preview] summary").first).to_be_focused()
    rows = page.locator("[data-preview] .source")
    expect(rows.first).to_contain_text("strong match")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(rows.first.get_by_role("checkbox")).not_to_be_checked()
    excerpts = rows.locator(".source-excerpt").all_inner_texts()
    return excerpts[0], excerpts[1]


def go_blind(page: Page) -> None:
    """Hide names and sources; a reload keeps them hidden, and so do the cards."""
    page.keyboard.press("b")
    expect(page.get_by_role("heading", name="Version B")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Version B")).to_be_visible()
    for label in LABELS:
        expect(page.get_by_text(label)).to_have_count(0)
    expect(page.locator(".reference, .card-what")).to_have_count(0)
    page.keyboard.press("c")
    expect(page.locator(".card-label")).to_have_text([f"Version {letter}" for letter in "ABCD"])
    expect(page.locator(".card-what, .card-pitch")).to_have_text([""] * 8)
    expect(page.locator(".card-note, .cards :is(.reference, .disclosure)")).to_have_count(0)
    page.keyboard.press("c")
    expect(page.locator(".column")).to_have_count(4)


def choose_the_second(page: Page) -> int:
    """Choose by keyboard and return the number of what was chosen, which is named from now on."""
    page.keyboard.press("2")
    page.keyboard.press("Tab")
    number = int(page.evaluate("document.activeElement.closest('[data-card]').dataset.card"))
    page.keyboard.press("Enter")
    expect(page.locator(NOTICE)).to_be_focused()
    expect(page.locator(NOTICE)).to_contain_text(f"You chose {LABELS[number - 1]}: AI")
    for label in LABELS:
        expect(page.get_by_role("heading", name=label)).to_be_visible()
    return number


def take_a_practice(page: Page) -> str:
    """Take the first practice of another version by keyboard and return its title."""
    offered = page.locator(".column:not([data-chosen]) [data-row=practice] button.take").first
    title = str(offered.text_content()).removeprefix("Take this section: ")
    offered.focus()
    page.keyboard.press("Enter")
    expect(page.locator(NOTICE)).to_contain_text(f"“{title}” is in your session now")
    return title


def test_it_works(page: Page, stack: Stack) -> None:
    """The whole way by keyboard: an unticked source is not sent, a blind choice is recorded as what it was."""
    page.goto("/briefs/new/?example=1")
    unticked, ticked = untick_the_first_source(page)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/generations/*/")
    wait_until_written(page)
    assert ticked in prompts(stack)
    assert unticked not in prompts(stack)

    page.keyboard.press("c")
    page.wait_for_url("**/compare/")
    expect(page.locator(".column")).to_have_count(4)
    go_blind(page)
    number = choose_the_second(page)
    recorded = stack.sql("SELECT variant, label FROM analytics_selection ORDER BY selected_at DESC LIMIT 1")
    assert recorded == [(number, LABELS[number - 1])]

    before = len(sections_of(stack))
    title = take_a_practice(page)
    taken = sections_of(stack)
    assert len(taken) == before + 1
    assert title in [section["title"] for section in taken[1:-1]]
    page.get_by_role("button", name="Fit to 90 min", exact=True).click()
    expect(page.locator(NOTICE)).to_contain_text("The minutes fit again")
    assert sum(section["minutes"] for section in sections_of(stack)) == 90
    page.reload()
    expect(page.locator(".column[data-chosen] .compared-title", has_text=title)).to_be_visible()


def test_a_weak_source_is_used_only_once_it_is_ticked(page: Page, stack: Stack) -> None:
    stack.provider.fault("search:weak_scores")
    page.goto("/briefs/new/")
    page.get_by_label("Desired outcome").fill("Hold a first planning meeting that ends with three written decisions")
    page.get_by_label("Category").select_option("Strategic Planning")
    page.get_by_role("button", name="Only weak matches").click()
    boxes = page.locator("[data-preview-list] > ul").get_by_role("checkbox")
    excerpts = page.locator("[data-preview-list] > ul .source-excerpt").all_inner_texts()
    assert [boxes.nth(n).is_checked() for n in range(boxes.count())] == [False] * boxes.count()
    boxes.last.check()
    expect(page.locator("[data-preview] summary").first).to_contain_text("1 offered")
    expect(page.locator("[data-saved]")).to_have_text("Kept in this browser")
    page.reload()
    page.get_by_role("button", name="Only weak matches").click()
    expect(boxes.last).to_be_checked()
    page.get_by_role("button", name="Write outlines").click()
    page.wait_for_url("**/generations/*/")
    wait_until_written(page)
    assert [text in prompts(stack) for text in excerpts] == [False] * (len(excerpts) - 1) + [True]


def test_a_session_changed_elsewhere_is_shown_and_the_next_try_works(page: Page, stack: Stack) -> None:
    identity = submit_brief(page)
    wait_until_written(page)
    page.goto(f"/generations/{identity}/compare/")
    page.get_by_role("button", name="Choose").first.click()
    expect(page.locator(NOTICE)).to_contain_text("is your session now")
    stack.sql("UPDATE sessions_builder_trainingsession SET version = version + 1 WHERE generation_id = %s", identity)
    take = page.get_by_role("button", name="Take this section").first
    take.click()
    expect(page.locator("[data-mixed]").get_by_role("alert")).to_be_visible()
    take.click()
    expect(page.locator(NOTICE)).to_contain_text("is in your session now")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(NOTICE)).to_contain_text("is out again")


def test_versions_join_as_they_are_written_and_can_be_left_out(page: Page, stack: Stack) -> None:
    stack.provider.latency(v1=200, v2=200, v3=200, v4=4000)
    identity = submit_brief(page)
    page.goto(f"/generations/{identity}/compare/")
    expect(page.locator(".column")).to_have_count(3)
    expect(page.locator(".column")).to_have_count(4)
    page.locator(".lane").nth(1).get_by_role("checkbox").uncheck()
    page.locator(".lane").nth(2).get_by_role("checkbox").uncheck()
    expect(page.locator(".column")).to_have_count(2)
    expect(page.locator(".lane").first.get_by_role("checkbox")).to_be_disabled()
    page.reload()
    expect(page.locator(".column")).to_have_count(2)


def test_on_a_phone_one_column_shows_at_a_time_under_all_strips(open_page: OpenPage) -> None:
    page = open_page(width=360, touch=True)
    identity = submit_brief(page)
    wait_until_written(page)
    page.goto(f"/generations/{identity}/compare/")
    page.locator(".lane-name").nth(2).click()
    expect(page.locator(".lane-name").nth(2)).to_have_attribute("aria-current", "true")
    expect(page.locator(".column").nth(2)).to_be_in_viewport()
    expect(page.locator(".column").nth(1)).not_to_be_in_viewport()
    expect(page.locator(".lane .strip").first).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


ROWS = [
    ({"type": "opener"}, True, "opening"),
    ({"type": "inspiration"}, True, "opening"),
    ({"type": "inspiration"}, False, "input"),
    ({"type": "presentation", "purposes": ["practice"]}, False, "input"),
    ({"type": "exercise"}, False, "practice"),
    ({"type": "discussion"}, False, "talk"),
    ({"type": "assessment"}, False, "check"),
    ({"type": "custom", "purposes": ["objectives", "practice"]}, False, "practice"),
    ({"type": "custom", "purposes": ["transfer"]}, False, "closing"),
    ({"type": "custom", "purposes": []}, False, "input"),
]
OUTSTANDING = [
    ([30, 10, 10], 5, [True, False, False]),
    ([10, 10], 5, [False, False]),
    ([15, 10], 5, [True, False]),
    ([9], 5, [False]),
]
PLACES = [
    ("exercise", ["opener", "topic", "exercise", "closing"], 3),
    ("break", ["opener", "topic", "closing"], 2),
    ("opener", ["opener", "closing"], 1),
    ("exercise", ["topic"], 1),
]
HIDDEN = [
    ([1, 2, 3, 4], None, True),
    ([1, 2, 3, 4], {"variantNumber": 2}, False),
    ([0], None, False),
    ([0, 1, 2, 3, 4], None, False),  # all four failed: there is one outline, and it says that it is the standard one
]
BLIND = """async (given) => {
  const it = await import('/static/js/blind.js');
  it.setBlind(true);
  return it.hidesNames(given);
}"""
RUN = "async ([name, args]) => (await import('/static/js/compare-rows.js'))[name](...args)"


def test_names_hide_while_there_is_a_choice_to_make(page: Page) -> None:
    page.goto("/login/")
    for numbers, session, hidden in HIDDEN:
        given = {"session": session, "variants": [{"number": number} for number in numbers]}
        assert page.evaluate(BLIND, given) == hidden, given


def test_rows_follow_what_a_section_is_for(page: Page) -> None:
    page.goto("/login/")
    for section, first, row in ROWS:
        assert page.evaluate(RUN, ["rowOf", [section, first]]) == row, section
    for values, margin, outstanding in OUTSTANDING:
        assert page.evaluate(RUN, ["standOuts", [values, margin]]) == outstanding
    for kind, kinds, place in PLACES:
        sections = [{"type": each, "purposes": []} for each in kinds]
        assert page.evaluate(RUN, ["placeFor", [{"type": kind, "purposes": []}, sections]]) == place
