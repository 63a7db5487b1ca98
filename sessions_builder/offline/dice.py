"""Chance that is the same for the same brief on every machine and in every process."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict

from sessions_builder.pipeline.types import Brief


def seed_of(brief: Brief) -> str:
    """SHA-256 of the canonical brief, hex: equal briefs have equal seeds, whatever the process or machine."""
    canonical = json.dumps(asdict(brief), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def roll(seed: str, *labels: object) -> float:
    """A number in [0, 1) that depends on the seed and the labels only, not on what was rolled before."""
    digest = hashlib.sha256("|".join((seed, *map(str, labels))).encode()).digest()
    return int.from_bytes(digest[:8]) / 2**64


def shuffled(seed: str, label: str, items: Iterable[str]) -> tuple[str, ...]:
    """The items in an order drawn from the seed and the label."""
    return tuple(sorted(items, key=lambda item: (roll(seed, label, item), item)))
