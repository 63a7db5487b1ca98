"""The authors' pages. The server renders what is stored; what changes while one looks comes from the API."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sessions_builder.models import Audience, Category, Generation, Tone, TrainingSession
from sessions_builder.selectors import generations_visible_to, sessions_visible_to
from sessions_builder.views import readout

AUTHOR = "sessions_builder.add_generation"
SESSIONS_A_PAGE = 20
OPEN_GENERATIONS = 6
SESSION_TYPES = (
    ("workshop", "Workshop", "People work on something of their own"),
    ("training", "Training", "People practise a skill"),
    ("webinar", "Webinar", "People listen and join in online"),
    ("event", "Event", "Many people, one occasion"),
)


@require_safe
@never_cache
@login_required
def sessions(request: HttpRequest) -> HttpResponse:
    """The author's own sessions and outlines still waiting for a choice; other roles are sent to where they work."""
    if not request.user.has_perm(AUTHOR):
        return redirect("admin:index") if request.user.is_staff else render(request, "pages/elsewhere.html")
    pages = Paginator(sessions_visible_to(request.user), SESSIONS_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    waiting = generations_visible_to(request.user).filter(training_sessions__isnull=True, children__isnull=True)
    return render(
        request,
        "pages/sessions.html",
        {
            "section": "sessions",
            "page": page,
            "waiting": [readout.open_generation(generation) for generation in waiting[:OPEN_GENERATIONS]],
        },
    )


@require_safe
@never_cache
@login_required
@permission_required(AUTHOR, raise_exception=True)
def brief(request: HttpRequest) -> HttpResponse:
    """The brief form, empty or filled from an earlier generation's brief (`?from=ID`)."""
    return render(
        request,
        "pages/brief.html",
        {
            "section": "brief",
            "categories": Category.objects.filter(active=True),
            "audiences": Audience.objects.filter(active=True),
            "tones": Tone.objects.filter(active=True),
            "session_types": SESSION_TYPES,
            "earlier": _earlier_brief(request),
            "example": "example" in request.GET,
        },
    )


def _earlier_brief(request: HttpRequest) -> dict[str, Any] | None:
    try:
        wanted = UUID(request.GET.get("from", ""))
    except ValueError:
        return None
    earlier = generations_visible_to(request.user).filter(pk=wanted).only("brief").first()
    return earlier.brief if earlier else None


@require_safe
@never_cache
@login_required
@permission_required(AUTHOR, raise_exception=True)
def generation(request: HttpRequest, generation_id: UUID) -> HttpResponse:
    """The page a generation is watched on; everything on it comes from the API, so that a reload resumes anywhere."""
    found: Generation = get_object_or_404(generations_visible_to(request.user), pk=generation_id)
    return render(
        request,
        "pages/generation.html",
        {
            "section": "generation",
            "generation": found,
            "rejected": found.variants.filter(rejected_at__isnull=False).values_list("number", flat=True),
            "chosen": found.training_sessions.filter(owner_id=request.user.pk).first(),
        },
    )


@require_safe
@never_cache
@login_required
def session(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """One training session to read: strip, clock times, sections with their steps, and the sources they rest on."""
    found: TrainingSession = get_object_or_404(sessions_visible_to(request.user), pk=session_id)
    cited = readout.cited_sources(found)
    return render(
        request,
        "pages/session.html",
        {
            "section": "session",
            "session": found,
            "sections": list(readout.timed_sections(found)),
            "ends": readout.clock(found.starts_at, found.time_zone, found.duration_minutes),
            "length": readout.length(found.duration_minutes),
            "what": readout.what_it_is(found.generation_source, found.variant_number, len(cited)),
            "sources": cited,
        },
    )
