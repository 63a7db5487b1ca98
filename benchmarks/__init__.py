"""Measurements beside the bars of docs/benchmarks.md; never assertions, never part of the tests."""
