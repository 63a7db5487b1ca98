"""Analytics keeps rows of its own and no foreign keys out of the app, so it outlives what it describes."""

from analytics.models.alert import Alert, AlertNotice, Channel, Severity
from analytics.models.event import Event
from analytics.models.evidence import EvidenceReport
from analytics.models.export import Export, ExportState
from analytics.models.interaction import AIInteraction, Outcome, Purpose
from analytics.models.price import ModelPrice
from analytics.models.rollup import ALL_CATEGORIES, DailyRollup, RollupState
from analytics.models.selection import Selection

__all__ = [
    "ALL_CATEGORIES",
    "AIInteraction",
    "Alert",
    "AlertNotice",
    "Channel",
    "DailyRollup",
    "Event",
    "EvidenceReport",
    "Export",
    "ExportState",
    "ModelPrice",
    "Outcome",
    "Purpose",
    "RollupState",
    "Selection",
    "Severity",
]
