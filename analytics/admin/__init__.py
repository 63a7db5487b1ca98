"""What staff see of analytics in the admin."""

from analytics.admin import interactions, prices, selections

__all__ = ["interactions", "prices", "selections"]
