"""For everybody: screen readers, keyboards, small and dark screens, slow lines, odd languages."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Page, Response, expect

from tests.browser import generations
from tests.browser.conftest import OpenPage
from tests.browser.steps import submit_brief, wait_until_written
from tests.support.processes import Stack

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
DARK_AND_DRAWN = """() => matchMedia("(prefers-color-scheme: dark)").matches
  && new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"""
# One that is over before the next frame (ms) still counts as running until that frame is drawn.
LASTING_ANIMATIONS = """() => document.getAnimations().filter((each) => each.effect.getComputedTiming().endTime >= 1)
  .map((each) => each.transitionProperty ?? each.animationName)"""
MOST_BYTES = 120_000
FIXED = "00000000-0000-4000-8000-000000000001"


def violations(page: Page, rules: list[str] | None = None) -> list[str]:
    """What axe-core finds wrong with the page as it stands; evaluated from outside, so that the page's policy holds."""
    page.emulate_media(reduced_motion="reduce")  # colours are judged without waiting for anything to fade in
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    asked = {"runOnly": rules} if rules else RULES
    found = page.evaluate(f"axe.run(document, {json.dumps(asked)})")["violations"]
    return [f"{each['id']}: {node['html'][:140]} {node['failureSummary']}" for each in found for node in each["nodes"]]


def check(page: Page) -> None:
    """No barrier in light, none of contrast in dark, and no sideways scroll on a phone or at 200 % zoom."""
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(DARK_AND_DRAWN)  # on a busy machine the page turns dark a moment after it was told to
    assert violations(page, ["color-contrast"]) == []
    for width in (640, 360):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def show(page: Page, identity: str, body: generations.Json) -> None:
    """Open a generation's page with this answer in place of the real one."""
    page.route(f"**/api/generations/{identity}", lambda route: route.fulfill(json={**body, "id": identity}))
    page.route(
        f"**/api/generations/{identity}/sources", lambda route: route.fulfill(json={"sources": generations.SOURCES})
    )
    page.goto(f"/generations/{identity}/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("[data-stages][data-drawn]")).to_be_attached()


BEGUN = [generations.QUEUED, generations.LOOKING, generations.FOUND, *generations.WRITING]
DONE = [*BEGUN, {"stage": "done"}]
STATES = {
    "waiting": ("queued", ["queued"] * 4, [generations.QUEUED]),
    "writing": ("generating", ["ready", "writing", "failed", "writing"], BEGUN),
    "partial": ("partial", ["ready", "ready", "failed", "ready"], DONE),
    "failed": ("failed", ["failed"] * 4, DONE),
}


def in_state(name: str) -> generations.Json:
    state, variants, stages = STATES[name]
    written = [generations.variant(number, each) for number, each in enumerate(variants, start=1)]
    return generations.generation(FIXED, state, written, stages)


@pytest.fixture(scope="module")
def written(running: Stack) -> dict[str, str]:
    """The id of one finished generation, once a test has made it."""
    return {}


@pytest.fixture
def identity(page: Page, written: dict[str, str]) -> str:
    if "id" not in written:
        written["id"] = submit_brief(page)
        wait_until_written(page)
    return written["id"]


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("author", "/"),
        ("author", "/briefs/new/"),
        ("author", "/password/"),
        (None, "/login/"),
        ("analyst", "/briefs/new/"),
    ],
)
def test_it_works(open_page: OpenPage, who: str | None, path: str) -> None:
    """No page has a barrier axe-core can see, in light and dark; none scrolls sideways on a phone."""
    page = open_page(who)
    page.goto(path)
    check(page)


def test_a_short_outline_shows_all_it_has(page: Page, identity: str) -> None:
    """Three sections are a whole outline: drawn, with nothing more to open, and nothing said about the line."""
    body = in_state("partial")
    for each in body["variants"]:
        if each["outline"]:
            each["outline"]["sections"] = each["outline"]["sections"][:3]
    show(page, identity, body)
    one = page.locator("[data-card='1']")
    expect(one.locator(".card-sections > li")).to_have_count(3)
    expect(one.get_by_role("button", name="Show all")).to_have_count(0)
    expect(page.locator("[data-connection]")).to_be_hidden()


