"""Generations: request, watch, cancel, retry, look at the sources, choose."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sessions_builder.errors import InvalidInput, NotFound
from sessions_builder.models import TERMINAL, Generation, GenerationState
from sessions_builder.permissions import WRITE_GENERATIONS, HasRight, TokenScopeAllows
from sessions_builder.selectors import Question, document_of, generations_visible_to, standing_of, standing_question
from sessions_builder.serializers.actions import Rejection, Selection
from sessions_builder.serializers.brief import brief_from_body
from sessions_builder.serializers.cursor import page_of
from sessions_builder.serializers.generation import (
    accepted_to_wire,
    document_to_wire,
    listed_to_wire,
    sources_to_wire,
    status_url,
)
from sessions_builder.serializers.session import session_to_wire
from sessions_builder.serializers.validation import checked
from sessions_builder.services import generations, selections
from sessions_builder.views import docs
from sessions_builder.views.lean import LeanView, body_of, json_answer

POLL_AFTER_SECONDS = "1"
LONGEST_KEY = 255
VARIANT_NUMBERS = range(5)


class GenerationsView(LeanView):
    """`/api/generations`: request one, list the own ones."""

    right = WRITE_GENERATIONS
    token_scope = "generations"

    @docs.generation_request
    def post(self, request: HttpRequest) -> HttpResponse:
        requested = generations.generation_request(
            owner=request.user,  # type: ignore[arg-type]
            brief=brief_from_body(body_of(request)),
            idempotency_key=_idempotency_key(request),
        )
        headers = _headers_of_accepted(requested.generation)
        if requested.replayed:
            headers["Idempotency-Replayed"] = "true"
        return json_answer(accepted_to_wire(requested.generation), status=202, headers=headers)

    @docs.generation_list
    def get(self, request: HttpRequest) -> HttpResponse:
        rows = generations_visible_to(request.user)
        if (state := request.GET.get("state")) is not None:
            rows = rows.filter(state=_state(state))
        page = page_of(rows, request.GET, by="created_at")
        results = [listed_to_wire(generation) for generation in page.rows]
        return json_answer(
            {"results": results, "nextCursor": page.next_cursor}, headers={"Cache-Control": "private, no-store"}
        )


class GenerationView(LeanView):
    """`/api/generations/{id}`: where a generation is watched.

    What says who asks, and whether they may, says the version too; most polls end there, before the document is read.
    """

    right = WRITE_GENERATIONS
    token_scope = "generations"

    def question(self, request: HttpRequest, **kwargs: Any) -> Question:
        return standing_question(kwargs["generation_id"], self.right)

    def check_right(self, request: HttpRequest) -> None:
        """Answered together with the version."""

    @docs.generation_detail
    def get(self, request: HttpRequest, generation_id: UUID) -> HttpResponse:
        standing = standing_of(request.user, self.asked)
        if standing is None:
            raise NotFound
        etag = _etag(generation_id, standing.version)
        if _matches(request.headers.get("If-None-Match", ""), etag):
            return HttpResponseNotModified(headers=_headers_of_poll(etag, standing.is_terminal))
        document = document_of(generation_id, request.user)
        if document is None:
            raise NotFound
        headers = _headers_of_poll(_etag(generation_id, document.version), document.state in TERMINAL)
        return json_answer(document_to_wire(document), headers=headers)


class GenerationAction(APIView):
    """What is asked of one generation of one's own; another's does not exist."""

    permission_classes = [IsAuthenticated, TokenScopeAllows, HasRight]
    right = WRITE_GENERATIONS
    token_scope = "generations"

    def generation(self, generation_id: UUID) -> Generation:
        """The generation. Raises NotFound, the same for another's as for none."""
        found = generations_visible_to(self.request.user).filter(pk=generation_id).first()
        if found is None:
            raise NotFound
        return found


class CancelView(GenerationAction):
    """`…/cancel`"""

    @docs.generation_cancel
    def post(self, request: Request, generation_id: UUID) -> Response:
        return _accepted(generations.generation_cancel(generation=self.generation(generation_id)))


class RetryView(GenerationAction):
    """`…/retry`"""

    @docs.generation_retry
    def post(self, request: Request, generation_id: UUID) -> Response:
        return _accepted(generations.generation_retry(generation=self.generation(generation_id)))


class OfflineDraftView(GenerationAction):
    """`…/offline-draft`"""

    @docs.generation_offline_draft
    def post(self, request: Request, generation_id: UUID) -> Response:
        return _accepted(generations.generation_offline_draft(generation=self.generation(generation_id)))


class SourcesView(GenerationAction):
    """`…/sources`"""

    @docs.generation_sources
    def get(self, request: Request, generation_id: UUID) -> Response:
        return Response(sources_to_wire(self.generation(generation_id)))


class SelectView(GenerationAction):
    """`…/variants/{number}/select`"""

    @docs.variant_select
    def post(self, request: Request, generation_id: UUID, number: int) -> Response:
        selection = checked(Selection, request.data)
        session = selections.variant_select(
            generation=self.generation(generation_id), number=_number(number), session_id=selection.session_id
        )
        return Response(session_to_wire(session))


class RejectView(GenerationAction):
    """`…/variants/{number}/reject`"""

    @docs.variant_reject
    def post(self, request: Request, generation_id: UUID, number: int) -> Response:
        rejection = checked(Rejection, request.data)
        selections.variant_reject(
            generation=self.generation(generation_id), number=_number(number), reason=rejection.reason
        )
        return Response(status=204)

    @docs.variant_unreject
    def delete(self, request: Request, generation_id: UUID, number: int) -> Response:
        selections.variant_unreject(generation=self.generation(generation_id), number=_number(number))
        return Response(status=204)


def _accepted(generation: Generation) -> Response:
    return Response(accepted_to_wire(generation), status=202, headers=_headers_of_accepted(generation))


def _headers_of_accepted(generation: Generation) -> dict[str, str]:
    return {"Location": status_url(generation), "Retry-After": POLL_AFTER_SECONDS}


def _headers_of_poll(etag: str, is_terminal: bool) -> dict[str, str]:
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    return headers if is_terminal else {**headers, "Retry-After": POLL_AFTER_SECONDS}


def _etag(generation_id: UUID, version: str) -> str:
    return f'"{generation_id}-{version}"'


def _matches(asked: str, etag: str) -> bool:
    """Weak comparison (RFC 9110, section 13.1.2): a cache in between may have weakened the tag."""
    known: Collection[str] = {tag.removeprefix("W/") for tag in parse_etags(asked)}
    return "*" in known or etag in known


def _idempotency_key(request: HttpRequest) -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is None or (1 <= len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        return key
    sentence = f"Must be 1 to {LONGEST_KEY} printable ASCII characters."
    raise InvalidInput(fields={"Idempotency-Key": [sentence]})


def _state(asked: str) -> str:
    if asked not in GenerationState.values:
        raise InvalidInput(fields={"state": [f"Must be one of {', '.join(GenerationState.values)}."]})
    return asked


def _number(number: int) -> int:
    if number not in VARIANT_NUMBERS:
        raise NotFound
    return number
