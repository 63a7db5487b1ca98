"""The dashboard's page in the admin."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone

from analytics.dashboard.board import dashboard
from analytics.exports.stream import FORMATS
from analytics.models import Export
from analytics.periods import Period, last_days
from analytics.registry import datasets
from analytics.serializers.queries import ExperimentQuery

RANGES = (7, 30, 90)
DEFAULT_DAYS = 30
MAX_DAYS = 400
RECENT_EXPORTS = 5


def dashboard_page(request: HttpRequest, site: AdminSite) -> TemplateResponse:
    """Show the dashboard of the range asked for. Raises PermissionDenied for those who may not read metrics."""
    if not request.user.has_perm("analytics.view_metrics"):
        raise PermissionDenied
    period, problem = _range(request.GET, timezone.now())
    demo = request.GET.get("demo") in ("1", "true", "on")
    days = list(period.days())
    context = {
        **site.each_context(request),
        "title": "Dashboard",
        "board": dashboard(period, demo=demo, compute="evidence" in request.GET),
        "with_evidence": _asking(days, demo),
        "start": days[0],
        "end": days[-1],
        "problem": problem,
        "demo": demo,
        "ranges": [_choice(n, period) for n in RANGES],
        "datasets": [found for found in datasets().values() if found.demo_column is not None or not demo],
        "formats": FORMATS,
        "exports": Export.objects.filter(user_id=request.user.pk)[:RECENT_EXPORTS],
    }
    return TemplateResponse(request, "analytics/dashboard.html", context)


def _range(params: Mapping[str, str], now: datetime) -> tuple[Period, str]:
    """The period asked for, or the usual one and what was wrong with the one asked for."""
    usual = last_days(DEFAULT_DAYS, now)
    wanted = {name: params[name] for name in ("start", "end") if params.get(name)}
    if not wanted:
        return usual, ""
    query = ExperimentQuery(data=wanted)
    if not query.is_valid():
        return usual, "This range cannot be read; showing the last 30 days."
    asked: Period = query.validated_data["period"]
    start, end = asked.start or usual.start, asked.end or usual.end
    if start is None or end is None or start >= end:
        return usual, "This range is empty; showing the last 30 days."
    if (end - start).days > MAX_DAYS:
        return usual, f"A range has at most {MAX_DAYS} days; showing the last 30 days."
    return Period(start, end), ""


def _asking(days: list[date], demo: bool) -> str:
    """The page of these days with its evidence, however long that takes."""
    asked = {"start": days[0], "end": days[-1], **({"demo": 1} if demo else {}), "evidence": 1}
    return f"?{urlencode(asked)}"


def _choice(days: int, shown: Period) -> dict[str, Any]:
    """One of the usual ranges, and whether it is the one shown."""
    period = last_days(days, timezone.now())
    return {"days": days, "period": _dates(period), "current": period == shown}


def _dates(period: Period) -> dict[str, Any]:
    days: list[date] = list(period.days())
    return {"start": days[0].isoformat(), "end": days[-1].isoformat()}
