"""Addresses of the pages people open in a browser."""

from django.urls import path

from sessions_builder.views import accounts, pages

app_name = "pages"

urlpatterns = [
    path("", pages.sessions, name="sessions"),
    path("briefs/new/", pages.brief, name="brief"),
    path("generations/<uuid:generation_id>/", pages.generation, name="generation"),
    path("sessions/<uuid:session_id>/", pages.session, name="session"),
    path("login/", accounts.Login.as_view(), name="login"),
    path("logout/", accounts.Logout.as_view(), name="logout"),
    path("password/", accounts.PasswordChange.as_view(), name="password"),
    path("password/changed/", accounts.PasswordChanged.as_view(), name="password-changed"),
]
