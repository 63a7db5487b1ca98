"""What staff see of the product in the admin."""

from sessions_builder.admin import knowledge, reference

__all__ = ["knowledge", "reference"]
