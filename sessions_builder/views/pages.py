"""The authors' pages up to the choice. The server renders what is stored; what changes comes from the API."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from featureflags.flags import is_enabled
from sessions_builder.models import Audience, Category, Generation, Tone
from sessions_builder.selectors import generations_visible_to
from sessions_builder.services.generations import MULTI_VARIANT_FLAG

AUTHOR = "sessions_builder.add_generation"
SESSION_TYPES = (
    ("workshop", "Workshop", "People work on something of their own"),
    ("training", "Training", "People practise a skill"),
    ("webinar", "Webinar", "People listen and join in online"),
    ("event", "Event", "Many people, one occasion"),
)

STANDING = ("state", "mode", "card_order", "brief")
"""What the pages say of a generation before the API has answered."""


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
            "several": is_enabled(MULTI_VARIANT_FLAG, request.user),
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
    found = _generation(request, generation_id)
    rejected = found.variants.filter(rejected_at__isnull=False).values_list("number", flat=True)
    context = {"section": "generation", "generation": found, "rejected": rejected}
    return render(request, "pages/generation.html", context)


@require_safe
@never_cache
@login_required
@permission_required(AUTHOR, raise_exception=True)
def compare(request: HttpRequest, generation_id: UUID) -> HttpResponse:
    """A generation's outlines side by side; they come from the API as well, and may still be arriving."""
    context = {"section": "generation", "generation": _generation(request, generation_id)}
    return render(request, "pages/compare.html", context)


def _generation(request: HttpRequest, generation_id: UUID) -> Generation:
    own = generations_visible_to(request.user).only(*STANDING)
    found: Generation = get_object_or_404(own, pk=generation_id)
    return found
