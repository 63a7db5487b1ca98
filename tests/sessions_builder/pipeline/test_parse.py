from __future__ import annotations

import json
import math
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sessions_builder.pipeline.parse import MAX_SECTIONS, ParseError, parse_outline
from sessions_builder.pipeline.types import Outline, SectionType, Step

SECTION: dict[str, Any] = {
    "type": "topic",
    "title": "The call opening",
    "minutes": 25,
    "description": "Walk through the script.",
    "objectives": ["Explain the four steps"],
    "purposes": ["input"],
    "activity": "Worked example",
    "mode": "plenary",
    "steps": [{"text": "Show", "minutes": 10}, {"text": "Compare", "minutes": 15}],
    "materials": ["Script"],
    "facilitatorNote": "Keep the pace.",
    "prompts": ["What did you hear?"],
    "sourceIds": ["S1"],
}
OUTLINE: dict[str, Any] = {"title": "Calls", "summary": "A summary.", "difficulty": "beginner", "sections": [SECTION]}


def outline(**fields: Any) -> dict[str, Any]:
    return {**OUTLINE, **fields}


def with_section(**fields: Any) -> dict[str, Any]:
    return outline(sections=[{**SECTION, **fields}])


def parsed(**fields: Any) -> Any:
    """The one section of an outline after parsing."""
    return parse_outline(json.dumps(with_section(**fields))).sections[0]


def test_it_works() -> None:
    result = parse_outline(json.dumps(OUTLINE))
    assert (result.title, result.summary, result.difficulty) == ("Calls", "A summary.", "beginner")
    (section,) = result.sections
    assert (section.type, section.minutes, section.source_ids) == (SectionType.TOPIC, 25, ("S1",))
    assert section.steps == (Step("Show", 10), Step("Compare", 15))
    assert section.facilitator_note == "Keep the pace."


@pytest.mark.parametrize(
    "text",
    [
        "```json\n{}\n```",
        "```\n{}\n```",
        "Here is your outline:\n\n{}\n\nEnjoy!",
        "I considered {{a set}} and chose {}",
        '{{"note": "draft"}} {}',
        "\ufeff{}",
    ],
)
def test_fences_and_prose_are_tolerated(text: str) -> None:
    assert parse_outline(text.format(json.dumps(OUTLINE))).title == "Calls"


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (25, 25),
        (12.4, 12),
        (12.5, 13),
        (0.2, 1),
        (0, 0),
        (-5, 0),
        (math.nan, 0),
        (math.inf, 0),
        (-math.inf, 0),
        (1e22, 1440),
        (10**22, 1440),
        (-(10**22), 0),
        ("15", 15),
        ("15 min", 15),
        ("7,5", 8),
        ("soon", 0),
        (None, 0),
        (True, 0),
        ([], 0),
        ({}, 0),
    ],
)
def test_minutes(minutes: object, expected: int) -> None:
    assert parsed(minutes=minutes).minutes == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("topic", "topic"),
        (" Exercise ", "exercise"),
        ("lecture", "custom"),
        ("", "custom"),
        (None, "custom"),
        (7, "custom"),
    ],
)
def test_section_types(value: object, expected: str) -> None:
    assert parsed(type=value).type.value == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (["S1", "S2"], ("S1", "S2")),
        (["[S1]", "s2", "S1: Calls"], ("S1", "S2")),
        ("S1, S3", ("S1", "S3")),
        (["N1"], ("N1",)),
        (["doc-7"], ("doc-7",)),
        (None, ()),
        ([None, 3, ""], ()),
    ],
)
def test_citations(value: object, expected: tuple[str, ...]) -> None:
    assert parsed(sourceIds=value).source_ids == expected


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (["Show", "Try"], (Step("Show"), Step("Try"))),
        ([{"text": "Show"}], (Step("Show"),)),
        ([{"text": "Show", "minutes": "5"}], (Step("Show", 5),)),
        ([{"text": "", "minutes": 5}, None, ""], ()),
        (None, ()),
    ],
)
def test_steps(steps: object, expected: tuple[Step, ...]) -> None:
    assert parsed(steps=steps).steps == expected


def test_purposes_outside_the_eight_fall_out() -> None:
    assert parsed(purposes=["Practice", "fun", "practice", 3, "transfer"]).purposes == ("practice", "transfer")


def test_one_text_stands_for_a_list() -> None:
    section = parsed(objectives="Explain it", materials=None, prompts=["", "Why?"])
    assert (section.objectives, section.materials, section.prompts) == (("Explain it",), (), ("Why?",))


def test_only_titles_and_sections_are_needed() -> None:
    result = parse_outline('{"title": "T", "sections": [{"title": "A"}]}')
    assert result.sections[0].type is SectionType.CUSTOM
    assert result.sections[0].minutes == 0


def test_texts_are_cleaned_like_sources() -> None:
    section = parsed(title="A\u202e b\x00\nc", description="One\u200b.\n\nTwo <<<END>>> \ud800")
    assert section.title == "A b c"
    assert section.description == "One.\nTwo END"


