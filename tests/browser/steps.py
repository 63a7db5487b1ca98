"""What an author does, as steps the tests share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page, expect

OUTCOME = "Book five qualified appointments a week with a short phone script"
ENDED = ("succeeded", "partial", "failed", "cancelled")

# Notes every stage line and every combination of card states the page ever showed.
RECORDER = """
window.seen = {stages: [], cards: []};
const look = () => {
  const reached = [...document.querySelectorAll(".stage")].filter((stage) => stage.dataset.state !== "todo");
  const stages = reached.map((stage) => stage.dataset.state + ": " + stage.textContent);
  for (const stage of stages) if (!window.seen.stages.includes(stage)) window.seen.stages.push(stage);
  const cards = [...document.querySelectorAll("[data-card]")].map((c) => c.dataset.state).sort().join(" ");
  if (cards && window.seen.cards.at(-1) !== cards) window.seen.cards.push(cards);
};
new MutationObserver(look).observe(document, {childList: true, subtree: true, attributes: true});
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the page showed on its way: stage lines as `state: text`, card states sorted and joined."""

    stages: list[str]
    cards: list[str]


def record(page: Page) -> None:
    """Have the page note what it shows, from its next load on."""
    page.add_init_script(RECORDER)


def seen(page: Page) -> Seen:
    return Seen(**page.evaluate("window.seen"))


def tab_to(page: Page, identity: str) -> None:
    """Press Tab until the element with this id has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement?.id || document.activeElement?.dataset.act || ''") == identity:
            return
    raise AssertionError(f"{identity} cannot be reached with the Tab key")


def submit_brief(page: Page, **answers: str) -> str:
    """Fill in a short brief, send it, and return the generation's id once its page is there."""
    page.goto("/briefs/new/")
    fields = {"Desired outcome": OUTCOME, **answers}
    for label, value in fields.items():
        page.get_by_label(label).first.fill(value)
    page.get_by_label("Category").select_option("Prospecting")
    page.get_by_role("button", name="Write outlines").click()
    page.wait_for_url("**/generations/*/")
    return page.url.rstrip("/").rsplit("/", 1)[-1]


def wait_until_written(page: Page, heading: str = "Four outlines") -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(heading, timeout=40_000)


def card(page: Page, label: str) -> Any:
    return page.get_by_role("article", name=label)


def minutes_of(page: Page, label: str) -> int:
    """The sum of the section minutes a card shows once it is opened."""
    one = card(page, label)
    more = one.get_by_role("button", name="Show all")
    if more.count():
        more.click()
    return sum(int(text.split()[0]) for text in one.locator(".card-minutes").all_inner_texts())
