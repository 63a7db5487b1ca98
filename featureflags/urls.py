"""Addresses below /api/."""

from django.urls import path

from featureflags.views import FeaturesView

urlpatterns = [path("config/features", FeaturesView.as_view(), name="config-features")]