def test_a_brief_with_its_sources_open_has_no_barrier(page: Page) -> None:
    page.goto("/briefs/new/?example=1")
    page.get_by_role("button", name="sources found").click()
    page.get_by_text("more left out").click()
    check(page)


@pytest.mark.parametrize("state", STATES)
def test_no_state_of_a_generation_has_a_barrier(page: Page, identity: str, state: str) -> None:
    show(page, identity, in_state(state))
    check(page)


def test_setting_aside_has_no_barrier(page: Page, identity: str) -> None:
    show(page, identity, in_state("partial"))
    page.route("**/reject", lambda route: route.fulfill(status=204))
    cards = page.locator("[data-card][data-state=ready]")
    cards.nth(0).get_by_role("button", name="Not for me").click()
    cards.nth(0).get_by_role("button", name="Set it aside").click()
    cards.nth(1).get_by_role("button", name="Not for me").click()
    cards.nth(1).get_by_label("Too little practice").check()
    expect(cards.nth(0).get_by_role("button", name="Undo")).to_be_visible()
    check(page)


@pytest.mark.parametrize("blind", [False, True], ids=["named", "blind"])
def test_comparing_has_no_barrier(page: Page, identity: str, blind: bool) -> None:
    page.goto(f"/generations/{identity}/compare/")
    page.get_by_label("Compare blind").set_checked(blind)
    check(page)
    page.get_by_label("Compare blind").set_checked(False)


def test_a_session_has_no_barrier(page: Page, identity: str) -> None:
    page.goto(f"/generations/{identity}/")
    page.get_by_role("button", name="Choose").first.click()
    page.wait_for_url("**/sessions/*/")
    assert violations(page) == []


def test_a_card_takes_the_room_its_skeleton_took(page: Page, identity: str) -> None:
    heights = []
    for state in ("queued", "ready"):
        scored = {"quality": generations.QUALITY if state == "ready" else None}
        variants = [generations.variant(number, state, **scored) for number in (1, 2, 3, 4)]
        whole = "queued" if state == "queued" else "succeeded"
        show(page, identity, generations.generation(identity, whole, variants, [generations.QUEUED]))
        heights.append(
            page.locator("[data-card]").evaluate_all("cards => cards.map((c) => Math.round(c.offsetHeight))")
        )
        page.unroute_all()
    assert heights[0] == heights[1]


def test_an_opened_card_leaves_no_hole_beside_it(page: Page, identity: str) -> None:
    """What stands below it and below its neighbour stays as close as before."""
    ready = [generations.variant(number) for number in (1, 2, 3, 4)]
    ready[3]["outline"]["sections"] *= 2  # the second card, which is the longer one where both are opened
    show(page, identity, generations.generation(identity, "succeeded", ready, DONE))
    gaps = "(cards) => [0, 1].map((n) => cards[n + 2].offsetTop - cards[n].offsetTop - cards[n].offsetHeight)"
    apart = page.locator(".card").evaluate_all(gaps)
    for opened in (0, 1):
        more = page.locator(".card").nth(opened).locator("[data-act=more]")
        more.click()
        assert page.locator(".card").evaluate_all(gaps) == apart
        more.click()
    for opened in range(4):
        page.locator(".card").nth(opened).locator("[data-act=more]").click()
    assert page.locator(".card").evaluate_all(gaps) == apart


def test_a_weak_match_is_amber_shown_on_demand_and_not_used(page: Page, identity: str) -> None:
    without = {"generationSource": "baseline", "ragEffective": False, "ragSourcesUsed": 0}
    variants = [generations.variant(number, **without) for number in (1, 2, 3, 4)]
    metadata = {"ragState": "weak_match", "ragSourcesFound": 0}
    show(page, identity, generations.generation(identity, "succeeded", variants, DONE, metadata=metadata))
    line = page.get_by_text("matched only weakly, so it is not used")
    amber = page.evaluate(
        "(() => { const probe = document.createElement('i'); probe.className = 'tag warn';"
        " document.body.append(probe); return getComputedStyle(probe).color; })()"
    )
    assert line.evaluate("element => getComputedStyle(element).color") == amber
    expect(page.locator(".card-what, .card-pitch", has_text="material")).to_have_count(0)
    expect(page.locator(".card-pitch", has_text="Starts from a blank page.")).to_have_count(1)
    line.click()
    expect(page.locator("[data-tray-body] .source").first).to_be_visible()


