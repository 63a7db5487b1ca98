"""What a claimed generation still needs: which outlines, from which writer, with or without material."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from sessions_builder.models import GenerationMode, WriterKind
from sessions_builder.persistence import Claimed
from sessions_builder.pipeline.types import STANDARD, WEIGHTS, Brief, VariantProfile
from sessions_builder.pipeline.wire import brief_from_wire, profile_from_wire


@dataclass(frozen=True, slots=True)
class Plan:
    mode: str
    writer: str
    brief: Brief
    profiles: Mapping[int, VariantProfile]
    numbers: tuple[int, ...]
    """The variant numbers that make this generation complete."""
    missing: tuple[int, ...]
    """Those of them that are not stored yet."""

    @property
    def several(self) -> bool:
        return self.mode == GenerationMode.MULTI_VARIANT

    @property
    def offline(self) -> bool:
        return self.writer == WriterKind.OFFLINE

    def standard_only(self, mode: str, stored: frozenset[int]) -> Self:
        """The same generation with nothing but the Standard Outline left to write."""
        missing = () if STANDARD in stored else (STANDARD,)
        return replace(self, mode=mode, numbers=(STANDARD,), missing=missing)


def plan_of(held: Claimed, *, switched_off: bool) -> Plan:
    """Plan the work on a claimed generation. `switched_off` turns one of several variants into a legacy one."""
    mode = GenerationMode.LEGACY if switched_off and held.mode == GenerationMode.MULTI_VARIANT else held.mode
    numbers = tuple(WEIGHTS) if mode == GenerationMode.MULTI_VARIANT else (STANDARD,)
    profiles = [profile_from_wire(profile) for profile in held.snapshot["profiles"]]
    return Plan(
        mode=mode,
        writer=held.writer,
        brief=brief_from_wire(held.snapshot["brief"]),
        profiles={profile.number: profile for profile in profiles},
        numbers=numbers,
        missing=tuple(number for number in numbers if number not in held.stored_numbers),
    )
