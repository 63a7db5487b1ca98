"""The authors' pages of what they chose: the list of sessions, the editor of a draft, the page to hand over."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sessions_builder.models import Category, SessionState, TrainingSession
from sessions_builder.selectors import generations_visible_to, sessions_visible_to
from sessions_builder.serializers.session import session_to_wire
from sessions_builder.services.generations import present_writer
from sessions_builder.views import readout
from sessions_builder.views.pages import AUTHOR, SESSION_TYPES

SESSIONS_A_PAGE = 20
OPEN_GENERATIONS = 6


@require_safe
@never_cache
@login_required
def sessions(request: HttpRequest) -> HttpResponse:
    """The author's own sessions and outlines still waiting for a choice; other roles are sent to where they work."""
    if not request.user.has_perm(AUTHOR):
        return redirect("admin:index") if request.user.is_staff else render(request, "pages/elsewhere.html")
    archived = "archived" in request.GET
    own = sessions_visible_to(request.user).defer("brief", "sources")
    shown = own.filter(state=SessionState.ARCHIVED) if archived else own.exclude(state=SessionState.ARCHIVED)
    waiting = generations_visible_to(request.user).filter(training_sessions__isnull=True, children__isnull=True)
    waiting = waiting.only("state", "brief", "created_at")
    return render(
        request,
        "pages/sessions.html",
        {
            "section": "sessions",
            "page": Paginator(shown, SESSIONS_A_PAGE).get_page(request.GET.get("page")),
            "archived": archived,
            "has_archived": archived or own.filter(state=SessionState.ARCHIVED).exists(),
            "waiting": [] if archived else [readout.open_generation(each) for each in waiting[:OPEN_GENERATIONS]],
        },
    )


@require_safe
@never_cache
@login_required
def session(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """A draft in the editor; what is published or archived, and a draft whose reader is no author, to read."""
    found: TrainingSession = get_object_or_404(sessions_visible_to(request.user), pk=session_id)
    if found.state != SessionState.DRAFT or not request.user.has_perm(AUTHOR):
        return _handbook(request, found)
    categories = list(Category.objects.filter(active=True).values_list("name", flat=True))
    return render(
        request,
        "pages/editor.html",
        {
            **readout.session_facts(found),
            "section": "session",
            "wire": session_to_wire(found),
            "categories": categories if found.category in categories else [found.category, *categories],
            "session_types": SESSION_TYPES,
            "writer": present_writer(),
        },
    )


@require_safe
@never_cache
@login_required
def session_read(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """One training session as it is handed over, a draft too."""
    return _handbook(request, get_object_or_404(sessions_visible_to(request.user), pk=session_id))


def _handbook(request: HttpRequest, found: TrainingSession) -> HttpResponse:
    rating = found.ratings.filter(user_id=found.owner_id).first()
    return render(
        request,
        "pages/session.html",
        {**readout.session_facts(found), "section": "session", "rating": rating, "scores": range(1, 6)},
    )
