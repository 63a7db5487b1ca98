"""What a panel of the dashboard is, and how to get from it to the rows behind it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from analytics.registry import Marker

PENDING = "not computed yet"
UNIT = re.compile(r"(?<=\d) (?=(?:%|s|min)(?!\w))")


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers behind a chart, for screen readers and for copying; `links` lead from each row to its rows."""

    heads: Sequence[str]
    rows: Sequence[Sequence[Any]]
    links: Sequence[str] = ()

    @property
    def linked(self) -> list[tuple[str, Any, Sequence[Any]]]:
        """Each row as its link, its first cell and the others."""
        links = self.links or [""] * len(self.rows)
        return [(link, row[0], row[1:]) for link, row in zip(links, self.rows, strict=True)]


@dataclass(frozen=True, slots=True)
class Panel:
    """One finding with its chart. Without data the title is the subject, and `empty` says what to do."""

    subject: str
    title: str
    kind: str
    chart: Any
    table: Table
    empty: str = ""
    notes: Sequence[str] = field(default_factory=tuple)
    reason: str = "No data yet"
    """Why it is empty, where it is."""
    of_evidence: bool = False
    """Whether it shows what takes its time, and may come after the page."""
    pending: bool = False

    @property
    def heading(self) -> str:
        """What stands above the panel; a number and its unit stay on one line."""
        return self.subject if self.empty else UNIT.sub("\u00a0", self.title)


def only_drafts(metrics: Mapping[str, Any]) -> str:
    """Return what there is instead of figures where every generation of the period is an offline draft, else ""."""
    by_model = metrics["successfulGenerations"] + metrics["failedGenerations"]
    drafts = metrics["offlineGenerations"]
    return f"{counted(drafts, 'offline draft')}, not counted as evidence" if drafts and not by_model else ""


def of_model(panel: Panel, drafts: str) -> Panel:
    """Return a panel about the work of the model; an empty one is short where the page says there are only `drafts`."""
    return replace(panel, reason="", empty="–", pending=False) if panel.empty and drafts else panel


def counted(n: int, name: str) -> str:
    """Return the number with its noun, `1 session` or `2 sessions`."""
    return f"{n} {name}" if n == 1 else f"{n} {name}s"


def rows_of_days(model: str, time: str, days: Sequence[date], *, demo: bool, **filters: str) -> list[str]:
    """Return for each UTC day the address of the admin's list with its rows."""
    return [rows_between(model, time, day, day, demo=demo, **filters) for day in days]


def rows_between(model: str, time: str, first: date, last: date, *, demo: bool, **filters: str) -> str:
    """Return the address of the admin's list with the rows of these UTC days; a filter without a lookup is exact."""
    lookups = {name if "__" in name else f"{name}__exact": value for name, value in filters.items()}
    asked = {
        f"{time}_from_0": first,
        f"{time}_from_1": "00:00:00",
        f"{time}_to_0": last,
        f"{time}_to_1": "23:59:59",
        "is_demo__exact": int(demo),
        **lookups,
    }
    return f"{reverse(f'admin:analytics_{model}_changelist')}?{urlencode(asked)}"


def marks(changes: Sequence[Marker]) -> list[tuple[date, str]]:
    """The days changes were made on, for the lines in charts by day."""
    return [(change.at.date(), change.text) for change in changes]


def told(changes: Sequence[Marker]) -> list[str]:
    """The changes as lines to read."""
    return [f"{change.at:%Y-%m-%d %H:%M}: {change.text}" for change in changes]
