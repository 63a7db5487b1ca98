"""The web server with one address that answers nothing, behind the same middleware and authentication as polls."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.wsgi import application
from sessions_builder.permissions import WRITE_GENERATIONS
from sessions_builder.views.lean import LeanView

settings.ROOT_URLCONF = __name__


class EmptyView(LeanView):
    """`/api/empty`: who asks is looked up, and nothing else."""

    right = WRITE_GENERATIONS
    token_scope = "generations"

    def check_right(self, request: HttpRequest) -> None:
        """Not asked: an empty view has none."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse()


urlpatterns = [path("api/empty", EmptyView.as_view())]

__all__ = ["application", "urlpatterns"]
