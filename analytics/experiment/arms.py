"""New against old: the users a partial rollout split, one value for each user.

Only users the percentage itself decided about count: at 0 and 100 % there is no other arm, and overrides are
picked by hand. A user belongs to the step and arm of the first request; a user who changes arms later stays there.
Only what was asked for since then counts as published: an older draft that is published at last says nothing about
the arm.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils import timezone

from analytics.periods import Period

V2, LEGACY = "v2", "legacy"

USERS = """
WITH exposed AS MATERIALIZED (
    SELECT DISTINCT ON (subject) subject, percentage, arm, occurred_at
    FROM analytics_event
    WHERE event_type = 'ai_prompt_submitted' AND reason IN ('rollout_opt_in', 'rollout_filtered')
      AND percentage > 0 AND percentage < 100 AND subject <> '' AND is_demo = %(demo)s
      AND writer IS DISTINCT FROM 'offline'
      AND (%(start)s::timestamptz IS NULL OR occurred_at >= %(start)s)
      AND (%(end)s::timestamptz IS NULL OR occurred_at < %(end)s)
    ORDER BY subject, occurred_at, id
), published AS MATERIALIZED (
    SELECT DISTINCT ON (p.subject) p.subject, p.occurred_at, p.quality
    FROM analytics_event p JOIN exposed x ON x.subject = p.subject AND p.occurred_at >= x.occurred_at
    JOIN analytics_event asked ON asked.generation_id = p.generation_id AND asked.event_type = 'ai_prompt_submitted'
      AND asked.occurred_at >= x.occurred_at
    WHERE p.event_type = 'session_published' AND p.is_demo = %(demo)s AND p.arm = x.arm
      AND (%(start)s::timestamptz IS NULL OR p.occurred_at >= %(start)s) AND p.occurred_at < %(until)s
    ORDER BY p.subject, p.occurred_at, p.id
)
SELECT x.percentage, x.arm, extract(epoch FROM coalesce(p.occurred_at, %(until)s) - x.occurred_at)::float8,
    p.subject IS NOT NULL, p.quality
FROM exposed x LEFT JOIN published p USING (subject)
WHERE x.arm IN ('v2', 'legacy')
"""


@dataclass(frozen=True, slots=True)
class Participant:
    """A user of the experiment: seconds from the first request to publishing, or to now with nothing published."""

    percentage: float
    arm: str
    seconds: float
    published: bool
    quality: float | None


def participants(period: Period, *, demo: bool = False) -> list[Participant]:
    """Return the users the rollout split during the period."""
    now = timezone.now()
    until: datetime = min(period.end, now) if period.end else now
    asked = {"start": period.start, "end": period.end, "until": until, "demo": demo}
    with connection.cursor() as cursor:
        cursor.execute(USERS, asked)
        return [Participant(*row) for row in cursor.fetchall()]


def in_arm(people: Sequence[Participant], arm: str) -> list[Participant]:
    """Return those of one arm."""
    return [person for person in people if person.arm == arm]


def by_step(people: Sequence[Participant]) -> dict[float, list[Participant]]:
    """Return the users by the percentage they were split at, the lowest first."""
    steps: defaultdict[float, list[Participant]] = defaultdict(list)
    for person in people:
        steps[person.percentage].append(person)
    return dict(sorted(steps.items()))
