"""API addresses of this app."""

from django.urls import path

from analytics.views.browser import BrowserEventsView
from analytics.views.exports import ExportManifestView, ExportView
from analytics.views.metrics import AIMetricsView, BuilderMetricsView, ExperimentView, StatsView
from analytics.views.rows import EventsView, InteractionsView

urlpatterns = [
    path("analytics/ai-metrics", AIMetricsView.as_view(), name="analytics-ai-metrics"),
    path("analytics/builder-metrics", BuilderMetricsView.as_view(), name="analytics-builder-metrics"),
    path("analytics/experiment", ExperimentView.as_view(), name="analytics-experiment"),
    path("analytics/stats", StatsView.as_view(), name="analytics-stats"),
    path("analytics/events", EventsView.as_view(), name="analytics-events"),
    path("analytics/interactions", InteractionsView.as_view(), name="analytics-interactions"),
    path("analytics/export", ExportView.as_view(), name="analytics-export"),
    path("analytics/export/manifest", ExportManifestView.as_view(), name="analytics-export-manifest"),
    path("events", BrowserEventsView.as_view(), name="events"),
]
