"""How an activity runs in the minutes and with the people there are: steps, prompts and a note on the set-up."""

from __future__ import annotations

import math

from sessions_builder.offline import frames
from sessions_builder.offline.activities import Activity
from sessions_builder.offline.plan import Place
from sessions_builder.pipeline.types import Brief, SectionType, Step


def steps_for(activity: Activity, minutes: int) -> tuple[Step, ...]:
    """The activity's steps, each at least a minute, that sum to so many minutes; the last ones go when there are more
    steps than minutes."""
    steps = activity.steps[:minutes]
    if not steps:
        return ()
    total = sum(share for share, _ in steps)
    spare = minutes - len(steps)
    exact = [spare * share / total for share, _ in steps]
    whole = [1 + math.floor(value) for value in exact]
    order = sorted(range(len(steps)), key=lambda at: (math.floor(exact[at]) - exact[at], at))
    for at in order[: minutes - sum(whole)]:
        whole[at] += 1
    return tuple(Step(text, share) for (_, text), share in zip(steps, whole, strict=True))


def prompts_for(activity: Activity, subject: str) -> tuple[str, ...]:
    """The activity's questions, about the section's subject."""
    return tuple(prompt.format(topic=subject) for prompt in activity.prompts)


def staging_note(place: Place, brief: Brief) -> str:
    """What this group size or a video call means for the activity; empty when it means nothing."""
    mode = place.activity.mode
    if place.slot.type is SectionType.BREAK:
        return ""
    if brief.online:
        return frames.ONLINE[mode]
    if mode == "pairs" and brief.group_size == 1:
        return frames.ALONE
    if mode == "pairs" and brief.group_size % 2 and brief.group_size > 2:
        return frames.ODD_PAIRS
    if mode == "small_groups" and brief.group_size >= 2 * place.activity.circle:
        return _groups(brief.group_size, place.activity.circle)
    return ""


def _groups(people: int, size: int) -> str:
    """ "With 14 people, form 4 groups of 3 or 4." """
    groups = math.ceil(people / size)
    least = people // groups
    sizes = str(least) if people % groups == 0 else f"{least} or {least + 1}"
    return frames.GROUPS.format(people=people, groups=groups, size=sizes)
