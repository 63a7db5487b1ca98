"""The two events of the analytics tag. The tag itself is answered here, nothing leaves the machine."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import generations
from tests.support.processes import Stack

TAG = "https://www.googletagmanager.com/gtag/js?id=G-TEST"
LOAD = """async () => {
  const meta = document.createElement("meta");
  Object.assign(meta, {name: "google-analytics-id", content: "G-TEST"});
  document.head.append(meta);
  await import("/static/js/google.js");
}"""
TELL = "([name, detail]) => document.dispatchEvent(new CustomEvent(name, {detail}))"
SENT = "() => [...window.dataLayer].map((each) => [...each]).filter((each) => each[0] === 'event')"


@pytest.fixture
def tagged(browser: Browser, stack: Stack) -> Any:
    """A page with the tag; the policy is lifted, as it allows Google only where the server has an id."""
    context = browser.new_context(base_url=stack.url, bypass_csp=True)
    page = context.new_page()
    page.route(
        "https://www.googletagmanager.com/**", lambda route: route.fulfill(body="", content_type="text/javascript")
    )
    page.goto("/login/")
    with page.expect_request(TAG):
        page.evaluate(LOAD)
    yield page
    context.close()


def test_it_works(tagged: Page) -> None:
    done = generations.generation("x", "succeeded", [generations.variant(1)], [generations.QUEUED])
    tagged.evaluate(TELL, ["generation-ended", done])
    expected = {"event_category": "Session Builder v2", "event_label": "rag", "value": 4120}
    assert tagged.evaluate(SENT) == [["event", "variant_generation_complete", expected]]


def test_without_material_the_label_is_baseline(tagged: Page) -> None:
    done = generations.generation("x", "succeeded", [generations.variant(4)], [generations.QUEUED])
    tagged.evaluate(TELL, ["generation-ended", done])
    assert tagged.evaluate(SENT)[0][2]["event_label"] == "baseline"


def test_nothing_ready_sends_nothing(tagged: Page) -> None:
    done = generations.generation("x", "failed", [generations.variant(1, "failed")], [generations.QUEUED])
    tagged.evaluate(TELL, ["generation-ended", done])
    assert tagged.evaluate(SENT) == []


def test_a_choice_sends_its_label_and_weight_in_percent(tagged: Page) -> None:
    tagged.evaluate(TELL, ["variant-chosen", generations.variant(2)])
    expected = {"event_category": "Session Builder v2", "event_label": "Recommended Mix", "value": 50}
    assert tagged.evaluate(SENT) == [["event", "variant_selected", expected]]
