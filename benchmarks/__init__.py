"""Measurements beside the bars of docs/benchmarks.md; never assertions, never part of the tests.

They run on servers of their own, as the tests do, which have to be there before the settings are read.
"""

from tests.support import servers

__all__ = ["servers"]