def test_right_to_left_text_reads_right_to_left(page: Page, identity: str) -> None:
    arabic = generations.outline(2, "تدريب يبقى أثره")
    variants = [generations.variant(2, outline=arabic), *(generations.variant(n) for n in (1, 3, 4))]
    show(page, identity, generations.generation(identity, "succeeded", variants, [generations.QUEUED]))
    title = page.get_by_text("تدريب يبقى أثره")
    assert title.evaluate("element => getComputedStyle(element).direction") == "rtl"


def test_what_a_model_writes_is_never_markup(page: Page, identity: str) -> None:
    hostile = "<img src=x onerror=alert(1)><script>alert(2)</script> & <b>bold</b>"
    outline = generations.outline(1, hostile) | {"summary": hostile}
    variants = [generations.variant(1, outline=outline, label=hostile), *(generations.variant(n) for n in (2, 3, 4))]
    show(page, identity, generations.generation(identity, "succeeded", variants, [generations.QUEUED]))
    expect(page.locator(".card-title", has_text="<img src=x")).to_be_visible()
    assert page.locator("main :is(img, script, b)").count() == 0


@pytest.mark.parametrize("path", ["/briefs/new/", "/generations/{identity}/", "/generations/{identity}/compare/"])
def test_pages_are_light(open_page: OpenPage, identity: str, path: str) -> None:
    page = open_page()
    answers: list[Response] = []
    page.on("response", lambda response: answers.append(response))
    page.goto(path.format(identity=identity), wait_until="networkidle")
    sizes = [bytes_of(response, page) for response in answers]
    assert len(sizes) > 5
    assert sum(sizes) <= MOST_BYTES


def bytes_of(response: Response, page: Page) -> int:
    """Bytes on the line: headers and body, static files compressed as they are outside development."""
    sizes = response.request.sizes()
    if "/static/" not in response.url:
        return sizes["responseHeadersSize"] + sizes["responseBodySize"]
    # Asked for again, for the browser need not have kept the body.
    return sizes["responseHeadersSize"] + len(gzip.compress(page.request.get(response.url).body(), 6))


def test_the_theme_can_be_chosen_and_stays(page: Page) -> None:
    page.goto("/")
    page.locator(".account summary").click()
    page.get_by_label("Dark").check()
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    page.reload()
    assert page.evaluate(ground) == dark
    page.locator(".account summary").click()
    page.get_by_label("Light").check()
    assert page.evaluate(ground) != dark


def test_question_mark_lists_shortcuts_and_single_keys_can_be_switched_off(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet).to_be_visible()
    sheet.get_by_label("Use single-key shortcuts").uncheck()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    page.keyboard.press("n")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("New brief")
    page.keyboard.press("?")
    sheet.get_by_label("Use single-key shortcuts").check()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    page.keyboard.press("n")
    expect(page.get_by_role("heading", level=1)).to_have_text("New brief")


def test_the_first_tab_skips_to_the_content(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()


def test_motion_stops_where_it_is_not_wanted(page: Page, identity: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    show(page, identity, in_state("writing"))
    assert page.evaluate(LASTING_ANIMATIONS) == []


def test_progress_is_announced_sparingly(page: Page, identity: str) -> None:
    show(page, identity, in_state("waiting"))
    expect(page.locator("[data-announce]")).to_have_text("")
    page.unroute_all()
    expect(page.locator("[data-announce]")).to_have_text("4 outlines are ready.")


def test_nobody_elses_script_is_loaded_without_an_analytics_id(page: Page) -> None:
    page.goto("/")
    assert "google" not in page.content()


def test_quality_and_sources_explain_themselves_on_focus(page: Page, identity: str) -> None:
    variants = [generations.variant(number, quality=generations.QUALITY) for number in (1, 2, 3, 4)]
    show(page, identity, generations.generation(identity, "succeeded", variants, DONE))
    page.get_by_role("button", name="78 · good").first.focus()
    tip = page.get_by_role("tooltip")
    expect(tip).to_contain_text("12.1 of 20")
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    page.get_by_role("button", name="Source S1").first.hover()
    expect(tip).to_contain_text("The fifteen-minute talk")
    expect(tip).to_contain_text("strong match, 86 %")
    tip.hover()
    expect(tip).to_be_visible()
    page.mouse.move(1, 1)
    expect(tip).to_be_hidden()
