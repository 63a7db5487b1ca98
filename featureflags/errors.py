"""The ways a change of a flag is refused. A class's docstring is its sentence."""

from __future__ import annotations

from typing import Any


class FlagError(Exception):
    """The flag could not be changed."""

    def __init__(self, sentence: str = "", **details: Any) -> None:
        super().__init__(sentence or type(self).__doc__ or "")
        self.details = details


class FlagNotFound(FlagError):
    """There is no such flag."""


class ReasonRequired(FlagError):
    """Say why: switching a flag or changing its percentage needs a reason."""


class FlagConflict(FlagError):
    """Somebody else changed this flag in the meantime; nothing was saved. Look at the current state and try again."""


class InvalidFlag(FlagError):
    """A value of the flag is not valid."""


class KeyTaken(InvalidFlag):
    """A flag with this key exists already."""
