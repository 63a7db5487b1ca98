"""Template tags of the authors' pages."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.conf import settings

register = template.Library()


@register.inclusion_tag("parts/google.html")
def google_analytics() -> dict[str, str]:
    """The analytics tag; empty, not a byte of it, while GOOGLE_ANALYTICS_ID is not set."""
    return {"google_analytics_id": settings.GOOGLE_ANALYTICS_ID}


@register.inclusion_tag("parts/strip.html")
def session_strip(
    sections: Sequence[Mapping[str, Any]], starts: str = "", zone: str = "", bare: bool = False
) -> dict[str, Any]:
    """The place of a session strip and what to draw; `starts` is an ISO time or empty, `bare` leaves the times out."""
    drawn = [{"type": s["type"], "title": s["title"], "minutes": s["minutes"]} for s in sections]
    return {"sections": json.dumps(drawn), "starts": starts, "zone": zone, "bare": bare}
