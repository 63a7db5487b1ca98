"""A real browser in front of the whole product. Without Chromium these tests say so and are skipped."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, expect, sync_playwright

from scripts.browser import found
from tests.browser.watch import Watch
from tests.support.processes import PASSWORD, Stack

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]
PATIENCE_MS = 20_000
OpenPage = Callable[..., Page]

expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(240))  # the first of a process starts the product and a browser


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = found()
    if executable is None:
        pytest.skip("There is no Chromium on this machine, so the browser tests are skipped.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def running(browser: Browser) -> Iterator[Stack]:
    """The product, started once for all browser tests and only where there is a browser."""
    with Stack(workers=1, GENERATION_MAX_UNFINISHED_PER_USER="20") as stack:
        yield stack


@pytest.fixture
def stack(running: Stack) -> Iterator[Stack]:
    """The running product with a provider that is well and answers at once."""
    running.provider.reset()
    yield running
    running.provider.reset()
    running.forget_provider_trouble()


@pytest.fixture(scope="session")
def logged_in(browser: Browser, running: Stack) -> dict[str, StorageState]:
    """Cookies of accounts that have logged in, by name; filled as tests ask for them."""
    return {}


@pytest.fixture
def open_page(browser: Browser, stack: Stack, logged_in: dict[str, StorageState]) -> Iterator[OpenPage]:
    """Return a function that opens a page as an account; at the end every page must have been quiet and at home."""
    opened: list[tuple[BrowserContext, Watch]] = []

    def open_as(username: str | None = "author", *, width: int = 1280, dark: bool = False, touch: bool = False) -> Page:
        state = _state_of(username, browser, stack, logged_in) if username else None
        context = browser.new_context(
            base_url=stack.url,
            viewport={"width": width, "height": 800},
            color_scheme="dark" if dark else "light",
            has_touch=touch,
            storage_state=state,
            locale="en-GB",
            timezone_id="Europe/Berlin",
        )
        context.set_default_timeout(PATIENCE_MS)
        opened.append((context, Watch(context, stack.url)))
        return context.new_page()

    yield open_as
    for context, watch in opened:
        context.close()
        assert not watch.complaints, watch.complaints


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A page of the author."""
    return open_page()


def _state_of(username: str, browser: Browser, stack: Stack, logged_in: dict[str, StorageState]) -> StorageState:
    if username not in logged_in:
        context = browser.new_context(base_url=stack.url)
        page = context.new_page()
        page.goto("/login/")
        page.get_by_label("Username").fill(username)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url(lambda url: "/login/" not in url)
        logged_in[username] = context.storage_state()
        context.close()
    return logged_in[username]
