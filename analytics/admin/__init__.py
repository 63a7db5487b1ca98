"""What staff see of analytics in the admin."""

from analytics.admin import alerts, events, exports, interactions, prices, selections

__all__ = ["alerts", "events", "exports", "interactions", "prices", "selections"]
