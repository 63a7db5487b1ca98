"""When writing fails: said in words, with something to do about it, never a silent substitute."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import card, minutes_of, submit_brief, wait_until_written
from tests.support.processes import Stack


@pytest.fixture
def legacy(stack: Stack) -> Iterator[None]:
    stack.set_flag("variant_generation_v2", enabled=False)
    yield
    stack.set_flag("variant_generation_v2", enabled=True)


def test_it_works(page: Page, stack: Stack) -> None:
    """One version fails; its card says why and it alone is retried."""
    stack.provider.fault("model:refusal:variant=3")
    submit_brief(page)
    failed = card(page, "Creative Approach")
    expect(failed.get_by_text("declined to write")).to_be_visible()
    wait_until_written(page, "Three outlines")
    stack.provider.reset()
    failed.get_by_role("button", name="Retry this one").click()
    wait_until_written(page)
    assert minutes_of(page, "Creative Approach") == 90


def test_provider_down_offers_a_retry_and_an_offline_draft(page: Page, stack: Stack) -> None:
    stack.provider.fault("model:401")
    submit_brief(page)
    expect(page.get_by_role("heading", name="No outline could be written")).to_be_visible()
    expect(page.get_by_text("Your brief is safe")).to_be_visible()
    expect(page.get_by_role("button", name="Retry")).to_be_visible()
    failed = page.url
    page.get_by_role("button", name="Make an offline draft").click()
    page.wait_for_url(lambda url: "/generations/" in url and url != failed)
    wait_until_written(page)
    one = card(page, "Recommended Mix")
    expect(one.get_by_text("Offline draft, no AI: composed from an activity library")).to_be_visible()
    assert minutes_of(page, "Recommended Mix") == 90


def test_a_retry_of_everything_goes_on_on_the_same_page(page: Page, stack: Stack) -> None:
    stack.provider.fault("model:refusal")
    submit_brief(page)
    expect(page.get_by_role("heading", name="No outline could be written")).to_be_visible()
    stack.provider.reset()
    page.get_by_role("button", name="Retry").click()
    wait_until_written(page)


def test_four_failures_give_one_standard_outline_and_say_so(page: Page, stack: Stack) -> None:
    for number in (1, 2, 3, 4):
        stack.provider.fault(f"model:refusal:variant={number}")
    submit_brief(page)
    expect(page.get_by_role("heading", name="One standard outline instead of four")).to_be_visible()
    wait_until_written(page, "Your outline is ready")
    expect(page.locator("[data-card]")).to_have_count(1)
    assert minutes_of(page, "Standard Outline") == 90


@pytest.mark.usefixtures("legacy")
def test_the_standard_outline_alone_is_one_card(page: Page) -> None:
    """The brief has said before that it does without the author's material."""
    page.goto("/briefs/new/?example=1")
    expect(page.get_by_text("You get one standard outline at present")).to_be_visible()
    expect(page.get_by_role("button", name="found")).to_be_hidden()
    page.get_by_role("button", name="Write outlines").click()
    wait_until_written(page, "Your outline is ready")
    expect(page.locator("[data-card]")).to_have_count(1)
    expect(page.get_by_text("Standard outline, AI")).to_be_visible()
    assert minutes_of(page, "Standard Outline") == 90


def test_unreachable_material_is_said_and_the_outlines_do_without(page: Page, stack: Stack) -> None:
    stack.provider.fault("rag:500")
    submit_brief(page, **{"Desired outcome": "Agree three priorities for next year and how progress will show"})
    wait_until_written(page)
    expect(page.get_by_text("could not be reached, so the outlines are written without it")).to_be_visible()
    expect(card(page, "Recommended Mix").get_by_text("it could not be reached")).to_be_visible()
    expect(card(page, "Recommended Mix").locator(".card-what")).to_have_text("AI")
