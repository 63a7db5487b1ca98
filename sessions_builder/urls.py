"""API addresses of this app, declared without a trailing slash; one is accepted everywhere."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from sessions_builder.views import (
    api_briefs,
    api_docs,
    api_generations,
    api_ideas,
    api_operations,
    api_proposals,
    api_reference,
    api_sections,
    api_session_history,
    api_sessions,
    downloads,
)

generation: list[URLPattern | URLResolver] = [
    path("", api_generations.GenerationView.as_view(), name="generation"),
    path("/cancel", api_generations.CancelView.as_view(), name="generation-cancel"),
    path("/retry", api_generations.RetryView.as_view(), name="generation-retry"),
    path("/offline-draft", api_generations.OfflineDraftView.as_view(), name="generation-offline-draft"),
    path("/sources", api_generations.SourcesView.as_view(), name="generation-sources"),
    path("/variants/<int:number>/select", api_generations.SelectView.as_view(), name="variant-select"),
    path("/variants/<int:number>/reject", api_generations.RejectView.as_view(), name="variant-reject"),
]

session: list[URLPattern | URLResolver] = [
    path("", api_sessions.SessionView.as_view(), name="session"),
    path("/export", downloads.SessionExportView.as_view(), name="session-export"),
    path("/balance", api_sessions.BalanceView.as_view(), name="session-balance"),
    path("/readiness", api_sessions.ReadinessView.as_view(), name="session-readiness"),
    path("/quality", api_sessions.QualityView.as_view(), name="session-quality"),
    path("/publish", api_sessions.PublishView.as_view(), name="session-publish"),
    path("/unpublish", api_sessions.UnpublishView.as_view(), name="session-unpublish"),
    path("/archive", api_sessions.ArchiveView.as_view(), name="session-archive"),
    path("/duplicate", api_sessions.DuplicateView.as_view(), name="session-duplicate"),
    path("/sections", api_sections.SectionsView.as_view(), name="sections"),
    path("/sections/reorder", api_sections.OrderView.as_view(), name="sections-reorder"),
    path("/sections/import", api_sections.ImportView.as_view(), name="section-import"),
    path("/sections/<slug:section_id>", api_sections.SectionView.as_view(), name="section"),
    path("/sections/<slug:section_id>/regenerate", api_proposals.RegenerateView.as_view(), name="section-regenerate"),
    path("/proposals", api_proposals.ProposalsView.as_view(), name="proposals"),
    path("/proposals/<uuid:proposal_id>", api_proposals.ProposalView.as_view(), name="proposal"),
    path("/proposals/<uuid:proposal_id>/accept", api_proposals.AcceptView.as_view(), name="proposal-accept"),
    path("/proposals/<uuid:proposal_id>/reject", api_proposals.LeaveView.as_view(), name="proposal-reject"),
    path("/versions", api_session_history.VersionsView.as_view(), name="versions"),
    path("/versions/<int:number>/diff", api_session_history.DiffView.as_view(), name="version-diff"),
    path("/versions/<int:number>/restore", api_session_history.RestoreView.as_view(), name="version-restore"),
    path("/rating", api_session_history.RatingView.as_view(), name="rating"),
]

api: list[URLPattern | URLResolver] = [
    path("generations", api_generations.GenerationsView.as_view(), name="generations"),
    path("generations/<uuid:generation_id>", include(generation)),
    path("briefs/coach", api_briefs.BriefCoachView.as_view(), name="brief-coach"),
    path("sources/preview", api_briefs.SourcesPreviewView.as_view(), name="sources-preview"),
    path("sessions", api_sessions.SessionsView.as_view(), name="sessions"),
    path("sessions/<uuid:session_id>", include(session)),
    path("saved-ideas", api_ideas.IdeasView.as_view(), name="ideas"),
    path("saved-ideas/<uuid:idea_id>", api_ideas.IdeaView.as_view(), name="idea"),
    path("activities", api_ideas.ActivitiesView.as_view(), name="activities"),
    path("reference", api_reference.ReferenceView.as_view(), name="reference"),
    path("health", api_operations.HealthView.as_view(), name="health"),
    path("health/live", api_operations.LiveView.as_view(), name="health-live"),
    path("health/ready", api_operations.ReadyView.as_view(), name="health-ready"),
    path("rag/health", api_operations.RagHealthView.as_view(), name="rag-health"),
    path("schema", api_docs.SchemaView.as_view(), name="schema"),
    path("docs", api_docs.DocsView.as_view(url_name="api:schema"), name="docs"),
]

urlpatterns = [
    path("api/", include((api, "api"))),
    path("metrics", api_operations.MetricsView.as_view(), name="metrics"),
]
