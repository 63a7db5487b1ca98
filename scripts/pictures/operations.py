"""What operators look at."""

from __future__ import annotations

from playwright.sync_api import Page

from config.local_process import wait_until
from scripts.pictures import picture
from tests.support.processes import ApiClient, Stack

PAGE = "/admin/sessions_builder/generation/operations/"


@picture("operations", user="operator", whole_page=True)
def operations(page: Page, stack: Stack) -> None:
    _some_work(stack)
    page.goto(PAGE)


@picture("operations-phone", user="operator", width=360, height=740, dark=True)
def operations_on_a_phone(page: Page, stack: Stack) -> None:
    page.goto(PAGE)


@picture("alerts", user="operator", height=600)
def alerts(page: Page, stack: Stack) -> None:
    _some_work(stack)
    wait_until(lambda: bool(stack.sql("SELECT 1 FROM analytics_alert")), seconds=60)
    page.goto("/admin/analytics/alert/")


def _some_work(stack: Stack) -> None:
    """Two generations that went well, one of which every version failed, one under way."""
    author = ApiClient(stack)
    stack.provider.latency(model=400, rag=60)
    for identity in [author.submit(), author.submit()]:
        author.ended(identity)
    stack.provider.fault("model:refusal")
    author.ended(author.submit())
    stack.provider.reset()
    stack.provider.latency(model=30_000)
    author.until(author.submit(), lambda body: body["state"] == "generating")
