"""The editor's pure rules as tables, run where they run: clock times, minutes of steps, merging, comparing, undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sessions_builder.exports.words import TYPE_NAMES
from sessions_builder.views.readout import WHAT_IT_IS, what_it_is
from tests.browser.conftest import OpenPage

Rule = Callable[..., Any]

MOMENTS = (
    ("2027-01-15", "09:00", "Europe/Berlin", "2027-01-15T08:00:00Z"),
    ("2027-07-15", "09:00", "Europe/Berlin", "2027-07-15T07:00:00Z"),
    ("2027-03-28", "01:59", "Europe/Berlin", "2027-03-28T00:59:00Z"),
    ("2027-03-28", "02:30", "Europe/Berlin", "2027-03-28T01:30:00Z"),  # does not exist: the clock shows 03:30 then
    ("2027-03-28", "03:00", "Europe/Berlin", "2027-03-28T01:00:00Z"),
    ("2027-10-31", "02:30", "Europe/Berlin", "2027-10-31T00:30:00Z"),  # twice: the first of them
    ("2027-03-14", "03:00", "America/New_York", "2027-03-14T07:00:00Z"),
    ("2027-05-01", "00:15", "Asia/Kolkata", "2027-04-30T18:45:00Z"),
    ("2027-05-01", "23:45", "Pacific/Auckland", "2027-05-01T11:45:00Z"),
    ("2027-05-01", "12:00", "UTC", "2027-05-01T12:00:00Z"),
)
STEPS = (
    ([5, 10, 5], 40, [10, 20, 10]),
    ([5, 10, 5], 10, [3, 5, 2]),
    ([1, 1, 1], 10, [4, 3, 3]),
    ([1, 18, 1], 4, [1, 2, 1]),
    ([5, None, 5], 20, [10, None, 10]),
    ([None, None], 20, [None, None]),
    ([5, 5, 5], 2, [5, 5, 5]),  # fewer minutes than steps: they are left to the author
)
TEXTS = (
    ("one two three", "one two three", ["same"]),
    ("one two three", "one two four", ["same", "gone", "fresh"]),
    ("one two", "one and two", ["same", "fresh", "same"]),
    ("", "new words", ["fresh"]),
    ("old words", "", ["gone"]),
    ("the old way of doing it", "a new rule for the team", ["gone", "fresh"]),  # one shared word says nothing
    ("تدريب يبقى أثره", "تدريب يبقى طويلا", ["same", "gone", "fresh"]),
)


@pytest.fixture
def rule(open_page: OpenPage) -> Rule:
    """Return a function that runs code with a module of the editor, in a page of its own."""
    page = open_page(None)
    page.goto("/login/")

    def run(module: str, code: str, *given: Any) -> Any:
        load = f"const it = await import('/static/js/editor/{module}.js')"
        return page.evaluate(f"async (given) => {{ {load}; return ({code})(it, ...given); }}", list(given))

    return run


def plan_of(*sections: tuple[str, str], **fields: Any) -> dict[str, Any]:
    listed = [{"id": key, "title": title, "minutes": 10, "steps": []} for key, title in sections]
    return {"title": "T", **fields, "outline": {"summary": "", "sections": listed}}


def test_it_works(rule: Rule) -> None:
    """A date and a time of day are the moment clocks in the zone show them, also where clocks change."""
    code = "(it, rows) => rows.map(([date, time, zone]) => it.momentOf(date, time, zone))"
    assert rule("clock", code, MOMENTS) == [moment for *_, moment in MOMENTS]


CHANGES = (
    ("2027-03-28T00:30:00Z", "Europe/Berlin", 90, "01:30 CET", "03:00 CEST"),
    ("2027-03-28T00:30:00Z", "UTC", 90, "00:30", "01:00"),
    ("2027-03-27T00:30:00Z", "Europe/Berlin", 90, "01:30", "02:00"),
)


def test_times_have_their_zone_where_clocks_change(rule: Rule) -> None:
    code = """(it, rows) => rows.map(([startsAt, timeZone, durationMinutes]) => {
      const at = it.clockOf({startsAt, timeZone, durationMinutes});
      return [at(0), at(30)];
    })"""
    assert rule("clock", code, CHANGES) == [[first, second] for *_, first, second in CHANGES]


def test_kinds_are_called_the_same_on_pages_and_in_files(rule: Rule) -> None:
    code = "(it, types) => types.map((type) => it.typeName(type))"
    assert rule("../strip", code, list(TYPE_NAMES)) == list(TYPE_NAMES.values())


def test_origins_are_called_the_same_at_once_and_after_a_reload(rule: Rule) -> None:
    code = """(it, rows) => rows.map(([generationSource, variantNumber, cited]) =>
      it.whatSessionIs({generationSource: generationSource || null, variantNumber}, cited))"""
    rows = [(source, number, cited) for source in (*WHAT_IT_IS, "") for number in (None, 0, 2) for cited in (0, 1, 3)]
    assert rule("../words", code, rows) == [what_it_is(*row) for row in rows]


def test_points_that_are_not_full_never_read_as_full(rule: Rule) -> None:
    code = "(it, points) => points.map(it.inTenths)"
    assert rule("../quality-parts", code, [14, 13.999, 13.96, 9.3, 0.1 + 0.2]) == [14, 13.9, 13.9, 9.3, 0.3]


def test_steps_share_the_minutes_of_their_section(rule: Rule) -> None:
    code = """(it, rows) => rows.map(([steps, minutes]) => {
      const section = {id: "a", minutes: 1, steps: steps.map((each) => ({text: "x", minutes: each}))};
      const plan = it.withMinutes({outline: {sections: [section]}}, "a", minutes);
      return plan.outline.sections[0].steps.map((step) => step.minutes);
    })"""
    assert rule("plan", code, STEPS) == [expected for *_, expected in STEPS]


def test_texts_are_compared_by_word(rule: Rule) -> None:
    code = "(it, rows) => rows.map(([before, after]) => it.compareTexts(before, after).map((piece) => piece.kind))"
    assert rule("text-diff", code, TEXTS) == [kinds for *_, kinds in TEXTS]


def test_what_does_not_touch_is_put_together(rule: Rule) -> None:
    base = plan_of(("a", "A"), ("b", "B"), ("c", "C"))
    mine = plan_of(("a", "A mine"), ("b", "B"), ("x", "X"), ("c", "C"))
    theirs = plan_of(("c", "C"), ("a", "A"), ("y", "Y"), title="Theirs")
    code = (
        """(it, ...plans) => [it.differences(...plans).map((unit) => `${unit.key} ${unit.by}`), it.merged(...plans)]"""
    )
    units, plan = rule("merge", code, base, mine, theirs)
    assert sorted(units) == ["a mine", "b theirs", "order theirs", "title theirs", "x mine", "y theirs"]
    assert plan["title"] == "Theirs"
    assert [section["title"] for section in plan["outline"]["sections"]] == ["C", "A mine", "X", "Y"]


def test_what_both_changed_is_left_to_the_author(rule: Rule) -> None:
    base, mine, theirs = plan_of(("a", "A")), plan_of(("a", "Mine")), plan_of(title="Both")
    code = """(it, pick, ...plans) => [it.differences(...plans).map((unit) => `${unit.key} ${unit.by}`),
      it.merged(...plans, () => pick).outline.sections.map((section) => section.title)]"""
    assert rule("merge", code, "mine", base, mine, theirs) == [["title theirs", "a both"], ["Mine"]]
    assert rule("merge", code, "theirs", base, mine, theirs)[1] == []


def test_going_back_keeps_what_another_window_changed(rule: Rule) -> None:
    """After a merge the steps before it hold the others' part too, and steps that change nothing are gone."""
    first = plan_of(("a", "A"), ("b", "B"))
    second = plan_of(("a", "Mine"), ("b", "B"))
    third = plan_of(("a", "Mine"), ("b", "Mine too"))
    theirs = plan_of(("a", "Mine"), ("b", "Theirs"), title="Theirs")
    code = """(it, first, second, third, theirs) => {
      const hooks = {draw: () => {}, changed: () => {}, announce: () => {}};
      const desk = new it.Desk({...first, brief: {}}, hooks);
      desk.plan = first;
      for (const plan of [second, third]) desk.step(plan, "Change");
      desk.adopt({}, theirs, {base: third, theirs});
      const titles = () => [desk.plan.title, ...desk.plan.outline.sections.map((section) => section.title)];
      const seen = [titles()];
      for (const step of ["undo", "undo", "redo"]) seen.push((desk[step](), titles()));
      return [...seen, desk.history.canRedo];
    }"""
    now, back = ["Theirs", "Mine", "Theirs"], ["Theirs", "A", "Theirs"]
    assert rule("desk", code, first, second, third, theirs) == [now, back, back, now, False]


