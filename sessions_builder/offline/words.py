"""Words the composer has to know to put an author's phrases into sentences without breaking them."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


CLEAR_VERBS = _words(
    """
    accept achieve acknowledge acquire adapt adjust admit adopt advise agree align allocate allow analyse analyze
    apologise apologize apply appreciate argue arrange ask assemble assess assign attract avoid be become begin
    behave believe bring build calculate carry categorise categorize celebrate choose clarify classify collect
    combine communicate compare compile compose conclude conduct configure confirm connect consider construct
    continue contribute convert convince cooperate create decide declare defend define delegate deliver demonstrate
    describe detect determine develop diagnose differentiate discover discuss distinguish distribute earn educate
    eliminate embed employ encourage engage enrol ensure establish evaluate examine execute expand explain explore
    express facilitate feel find formulate foster fulfil gain gather generate get give grow handle hear hold
    identify illustrate imagine implement improve include incorporate increase inform innovate inspire install
    instruct integrate interpret introduce invest investigate invite involve justify keep know learn listen locate
    maintain make manage mediate meet memorise memorize motivate negotiate observe obtain onboard operate organise
    organize overcome perform persuade practise prepare prevent prioritise prioritize produce promote propose
    protect prove provide qualify reach react read recall receive recognise recognize recommend reconcile recruit
    reduce reflect reinforce relate remain remember remind renew resolve respond retain retrieve say schedule see
    select sell send set simplify solve speak specify stay strengthen submit suggest summarise summarize take teach
    tell think translate treat try understand use utilise utilize verify visualise visualize write
    """
)
"""Base forms that are hardly ever nouns: at the start of a phrase they make it a verb phrase."""

UNCLEAR_VERBS = _words(
    """
    access act address answer approach attend audit balance benefit book bridge brief budget call calm care change
    channel check close coach commit complete contact control correct cover curate debate design direct document
    draft drive end estimate exchange experience feedback feel file filter finance focus follow forecast frame fund
    group guide help host impact influence interview issue judge lead leverage link list map market master match
    measure mentor model moderate monitor name network offer open outline own pace pitch place plan point position
    practice present process profile project prospect question raise rank rate record refer reframe reply report
    request research review reward risk role root run sample score screen script search secure sequence shape share
    show sketch sort source speed stand start state stop structure support survey talk target task test time trace
    track train trust turn upsell value view voice walk win work
    """
)
"""Base forms that are just as often nouns: verbs only before a word that opens a noun phrase."""

NOUN_OPENERS = _words(
    """
    a all an any at better both clear clients colleagues constructive customers daily difficult each effective eight
    either employees every fewer fifteen five four good her his its less monthly more my new nine no on one others
    our own people professional regular seven six some successful ten that the their these thirty this those three
    through to twelve twenty two up weekly with your
    """
)
"""Words after which an unclear base form was a verb."""

DOUBLING = _words(
    """
    begin chat commit control cut drop get let log map plan prefer put refer run set ship skip spot step stop submit
    swap tap trim win wrap
    """
)
"""Verbs that double their last letter before -ing."""

PARTICLES = _words("up out down off on over through back in away together forward along")

PEOPLE = _words(
    """
    advisers advisors agents analysts applicants apprentices assistants attendees beginners brokers carers chairs
    coaches colleagues consultants coordinators delegates developers directors employees engineers everybody
    everyone executives experts facilitators freelancers graduates heads hires hosts interns interviewers leaders
    leads learners lecturers managers members mentees mentors newcomers nurses officers owners participants partners
    people planners practitioners professionals recruiters representatives reps salespeople sellers specialists
    staff starters students supervisors teachers teams trainees trainers underwriters users volunteers workers
    """
)
"""Plural words for people: before a base form they are its subject."""

COMMON = _words(
    """
    a account active adult advisers advisors agenda agent agents all an analysts annual answering any anyone
    appointment apprentices asking assertive attention audience back basic basics beginners better body both
    brainstorming breakout building business buying call calling calls candidate career case cases cash change
    checklist choosing claims clear client clients closing coaching cold collaboration collaborative colleagues
    common communication competitor compliance conflict constructive consultants contract conversation conversations
    cost creating crisis critical cross-selling culture customer customers daily data deadlines dealing decision
    decisions delegating delegation designing development difficult digital directors discovery discussion diversity
    each early effective elevator email emotional emotions empathy employee employees employer energy engineers
    ethics every everybody everyone executives expectations experience experienced experts facilitation fact fair
    family fast fears feedback fees financial finding first first-time follow-up follow-ups framing general getting
    giving goal goals good graduates group groups growth guiding habits handling hard heads health hidden high
    hiring how hybrid ideas improving inclusion income individual induction influence information initial insurance
    interest interns interview interviewing interviews investment investments involving job junior key knowledge
    large lead leaders leadership leading leads learning legal licence licensing life line listening long long-term
    making management manager managers managing mapping market marketing measures measuring meeting meetings mental
    mentoring middle mistakes money more most motivation multi-generational needs negotiating negotiation new
    newcomers newly next non-verbal note nurses objection objections objectives officers onboarding one one-to-one
    one-to-ones online open opening openings orientation our participants partners pension people performance
    personal phone phrasing pipeline pitch pitching planning policies policy portfolio positive practical practice
    preparing presentation presenting pricing priorities prioritising problem problem-solving procedures process
    product products professional professionals progress project projects proposal prospecting psychological public
    quality question questioning questions rapport reading recruiters recruiting referral referrals reflective
    regular regulations relationship relationships remote reporting representatives requirements research resilience
    resistance resolution responding responsibility retention retirement return review reviews risk risks role roles
    running safe safety sales salespeople saving savings script self-management sellers selling senior service
    setting shared shift short simple skills small smart social social-media solution solving some speaking
    specialists staff stakeholder stakeholders standards start steps storytelling strategic strategy stress
    structure structured students summary supervisors teachers team team-building teams teamwork technical telephone
    test the these those time tools topic tough trainees trainers training transition trust two types typical
    unconscious understanding upselling user using value values verbal virtual vision visual volunteers warm weekly
    wellbeing what when where who why winning work working workload workplace writing written young your
    """
)
"""Everyday words that lose their capital inside a sentence; a word that is not here keeps the author's spelling."""

