"""The sentences that tie a library activity to the brief.

Placeholders hold phrases whose form is known: {topic}, {category} and {audience} are noun phrases for the inside of a
sentence, {problem} and {piece} are quotations of the author, {can} is a verb phrase in its base form.
"""

from __future__ import annotations

from collections.abc import Mapping

from sessions_builder.offline.activities import Bloom
from sessions_builder.pipeline.types import Arc, SectionType

_INPUT = (
    "Use {topic} as the thread from start to finish.",
    "The example is about {topic} and comes from the daily work of {audience}.",
    "It covers {topic} and shows what difference this can make in {category}.",
    "Pick out what matters most about {topic} and leave the rest to the handout.",
    "Afterwards everyone should be able to say in a single sentence what {topic} can change.",
    "Everything said here serves {topic}; side roads go to the question board.",
    "Begin with what the group already knows of {topic} and build on that.",
    "Show the hard side of {topic}, not the easy one.",
    "End with the one point about {topic} that can be used the same day.",
    "Keep {topic} concrete: names, sentences, numbers, no general advice.",
    "Say openly what is settled about {topic} and what depends on the case.",
    "Half of the time belongs to {topic}, the other half to what the listeners ask.",
)
_EXERCISE = (
    "Participants work on {topic} with a situation from their own week and note what they would change.",
    "The task is {topic}; every round ends with one observed strength and one next step.",
    "The cases come from daily work, and all of them turn on {topic}.",
    "Everyone leaves it with one usable result for {topic}, however rough.",
    "The subject is {topic}, at the level of difficulty people meet on an ordinary Tuesday.",
    "Keep the focus narrow: {topic}, and nothing else for the length of this part.",
    "It takes {topic} out of the handout and puts it into people's hands.",
    "Whoever finishes early adds a complication and tries {topic} again.",
    "Start with an easy case of {topic} and raise the difficulty only when it goes well.",
    "This is the place to get {topic} wrong without consequences, and then less wrong.",
    "Choose cases of {topic} that happened to {audience} in the past month.",
    "Watch for the moment when people find {topic} easier, and ask what they did just before.",
    "The second half repeats {topic} under a little more pressure: less time, a tougher case.",
    "Results on {topic} stay visible on the wall until the end.",
    "Each pair or group names somebody who gets to see its work on {topic} this week.",
    "Let people decide for themselves which part of {topic} needs the practice.",
)
_DISCUSSION = (
    "The question for the room: what gets in the way of {topic}, and what has worked anyway?",
    "Talk stays with {topic} and with what people have seen for themselves.",
    "It looks back at the work on {topic}: what helped, what surprised, what is still open.",
    "The aim is a shared view of {topic}, including the places where views differ.",
    "Two questions lead the talk: where is time spent on {topic} worth most, and who has to move first?",
    "Bring in those who are not in the room: how would {topic} look to them?",
    "It should end with three sentences about {topic} that nobody disputes.",
    "Ask for cases before opinions: when did {topic} last matter, and what happened then?",
    "Differences of opinion about {topic} are welcome and get written down side by side.",
    "The thread is {topic}; the harvest is a short list everybody can live with.",
)
_ASSESSMENT = (
    "It covers {topic} and clears up at once what is still shaky.",
    "The items come from {topic} and from the mistakes seen on the way.",
    "Nobody is graded; the result decides which part of {topic} gets another five minutes.",
    "Compare with the beginning: what about {topic} is easier now?",
    "It shows people, not the trainer, where they stand with {topic}.",
    "The work sets the standard: what would good enough look like in {topic}?",
)
_SPARK = (
    "It should show what changes for {audience} after success with {topic}.",
    "It leads to {topic} without naming it; let the room make the connection.",
    "Its turning point is {topic}, seen from the side of those who depend on it.",
    "One sentence afterwards is enough to bridge to {topic}.",
)
LINKS: Mapping[SectionType, tuple[str, ...]] = {
    SectionType.TOPIC: _INPUT,
    SectionType.PRESENTATION: _INPUT,
    SectionType.VIDEO: _INPUT,
    SectionType.INSPIRATION: _SPARK,
    SectionType.EXERCISE: _EXERCISE,
    SectionType.DISCUSSION: _DISCUSSION,
    SectionType.ASSESSMENT: _ASSESSMENT,
}
"""One sentence per section that ties its activity to its topic."""

