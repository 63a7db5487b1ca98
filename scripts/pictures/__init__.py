"""Which pictures there are. A module here adds its own with `@picture`, and its name to MODULES."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from playwright.sync_api import Page

from tests.support.processes import Stack

Show = Callable[[Page, Stack], None]
MODULES = ("author", "operations", "rollout", "sessions")


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: its file's name, who is logged in, the window, and how the page gets into the state shown."""

    name: str
    user: str | None
    width: int
    height: int
    dark: bool
    whole_page: bool
    show: Show


PICTURES: dict[str, Picture] = {}


def picture(
    name: str,
    *,
    user: str | None,
    width: int = 1280,
    height: int = 800,
    dark: bool = False,
    whole_page: bool = False,
) -> Callable[[Show], Show]:
    """Register the decorated function as the one that gets the page ready; it is called with page and stack."""

    def register(show: Show) -> Show:
        PICTURES[name] = Picture(name, user, width, height, dark, whole_page, show)
        return show

    return register


def load() -> None:
    """Import the modules, so that PICTURES is filled."""
    for module in MODULES:
        import_module(f"scripts.pictures.{module}")