def test_lists_say_what_is_beyond_their_limits(rule: Rule) -> None:
    code = "(it, rows) => rows.map((lines) => it.excess(lines, 2, 5))"
    fits, many, long = rule("fields", code, [["12345", "🙂🙂🙂🙂🙂"], ["1", "2", "3"], ["1", "123456"]])
    assert fits == ""
    assert many.startswith("At most 2 lines fit, and these are 3.")
    assert long.startswith("Line 2 has more than 5 characters.")


def test_a_proposal_is_looked_for_until_it_is_there(rule: Rule) -> None:
    code = "(it) => [[0, true], [0, false], [200, true], [5000, false]].map((given) => it.untilLook(...given))"
    assert rule("rewriting", code) == [700, 3000, 10_000, 10_000]


def test_every_kept_idea_can_be_reached(rule: Rule) -> None:
    code = """async (it) => {
      const pages = {"/api/saved-ideas?limit=100": {results: [1, 2], nextCursor: "a+b"},
        "/api/saved-ideas?limit=100&cursor=a%2Bb": {results: [3], nextCursor: null}};
      globalThis.fetch = async (path) => new Response(JSON.stringify(pages[path]));
      return it.savedIdeas();
    }"""
    assert rule("ideas", code) == [1, 2, 3]


def test_typing_in_one_field_is_one_step_until_there_is_a_pause(rule: Rule) -> None:
    code = """(it) => {
      const history = new it.History();
      history.record("", "typing", "field", 0);
      history.record("a", "typing", "field", 500);
      history.record("ab", "typing", "field", 5000);
      history.record("abc", "other", "other", 5100);
      const back = [history.undo("abcd"), history.undo("abc"), history.undo("ab"), history.undo("")];
      return back.map((step) => step && step.plan);
    }"""
    assert rule("history", code) == ["abc", "ab", "", None]
