"""What staff see of the product in the admin."""

from sessions_builder.admin import accounts, knowledge, operations, reference, sessions

__all__ = ["accounts", "knowledge", "operations", "reference", "sessions"]
