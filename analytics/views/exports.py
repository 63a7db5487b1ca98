"""Downloads and their manifests."""

from collections.abc import Iterable
from typing import Any

from django.http import StreamingHttpResponse
from django.utils.cache import patch_vary_headers
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from analytics.exports.audit import audited, compressed, open_export
from analytics.exports.stream import FORMATS, Selection
from analytics.models import Export
from analytics.registry import dataset
from analytics.serializers.exports import ExportQuery, ManifestQuery, ManifestSerializer
from analytics.serializers.queries import asked
from analytics.views.base import PRIVATE, AnalyticsView, signed_in


class WhateverIsAsked(BaseContentNegotiation):
    """`Accept: text/csv` is no reason for 406: the query says which format it is."""

    def select_parser(self, request: Request, parsers: Iterable[Any]) -> Any:
        return next(iter(parsers))

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        first = next(iter(renderers))
        return first, first.media_type


class ExportView(AnalyticsView):
    """A dataset as a file: streamed, complete, audited. The audit row's id is in `X-Export-Id`."""

    right = "analytics.export_data"
    content_negotiation_class = WhateverIsAsked

    @extend_schema(
        parameters=[ExportQuery],
        responses={
            (200, "text/csv"): OpenApiTypes.BINARY,
            (200, "application/json"): OpenApiTypes.OBJECT,
            (200, "application/x-ndjson"): OpenApiTypes.BINARY,
        },
        operation_id="analytics_export",
        tags=["Analytics"],
    )
    def get(self, request: Request) -> StreamingHttpResponse:
        query = asked(request, ExportQuery)
        found = dataset(query["dataset"])
        if not request.user.has_perm(found.permission):
            raise PermissionDenied("You may not export this dataset.")
        if query["prompts"] and not request.user.has_perm("analytics.view_prompt"):
            raise PermissionDenied("You may not read prompts and answers.")
        selection = Selection(
            dataset=found,
            format=FORMATS[query["format"]],
            period=query["period"],
            event_type=query.get("type"),
            demo=query["demo"],
            raw=query["raw"],
            prompts=query["prompts"],
            byte_order_mark=query["bom"],
        )
        return _streamed(selection, open_export(selection, signed_in(request)), _takes_gzip(request))


class ExportManifestView(AnalyticsView):
    """What an export held: rows, size and checksum, and whether it was finished."""

    right = "analytics.export_data"

    @extend_schema(
        parameters=[ManifestQuery],
        responses=ManifestSerializer,
        operation_id="analytics_export_manifest",
        tags=["Analytics"],
    )
    def get(self, request: Request) -> Response:
        export = Export.objects.filter(id=asked(request, ManifestQuery)["id"]).first()
        if export is None or not (export.user_id == request.user.pk or request.user.has_perm("analytics.view_export")):
            raise NotFound
        return Response(ManifestSerializer(export).data, headers=PRIVATE)


def _streamed(selection: Selection, export: Export, gzip: bool) -> StreamingHttpResponse:
    stream = audited(selection, export)
    response = StreamingHttpResponse(
        compressed(stream) if gzip else stream, content_type=selection.format.content_type, headers=PRIVATE
    )
    if gzip:
        response["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ("Accept-Encoding",))
    response["X-Export-Id"] = str(export.id)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Disposition"] = f'attachment; filename="{_file_name(selection)}"'
    return response


def _file_name(selection: Selection) -> str:
    period = selection.period
    bounds = [f"{moment:%Y%m%dT%H%M}" for moment in (period.start, period.end) if moment is not None]
    return "-".join([selection.dataset.name, *bounds]) + f".{selection.format.name}"


def _takes_gzip(request: Request) -> bool:
    """Whether the client asks for gzip, and does not say `q=0`."""
    for part in request.headers.get("Accept-Encoding", "").split(","):
        coding, _, weight = part.replace(" ", "").lower().partition(";q=")
        if coding == "gzip":
            return weight.rstrip("0.") != "" if weight else True
    return False
