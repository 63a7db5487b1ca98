"""What Prometheus is told by this app; no labels that could name a person."""

from prometheus_client import Counter

EVENTS = Counter("session_builder_events_total", "Events recorded.", ["type"])
EXPORT_ROWS = Counter("session_builder_export_rows_total", "Rows written to exports.")
