"""Takes the pictures of the guides from the running product.

    python -m scripts.screenshots [--to DIRECTORY] [NAME …]

Starts everything with the fake provider, logs in and photographs; `scripts/pictures/` says what.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

import tests.support.servers  # noqa: F401 - starts the servers the product runs on, as in the tests
from scripts.browser import found
from scripts.pictures import PICTURES, Picture, load
from tests.support.processes import PASSWORD, Stack

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


def main() -> None:
    """Take all pictures, or those that are named."""
    load()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(PICTURES))
    parser.add_argument("--to", type=Path, default=IMAGES)
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(PICTURES):
        parser.error(f"There is no picture {', '.join(sorted(unknown))}.")
    wanted = [PICTURES[name] for name in arguments.names or PICTURES]
    arguments.to.mkdir(parents=True, exist_ok=True)
    with Stack(workers=1, GENERATION_MAX_UNFINISHED_PER_USER="20") as stack, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found(), args=ARGUMENTS)
        for picture in wanted:
            _take(picture, browser, stack, arguments.to)
        browser.close()


def _take(picture: Picture, browser: Browser, stack: Stack, directory: Path) -> None:
    """Show the page of one picture and store it."""
    context = browser.new_context(
        base_url=stack.url,
        viewport={"width": picture.width, "height": picture.height},
        color_scheme="dark" if picture.dark else "light",
        locale="en-GB",
        timezone_id="Europe/Berlin",
        reduced_motion="reduce",
    )
    page = context.new_page()
    if picture.user:
        _log_in(page, picture.user)
    picture.show(page, stack)
    target = directory / f"{picture.name}.png"
    page.screenshot(path=target, full_page=picture.whole_page)
    context.close()
    print(target.relative_to(ROOT) if target.is_relative_to(ROOT) else target, flush=True)


def _log_in(page: Page, user: str) -> None:
    page.goto("/login/")
    page.get_by_label("Username").fill(user)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(lambda url: "/login/" not in url)


if __name__ == "__main__":
    main()
