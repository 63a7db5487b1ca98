"""Addresses of the pages people open in a browser."""

from django.urls import path

from sessions_builder.views import accounts, pages, session_pages

app_name = "pages"

urlpatterns = [
    path("", session_pages.sessions, name="sessions"),
    path("briefs/new/", pages.brief, name="brief"),
    path("generations/<uuid:generation_id>/", pages.generation, name="generation"),
    path("generations/<uuid:generation_id>/compare/", pages.compare, name="compare"),
    path("sessions/<uuid:session_id>/", session_pages.session, name="session"),
    path("sessions/<uuid:session_id>/read/", session_pages.session_read, name="session-read"),
    path("login/", accounts.Login.as_view(), name="login"),
    path("logout/", accounts.Logout.as_view(), name="logout"),
    path("password/", accounts.PasswordChange.as_view(), name="password"),
    path("password/changed/", accounts.PasswordChanged.as_view(), name="password-changed"),
]