OPENER_GOALS = (
    "Then put the outcome on the board: by the end, everyone can {can}.",
    "It leads straight to the goal of the session, which is to {can}.",
    "Before moving on, say what the time is for: to be able to {can}.",
    "Finish with the agenda and its purpose: to {can}.",
)
OPENER_GOALS_QUOTED = (
    "Then put the outcome on the board, word for word: {goal}.",
    "It leads straight to the goal of the session: {goal}.",
    "Before moving on, read the outcome aloud: {goal}.",
    "Finish with the agenda and the outcome it serves: {goal}.",
)
CLOSING_GOALS = (
    "The first step each person takes should bring them closer to the outcome, to {can}.",
    "Measure every plan by one question: does it help people to {can}?",
    "What is written down here has to work on a day when people really need to {can}.",
    "Ask for steps small enough to begin tomorrow and big enough to matter when people have to {can}.",
)
CLOSING_GOALS_QUOTED = (
    "The first step each person takes should lead towards the outcome: {piece}.",
    "Measure every plan by the words of the outcome: {piece}.",
    "Read the outcome once more, {piece}, and ask what each plan adds to it.",
    "Keep one phrase on the board while people write: {piece}.",
)
PIECES = (
    "Keep these words of the outcome in view: {piece}.",
    "Part of the outcome is at stake here: {piece}.",
    "Write on the board what counts in the end: {piece}.",
    "Ask now and then how this serves the outcome: {piece}.",
    "The yardstick comes from the outcome: {piece}.",
    "Halfway through, hold the work against the outcome: {piece}.",
)
PROBLEMS = (
    "The starting point is a complaint heard at work: {problem}.",
    "Come back to what people report: {problem}.",
    "Use it on the difficulty named beforehand, {problem}.",
    "Let the group say how this bears on a remark often heard: {problem}.",
    "Somebody is sure to say it, so say it first: {problem}.",
    "Ask whether the remark {problem} still sounds the same after this.",
)
QUOTES = (
    "From the material, {title}: {quote}",
    "The source {title} puts it this way: {quote}",
    "Build it on a sentence from {title}: {quote}",
    "In the words of {title}: {quote}",
    "The content comes from {title}: {quote}",
    "Have people test a claim from {title}: {quote}",
)

OBJECTIVES: Mapping[Bloom, tuple[str, ...]] = {
    Bloom.REMEMBER: (
        "Name the three points that matter most in {topic}, from memory",
        "List what belongs to {topic}, without looking at notes",
        "Identify at least two early signs of trouble with {topic}",
    ),
    Bloom.UNDERSTAND: (
        "Explain {topic} to a colleague in under two minutes",
        "Summarise {topic} in three sentences, without notes",
        "Describe what makes {topic} work, with one example from daily work",
        "Outline the main moves in {topic}, using a case of one's own",
        "Illustrate {topic} with two examples that differ from each other",
    ),
    Bloom.APPLY: (
        "Demonstrate {topic} in a realistic case, with feedback from a partner",
        "Practise {topic} in at least two rounds, with a different partner in each",
        "Apply what was shown about {topic} to one case from daily work",
        "Demonstrate {topic} under time pressure, within the minutes given",
        "Use {topic} in a case nobody has prepared, without notes",
    ),
    Bloom.ANALYZE: (
        "Diagnose what makes {topic} difficult, using a case from daily work",
        "Compare two approaches to {topic} against three criteria",
        "Prioritise the obstacles to {topic} within ten minutes",
        "Examine an example of {topic} and mark at least three decisions in it",
        "Trace one failure in {topic} back to its cause, given a real case",
    ),
    Bloom.EVALUATE: (
        "Assess an attempt at {topic} against four agreed criteria",
        "Judge which approach to {topic} fits, given two real situations",
        "Rate one's own progress in {topic} on a scale of 1 to 10, with a reason",
        "Recommend one change to the present practice of {topic}, with reasons",
        "Justify a choice about {topic} in a discussion with a sceptical colleague",
    ),
    Bloom.CREATE: (
        "Draft a one-page plan for {topic} that can be used within a week",
        "Write wording of one's own for {topic}, within five sentences",
        "Design a small test of {topic} for the coming week, with a date",
        "Develop two new ideas for {topic} that can be tried without a budget",
        "Compose a checklist for {topic} with at most seven points",
    ),
}
"""What people can do afterwards: a verb one can observe, the topic, and a condition or measure."""

GOAL_OBJECTIVES = (
    "{action} in a rehearsed case, with a partner watching for two criteria",
    "{action} in a case not seen before, without notes",
    "{action} in two rounds, with feedback in between",
    "{action} under realistic conditions, within the time given",
)
"""The same, straight from the outcome, where its verb is one that can be observed."""

ARC_TITLES: Mapping[Arc, str] = {
    Arc.STANDARD: "{topic}: the essentials and the practice",
    Arc.TELL_SHOW_DO: "{topic}: hear it, see it, do it",
    Arc.EXPERIENCE_REFLECT: "{topic}: learning from experience",
    Arc.STORY_FIRST: "{topic}: a story and what follows from it",
    Arc.SHORT_CYCLES: "{topic}: short rounds, many tries",
}
ARC_SUMMARIES: Mapping[Arc, str] = {
    Arc.STANDARD: "The group gets the essentials, works with them, talks them over and plans the first use.",
    Arc.TELL_SHOW_DO: "Each idea is explained briefly, shown on a real case and then tried with feedback.",
    Arc.EXPERIENCE_REFLECT: "The group tries first, looks at what happened, draws the concept out and applies it.",
    Arc.STORY_FIRST: "A story opens the subject; practice, talk and input each pick up a different thread of it.",
    Arc.SHORT_CYCLES: "Many short rounds, each with one idea, one try and one look back, slightly harder every time.",
}

ONLINE: Mapping[str, str] = {
    "plenary": "Online, collect answers in the chat and read several of them aloud.",
    "small_groups": "Online, open breakout rooms, put the task into the chat and visit each room once.",
    "pairs": "Online, use breakout rooms for two and announce the last minute in all of them.",
    "individual": "Online, say that cameras may be off while people write, and give the time of return.",
}
ODD_PAIRS = "With an odd number of people, one group of three works alongside the pairs."
ALONE = "With a single participant, the trainer is the partner."
GROUPS = "With {people} people, form {groups} groups of {size}."
EVERYTHING = "everything covered so far"
OTHER_LANGUAGE = "The draft is written in English; translate it before use."
