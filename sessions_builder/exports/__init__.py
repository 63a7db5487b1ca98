"""Handing a session over: one frozen document, one file per format, one registry."""
