"""Training sessions as files."""

from __future__ import annotations

import re
import unicodedata
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import HttpResponse
from rest_framework.request import Request

from sessions_builder.errors import InvalidInput
from sessions_builder.exports.document import Audience, HandoverDocument
from sessions_builder.exports.registry import FORMATS, Format
from sessions_builder.services.handovers import session_handover
from sessions_builder.views import session_docs as docs
from sessions_builder.views.session_base import SessionBase

UNSAFE_IN_NAMES = re.compile(r'[\x00-\x1f\x7f"*/:<>?\\|%;]+')
LONGEST_NAME = 120


class SessionExportView(SessionBase):
    """`/api/sessions/{id}/export`"""

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """Whatever is in `Accept`: the query says which format it is."""
        return super().perform_content_negotiation(request, force=True)

    @docs.session_export
    def get(self, request: Request, session_id: UUID) -> HttpResponse:
        session = self.session(session_id)
        form = FORMATS[_one_of(request, "format", list(FORMATS))]
        audience = Audience(_one_of(request, "audience", list(Audience), usual=Audience.FACILITATOR))
        document = session_handover(session=session, audience=audience)
        return _download(document, form)


def _one_of(request: Request, name: str, allowed: list[str], usual: str | None = None) -> str:
    """The value of a query parameter. Raises InvalidInput when it is missing without a usual one, or none of these."""
    asked = request.GET.get(name, usual)
    if asked not in allowed:
        raise InvalidInput(fields={name: [f"Must be one of {', '.join(allowed)}."]})
    return asked


def _download(document: HandoverDocument, form: Format) -> HttpResponse:
    return HttpResponse(
        form.write(document),
        content_type=form.content_type,
        headers={
            "Content-Disposition": disposition(f"{file_stem(document)}.{form.ending}"),
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


def file_stem(document: HandoverDocument) -> str:
    """The name of a file without its ending: title and kind, without what a file system or a shell stumbles over."""
    title = UNSAFE_IN_NAMES.sub(" ", unicodedata.normalize("NFC", document.title))
    cut = title.encode()[:LONGEST_NAME].decode(errors="ignore")
    words = " ".join(cut.split()).strip(" .-")
    return f"{words or 'Session'} - {document.kind.lower()}"


def disposition(name: str) -> str:
    """The header that makes a download of it (RFC 6266), with a plain name for clients that read no other."""
    # Wide forms become the very characters that end a name, so what is unsafe goes once more.
    plain = UNSAFE_IN_NAMES.sub(" ", unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode())
    header = f'attachment; filename="{" ".join(plain.split()).lstrip(" .-")}"'
    return header if plain == name else f"{header}; filename*=UTF-8''{quote(name, safe='')}"
