"""One section from the library: for a session somebody edits, where no whole outline is composed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import partial

from sessions_builder.offline.activities import Activity, library, of_type
from sessions_builder.offline.arcs import Slot
from sessions_builder.offline.composer import LONGEST_TITLE, OUTER
from sessions_builder.offline.dice import seed_of
from sessions_builder.offline.objectives import Objectives
from sessions_builder.offline.phrases import joined, phrases_of
from sessions_builder.offline.plan import Chooser, Place
from sessions_builder.offline.prose import VARIANTS, Prose
from sessions_builder.offline.staging import prompts_for, staging_note, steps_for
from sessions_builder.pipeline.types import Brief, Outline, Section, SectionAsk, SectionType


def activity_by_key(key: str) -> Activity | None:
    return next((activity for activity in library() if activity.key == key), None)


def activity_by_name(name: str) -> Activity | None:
    """The activity a section names, whatever the capitals."""
    folded = name.strip().casefold()
    return next((activity for activity in library() if activity.name.casefold() == folded), None)


def subject_of(brief: Brief) -> str:
    """What a section of this session is about when nothing else says it: the brief's first topics."""
    return joined(phrases_of(brief).topics[:2])


def section_of(activity: Activity, brief: Brief, *, minutes: int, subject: str = "", place: int = 0) -> Section:
    """The activity as a section of so many minutes about a subject; `place` in the outline varies the wording."""
    subject = subject or subject_of(brief)
    inner = activity.type not in OUTER
    where = _place(activity, minutes)
    note = f"{activity.note} {staging_note(where, brief)}".strip()
    title = f"{activity.name}: {subject}" if inner else activity.name
    return Section(
        type=activity.type,
        title=title if len(title) <= LONGEST_TITLE else activity.name,
        minutes=minutes,
        description=_description(where, brief, subject, place),
        objectives=(objective_of(activity, brief, subject, place),) if inner else (),
        purposes=activity.purposes,
        activity=activity.name,
        mode=activity.mode,
        steps=steps_for(activity, minutes),
        materials=activity.materials,
        facilitator_note=note,
        prompts=prompts_for(activity, subject),
    )


def objective_of(activity: Activity, brief: Brief, subject: str, place: int = 0) -> str:
    """What people can do after this activity."""
    objectives = Objectives(seed_of(brief), place % VARIANTS, phrases_of(brief).goal.actions)
    return objectives.for_section(_place(activity, activity.minutes.low), subject)


def compose_section(brief: Brief, ask: SectionAsk) -> Outline:
    """Another activity in the section's place, as the only section of an outline: same minutes, same objectives.

    Activities that were proposed before come again only when the library has no others of the type left.
    """
    before = ask.section
    used = [section.activity for section in ask.outline.sections]
    suit = partial(
        another_activity,
        before.type,
        brief,
        minutes=before.minutes,
        used=used,
        purposes=before.purposes,
        progress=ask.place / max(1, len(used) - 1),
    )
    refused = ((before.activity, *ask.avoided), (before.activity,), ())
    activity = next(found for names in refused if (found := suit(without=names)) is not None)
    made = section_of(
        activity, brief, minutes=before.minutes, subject=_subject_in(before.title, before.activity), place=ask.place
    )
    kind = before.type if before.type in OUTER else made.type
    section = replace(made, type=kind, objectives=before.objectives or made.objectives)
    return Outline(section.title, "", "", (section,))


def _subject_in(title: str, activity: str) -> str:
    """What a title says after the name of its activity; empty when it is put together in another way."""
    name, _, subject = title.partition(": ")
    return subject if activity and name == activity else ""


def another_activity(
    kind: SectionType,
    brief: Brief,
    *,
    minutes: int,
    without: Collection[str] = (),
    used: Collection[str] = (),
    purposes: tuple[str, ...] = (),
    progress: float = 0.5,
) -> Activity | None:
    """The activity of a type that suits best; never one of `without`, one of `used` only when it must be.

    Names in both; `progress` is 0 for an outline's first section and 1 for its last. None when nothing is left.
    """
    kind = kind if of_type(kind) else SectionType.EXERCISE
    left = {name.casefold() for name in without}
    if all(activity.name.casefold() in left for activity in of_type(kind)):
        return None
    taken = {name.casefold() for name in used}
    chooser = Chooser(
        brief,
        number=0,
        taken={activity.key for activity in library() if activity.name.casefold() in taken},
        chosen={activity.key for activity in library() if activity.name.casefold() in left},
    )
    return chooser.choose(Slot(kind, purposes, 1.0, kind), minutes, progress)


def _place(activity: Activity, minutes: int) -> Place:
    return Place(Slot(activity.type, activity.purposes, 1.0, activity.type), activity, minutes)


def _description(where: Place, brief: Brief, subject: str, place: int) -> str:
    if not brief.desired_outcome.strip():
        return where.activity.description
    prose = Prose(seed_of(brief), place % VARIANTS, phrases_of(brief), VARIANTS)
    return prose.description(where, subject, None)
