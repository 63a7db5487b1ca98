"""What stands at the left of the admin: the pages staff look for, then the tables, each for those who may open it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse

STARTS = (
    (
        "Dashboard",
        "admin:analytics_dashboard",
        "analytics.view_metrics",
        "How generations, choices and the rollout do.",
    ),
    (
        "Operations",
        "admin:operations",
        "sessions_builder.view_processheartbeat",
        "Queue, workers, what failed, and what to do about it.",
    ),
    (
        "Flags",
        "admin:featureflags_flag_changelist",
        "featureflags.view_flag",
        "Who gets which feature; switching off in an emergency.",
    ),
    ("Alerts", "admin:analytics_alert_changelist", "analytics.view_alert", "What is wrong now, and the next step."),
)

PAGES = STARTS[:2]
"""Those that are no table, which the sidebar lists anyway."""


def home(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add to the first page of the admin where most visits go, for those who may."""
    found = [(title, reverse(name), words) for title, name, right, words in STARTS if request.user.has_perm(right)]
    return context | {"starts": found}


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the groups of links that this person may follow; a group without one is left out."""
    pages = [_link(title, reverse(name)) for title, name, right, _ in PAGES if request.user.has_perm(right)]
    tables = [
        {"title": app["name"], "items": [_link(str(one["name"]), one["admin_url"]) for one in app["models"]]}
        for app in admin.site.get_app_list(request)
    ]
    groups = [{"title": "", "items": pages}, *tables]
    _mark(request.path, [item for group in groups for item in group["items"]])
    return [group for group in groups if group["items"]]


def _link(title: str, address: str | None) -> dict[str, Any]:
    return {"title": title, "link": address or ""}


def _mark(path: str, items: list[dict[str, Any]]) -> None:
    """Mark the one link that leads nearest to where we are: a page may stand below a table's address."""
    reached = [item["link"] for item in items if item["link"] and path.startswith(item["link"])]
    here = max(reached, key=len, default=None)
    for item in items:
        item["active"] = item["link"] == here
