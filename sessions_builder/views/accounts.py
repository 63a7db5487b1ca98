"""Logging in and out, and changing the password: Django's own views in our layout."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import views
from django.urls import reverse_lazy

DEMO_ACCOUNTS = (
    ("author", "writes briefs, chooses outlines"),
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


class Logout(views.LogoutView):
    http_method_names = ["post", "options"]


class PasswordChange(views.PasswordChangeView):
    template_name = "registration/password_change_form.html"
    success_url = reverse_lazy("pages:password-changed")


class PasswordChanged(views.PasswordChangeDoneView):
    template_name = "registration/password_change_done.html"
