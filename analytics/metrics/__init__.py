"""The figures people read, computed from stored data."""