BOUNDARIES = _words(
    """
    across after among and at because before between but by during for from if in inside instead into on or over per
    so that through throughout towards under until using via when whenever where which while who with within without
    """
)
"""Words a phrase can be cut before."""

INVISIBLE_VERBS = _words(
    """
    accept achieve acquire appreciate avoid be become believe calm consider discover enjoy ensure experience explore
    feel gain grow imagine improve increase keep know learn realise realize reduce reflect remain stay strengthen think
    understand
    """
)
"""Verbs whose doing nobody can watch: such an outcome is not made an objective as it stands."""

EMPTY = _words(
    """
    able about after again all also always and another any are back because been before being best better both but
    can case clear clearly come comes coming could day days did does doing during each every everybody everyone few
    fewer find first for from gave get gets getting give given gives giving good group groups had handle handles
    handling has have help helped helpful helping helps her his hour hours how into its just keep keeps kept know
    known knows last less like made make makes making many may member members minute minutes month monthly months
    more most much must need needs never new next not nothing now often once one ones only other others our out over
    own part parts people per person put right said same say says see should show shows some somebody someone still
    such take taken takes taking team teams than that the their them then there these they thing things this those
    through three two four five six seven eight nine ten eleven twelve too under until use used uses using very want
    wants was way ways week weekly weeks well went were what when where which while who will with within without work
    worked working works would year yearly years yet you your
    """
)
"""Words two sentences may share without sharing a subject."""

LOOSE_ENDS = _words(
    "a an and as at by every for from her his in is it its my of on or our so that the their this to with your"
)
"""Words a quoted piece does not end with."""
