"""API addresses of this app, declared without a trailing slash; one is accepted everywhere."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from sessions_builder.views import api_docs, api_generations, api_operations, api_reference, api_sessions

generation: list[URLPattern | URLResolver] = [
    path("", api_generations.GenerationView.as_view(), name="generation"),
    path("/cancel", api_generations.CancelView.as_view(), name="generation-cancel"),
    path("/retry", api_generations.RetryView.as_view(), name="generation-retry"),
    path("/offline-draft", api_generations.OfflineDraftView.as_view(), name="generation-offline-draft"),
    path("/sources", api_generations.SourcesView.as_view(), name="generation-sources"),
    path("/variants/<int:number>/select", api_generations.SelectView.as_view(), name="variant-select"),
    path("/variants/<int:number>/reject", api_generations.RejectView.as_view(), name="variant-reject"),
]

api: list[URLPattern | URLResolver] = [
    path("generations", api_generations.GenerationsView.as_view(), name="generations"),
    path("generations/<uuid:generation_id>", include(generation)),
    path("sessions", api_sessions.SessionsView.as_view(), name="sessions"),
    path("sessions/<uuid:session_id>", api_sessions.SessionView.as_view(), name="session"),
    path("reference", api_reference.ReferenceView.as_view(), name="reference"),
    path("health", api_operations.HealthView.as_view(), name="health"),
    path("health/live", api_operations.LiveView.as_view(), name="health-live"),
    path("health/ready", api_operations.ReadyView.as_view(), name="health-ready"),
    path("rag/health", api_operations.RagHealthView.as_view(), name="rag-health"),
    path("schema", api_docs.SchemaView.as_view(), name="schema"),
    path("docs", api_docs.DocsView.as_view(url_name="api:schema"), name="docs"),
]

urlpatterns = [path("api/", include((api, "api")))]
