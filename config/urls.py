"""Every address of the project. API addresses are declared without a trailing slash; one is accepted."""

from django.contrib import admin
from django.urls import include, path

import config.openapi  # noqa: F401 - the document knows our tokens from there
from sessions_builder.views.accounts import StaffLogin

admin.site.index_title = "Staff pages"

urlpatterns = [
    path("admin/login/", StaffLogin.as_view()),  # before the admin's own: there is one login page
    path("admin/", admin.site.urls),
    path("api/", include("featureflags.urls")),
    path("api/", include("analytics.urls")),
    path("ofrep/v1/", include("featureflags.ofrep.urls")),
    path("", include("sessions_builder.urls")),
    path("", include("sessions_builder.page_urls")),
]
