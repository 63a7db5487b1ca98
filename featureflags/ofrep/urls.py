"""Addresses below /ofrep/v1/."""

from django.urls import path

from featureflags.ofrep.views import BulkView, SingleView

urlpatterns = [
    path("evaluate/flags", BulkView.as_view(), name="ofrep-bulk"),
    path("evaluate/flags/<path:key>", SingleView.as_view(), name="ofrep-single"),
]
