"""Logging in and out, and changing the password: Django's own views in our layout."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.admin import site
from django.contrib.auth import views
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.views import View

DEMO_ACCOUNTS = (
    ("author", "writes briefs, chooses outlines"),
    ("author2", "another author, who sees nothing of the first"),
    ("product", "changes flags, reads the dashboard"),
    ("analyst", "reads metrics, downloads exports"),
    ("operator", "looks after health and queues"),
    ("admin", "may do everything"),
)


class Login(views.LoginView):
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if settings.DEBUG:
            context |= {"demo_accounts": DEMO_ACCOUNTS, "demo_password": settings.DEMO_PASSWORD}
        return context


class StaffLogin(views.RedirectURLMixin, View):
    """Where the admin sends those who may not enter: to the login page, and from there to where they wanted to go.

    Someone who is logged in and is no staff gets 403: after the login page they would be back here.
    """

    next_page = "admin:index"

    def get(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and not site.has_permission(request):
            raise PermissionDenied
        return views.redirect_to_login(self.get_success_url())


class Logout(views.LogoutView):
    http_method_names = ["post", "options"]


class PasswordChange(views.PasswordChangeView):
    template_name = "registration/password_change_form.html"
    success_url = reverse_lazy("pages:password-changed")


class PasswordChanged(views.PasswordChangeDoneView):
    template_name = "registration/password_change_done.html"
