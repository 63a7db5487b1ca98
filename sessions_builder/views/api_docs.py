"""The OpenAPI document, and a page to read it and try it out, without a byte from anybody else."""

from __future__ import annotations

from typing import Any

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.contrib.auth.views import redirect_to_login
from django.utils.decorators import method_decorator
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import IsAuthenticated

from sessions_builder.permissions import TokenScopeAllows

# Swagger UI sets style attributes from its scripts and draws its icons from data addresses.
POLICY: dict[str, Any] = {"style-src": [SELF, UNSAFE_INLINE], "img-src": [SELF, "data:"]}


class SchemaView(SpectacularAPIView):
    """`/api/schema`"""

    permission_classes = [IsAuthenticated, TokenScopeAllows]
    token_scope = "reference"


@method_decorator(csp_replace(POLICY), name="dispatch")
class DocsView(SpectacularSwaggerSplitView):
    """`/api/docs`; a person who is not logged in is asked to, a program gets the usual refusal."""

    permission_classes = [IsAuthenticated, TokenScopeAllows]
    token_scope = "reference"

    def handle_exception(self, exc: Exception) -> Any:
        """Send a browser to the login, and back here from there."""
        reads_pages = self.request.method == "GET" and "text/html" in self.request.headers.get("Accept", "")
        if isinstance(exc, NotAuthenticated) and reads_pages:
            return redirect_to_login(self.request.get_full_path())
        return super().handle_exception(exc)