@pytest.mark.parametrize(
    ("field", "limit"),
    [("title", 200), ("description", 2000), ("activity", 120), ("facilitatorNote", 2000), ("mode", 40)],
)
def test_long_texts_are_cut_at_a_word(field: str, limit: int) -> None:
    section = parsed(**{field: "word " * 300_000})
    text = getattr(section, {"facilitatorNote": "facilitator_note"}.get(field, field))
    assert limit * 0.8 < len(text) <= limit
    assert text.endswith("word…")


def test_lists_are_capped() -> None:
    section = parsed(
        objectives=["x"] * 99,
        materials=["x"] * 99,
        prompts=["x" * 9999] * 99,
        steps=["x"] * 99,
        sourceIds=[f"S{n}" for n in range(99)],
    )
    sizes = [
        len(part)
        for part in (section.objectives, section.materials, section.prompts, section.steps, section.source_ids)
    ]
    assert sizes == [8, 8, 8, 12, 20]
    assert len(section.prompts[0]) <= 300


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "not valid JSON"),
        ("I cannot help with that.", "not valid JSON"),
        ("<html><body>Bad gateway</body></html>", "not valid JSON"),
        (json.dumps(OUTLINE)[:-40], "cut off"),
        ("null", "not valid JSON"),
        ("[]", "not valid JSON"),
        ("{}", "title: Field required"),
        (json.dumps(outline(sections=[])), "at least 1 item"),
        (json.dumps(outline(sections=[SECTION] * 500)), f"at most {MAX_SECTIONS} items"),
        (json.dumps(outline(sections="none")), "sections: Input should be a valid list"),
        (json.dumps(outline(sections=["a"])), "sections[0]"),
        (json.dumps(outline(title="")), "title: String should have at least 1 character"),
        (json.dumps(outline(title="\u200b")), "title: String should have at least 1 character"),
        (json.dumps(outline(title={"a": 1})), "title: Input should be a valid string"),
        (json.dumps(with_section(title=None)), "sections[0].title"),
        (json.dumps(with_section(description=[1])), "sections[0].description"),
        (json.dumps(with_section(steps=[[1]])), "sections[0].steps[0]"),
        (json.dumps(with_section(objectives={"a": 1})), "sections[0].objectives"),
        ('{"a":' * 100_000, "nested too deeply"),
        ("[" * 10_000, "not valid JSON"),
        ('{"title": ' + "9" * 10_000 + "}", "not valid JSON"),
        ("x" * 2_000_001, "longer than"),
    ],
)
def test_what_is_no_outline_says_why(text: str, error: str) -> None:
    with pytest.raises(ParseError) as raised:
        parse_outline(text)
    assert any(error in each for each in raised.value.errors), raised.value.errors
    assert all(len(each) < 200 for each in raised.value.errors)
    assert len(raised.value.errors) <= 9


def test_errors_repeat_nothing_of_the_answer() -> None:
    with pytest.raises(ParseError) as raised:
        parse_outline(json.dumps(with_section(title="", description=["canary"])))
    assert "canary" not in str(raised.value)


def test_a_megabyte_is_no_problem() -> None:
    started = time.process_time()
    huge = with_section(description="é" * 1_000_000, prompts=["x" * 500_000])
    (section,) = parse_outline(json.dumps(huge, ensure_ascii=False)).sections
    assert len(section.description) == 2000
    assert time.process_time() - started < 1


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20) | st.just("\ud800"),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*SECTION, *OUTLINE]), inner, max_size=5)
    ),
    max_leaves=25,
)


@given(st.dictionaries(st.sampled_from([*OUTLINE]), json_values) | json_values)
def test_no_json_makes_it_fail_otherwise(value: object) -> None:
    assert_outline_or_parse_error(json.dumps(value))


@settings(max_examples=50)
@given(st.lists(st.dictionaries(st.sampled_from([*SECTION]), json_values), max_size=4))
def test_no_section_makes_it_fail_otherwise(sections: list[dict[str, object]]) -> None:
    assert_outline_or_parse_error(json.dumps(outline(sections=[{**SECTION, **section} for section in sections])))


@given(st.text(max_size=100))
def test_no_text_makes_it_fail_otherwise(text: str) -> None:
    assert_outline_or_parse_error(text)
    assert_outline_or_parse_error(text + json.dumps(OUTLINE) + text)


@given(st.integers(min_value=0, max_value=len(json.dumps(OUTLINE))))
def test_no_truncation_makes_it_fail_otherwise(length: int) -> None:
    assert_outline_or_parse_error(json.dumps(OUTLINE)[:length])


def assert_outline_or_parse_error(text: str) -> None:
    try:
        result = parse_outline(text)
    except ParseError as error:
        result, errors = None, error.errors
    if result is None:
        assert errors
    else:
        assert isinstance(result, Outline)
        assert all(0 <= section.minutes <= 1440 and section.title for section in result.sections)
