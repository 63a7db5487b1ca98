"""Every address of the project. API addresses are declared without a trailing slash; one is accepted."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/", include("featureflags.urls")),
    path("api/", include("analytics.urls")),
    path("", include("sessions_builder.urls")),
    path("", include("sessions_builder.page_urls")),
]
