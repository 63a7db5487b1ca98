"""Three outlines for one brief, to which the quality score was calibrated: a poor, a typical and a careful one."""

from __future__ import annotations

from sessions_builder.pipeline.types import Outline, Section, SectionType, Step
from tests.sessions_builder.pipeline.builders import a_brief

BRIEF = a_brief()

POOR = Outline(
    "Prospecting",
    "",
    "",
    (
        Section(SectionType.OPENER, "Welcome", 30, "Everybody says hello."),
        Section(
            SectionType.TOPIC,
            "Key concepts",
            40,
            "Understand key concepts and best practices of prospecting in an engaging and interactive way.",
            ("Understand prospecting",),
        ),
        Section(SectionType.TOPIC, "More on it", 20, "Explore various techniques.", ("Learn about calls",)),
        Section(SectionType.CLOSING, "Wrap-up", 10, "Questions."),
    ),
)

TYPICAL = Outline(
    "From cold to booked",
    "Advisors get to know a phone script.",
    "beginner",
    (
        Section(
            SectionType.OPENER, "Welcome and mindset", 15, "Set the tone and ask what makes advisors put off calling."
        ),
        Section(
            SectionType.TOPIC,
            "The call opening",
            30,
            "Walk through the phone script, show a good and a weak call opening, and compare what each of them does.",
            ("Understand why the first ten seconds count",),
        ),
        Section(
            SectionType.EXERCISE,
            "Role play on objections",
            30,
            "In groups of three, advisors take turns at objection handling while one of them watches and comments.",
            ("Respond to common objections",),
        ),
        Section(SectionType.CLOSING, "Summary", 15, "Sum up the most important points and answer what is still open."),
    ),
)

CAREFUL = Outline(
    "Five calls, five appointments",
    "Advisors write, test and sharpen a short phone script until it books appointments.",
    "beginner",
    (
        Section(
            SectionType.OPENER,
            "The call nobody wants to make",
            10,
            "A recorded call with a painful silence opens the room: everybody guesses what the client thought, then "
            "tells a partner of a call of their own that went wrong. The outcome for today goes on the wall.",
            purposes=("hook", "objectives", "recall"),
            activity="Opening puzzle",
            mode="plenary",
            steps=(Step("Play the recording and collect guesses", 4), Step("Tell a partner about a call", 6)),
            materials=("Recording",),
            facilitator_note="Stop the recording before the client hangs up; silence does the work here.",
            prompts=("What did the client hear?",),
        ),
        Section(
            SectionType.PRESENTATION,
            "Anatomy of a call opening",
            15,
            "Four lines of a phone script are taken apart: greeting, reason, question, appointment. After each line "
            "the listeners note how they would say it themselves.",
            ("Explain the four lines of a call opening in your own words",),
            ("input",),
            "Mini-lecture with pauses",
            "individual",
            (Step("Show two openings", 5), Step("Take the lines apart", 6), Step("Note your own wording", 4)),
            ("Script card",),
            "Keep to four lines; details about products belong into the appointment, not the call.",
            ("Which line would you drop first?",),
        ),
        Section(
            SectionType.EXERCISE,
            "Write it short, say it aloud",
            20,
            "Pairs draft a script for one real prospect, read it aloud and cut half of the words, until booking the "
            "appointment fits into twenty seconds.",
            ("Draft a short script for one prospect within twenty seconds",),
            ("practice",),
            "Script workshop",
            "pairs",
            (Step("Draft", 8), Step("Read aloud and cut", 8), Step("Compare with another pair", 4)),
            ("Paper", "Timer"),
            "Walk around with a timer and let every pair say its script once while you listen.",
            ("Which word did you not miss?",),
        ),
        Section(
            SectionType.EXERCISE,
            "Objections in threes",
            25,
            "In threes, one advisor calls, one avoids and objects, one observes with a checklist. After two minutes "
            "they swap, so that confidence comes from repeated objection handling and from feedback on one strength.",
            ("Respond to three objections using acknowledge, ask, offer",),
            ("practice", "feedback"),
            "Role play in triads",
            "small_groups",
            (Step("Brief the three roles", 3), Step("Three rounds of calls", 16), Step("Debrief on the checklist", 6)),
            ("Checklist",),
            "Cut rounds off at two minutes even when they go well; variety matters more than endings.",
            ("What did the observer hear change?",),
        ),
        Section(
            SectionType.ASSESSMENT,
            "Live check with a referral request",
            10,
            "Each advisor calls a colleague in the next room, books an appointment and closes with a referral request; "
            "the colleague rates the call against four criteria, and the qualified ones count towards the week.",
            ("Assess a call and its referral request against four criteria",),
            ("check", "feedback"),
            "Peer observation checklist",
            "pairs",
            (Step("Call and book", 5), Step("Rate the call", 3), Step("Name one next step", 2)),
            ("Rating sheet",),
            "Use a real phone from another room, because eye contact makes this too easy.",
            ("Would you have said yes?",),
        ),
        Section(
            SectionType.CLOSING,
            "Five names for next week",
            10,
            "Everybody writes five names and a calling hour into the calendar, says the first name aloud and agrees "
            "with a partner when to report how many appointments were booked.",
            purposes=("transfer",),
            activity="Commitment partners",
            mode="pairs",
            steps=(Step("Write five names", 4), Step("Agree on a date to report", 6)),
            materials=("Calendar",),
            facilitator_note="Nobody leaves without a name and an hour; stand at the door if you have to.",
            prompts=("Whom do you call first?",),
        ),
    ),
)
