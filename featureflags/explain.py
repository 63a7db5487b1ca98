"""How a decision came about, with every value needed to do the sum again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import md5

from featureflags.environment import hold_on, holding_setting
from featureflags.evaluation import Decision, FlagState, evaluate, shard
from featureflags.snapshot import store


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision with what went into it: `md5` is the hash of `salt-key`, its first 8 digits modulo 10000 the shard."""

    flag: FlagState
    targeting_key: str
    md5: str
    shard: int
    held_by: str
    decision: Decision


def explain(flag_key: str, targeting_key: str) -> Explanation | None:
    """Return how the flag is decided for the key right now in this process; None for an unknown flag."""
    flag = store.current().flags.get(flag_key)
    if flag is None:
        return None
    return Explanation(
        flag=flag,
        targeting_key=targeting_key,
        md5=md5(f"{flag.salt}-{targeting_key}".encode(errors="replace"), usedforsecurity=False).hexdigest(),
        shard=shard(flag.salt, targeting_key),
        held_by=holding_setting(flag_key),
        decision=evaluate(flag, targeting_key, now=datetime.now(UTC), hold=hold_on(flag_key)),
    )
