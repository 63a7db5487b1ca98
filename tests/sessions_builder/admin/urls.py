"""The admin as it is once these tests have loaded their pages, and the addresses it links to."""

from django.contrib import admin
from django.urls import include, path

from sessions_builder.admin import accounts, operations

LOADED = (accounts, operations)
urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("sessions_builder.urls")),
    path("", include("sessions_builder.page_urls")),
]
