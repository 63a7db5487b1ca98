"""The strip in files is the strip of the pages."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

from sessions_builder.exports.strip import COLOURS, GLYPHS, ticks
from sessions_builder.pipeline.types import SectionType
from tests.sessions_builder.exports.examples import handover, outline, section

TOKENS = (Path(__file__).parents[3] / "static/css/tokens.css").read_text(encoding="utf-8")


def srgb(lightness: float, chroma: float, hue: float) -> str:
    """An oklch() colour as six hexadecimal digits (Ottosson's matrices)."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    return "".join(f"{round(255 * (1.055 * value ** (1 / 2.4) - 0.055)):02X}" for value in linear)


@pytest.mark.parametrize("kind", list(SectionType))
def test_colours_and_glyphs_are_those_of_the_pages(kind: SectionType) -> None:
    token = re.search(rf"--type-{kind}: oklch\(([\d.]+) ([\d.]+) (\d+)\)", TOKENS)
    assert token is not None
    assert srgb(*map(float, token.groups())) == COLOURS[kind]
    assert f'<symbol id="{kind}"' in GLYPHS.read_text(encoding="utf-8")


def test_times_are_written_where_there_is_room() -> None:
    plan = outline(*(section(SectionType.TOPIC, str(minutes), minutes) for minutes in (2, 2, 40, 42, 4)))
    document = handover(outline=plan)
    assert [shown.begins for shown in ticks(document.sections, document.minutes)] == [0, 44]
