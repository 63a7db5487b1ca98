"""Flags in templates."""

import pytest
from django.template import Context, Template, TemplateSyntaxError

from featureflags.testing import override_flag


@pytest.mark.parametrize(("enabled", "expected"), [(True, "four"), (False, "one")])
def test_it_works(enabled: bool, expected: str) -> None:
    template = Template('{% load flags %}{% flag "x" %}four{% else %}one{% endflag %}')
    with override_flag("x", enabled):
        assert template.render(Context({})) == expected


def test_without_an_else() -> None:
    template = Template('{% load flags %}{% flag "x" %}four{% endflag %}')
    with override_flag("x", False):
        assert template.render(Context({})) == ""


def test_the_answer_under_a_name() -> None:
    template = Template("{% load flags %}{% flag key as multi %}{% if multi %}four{% endif %}")
    with override_flag("x", True):
        assert template.render(Context({"key": "x"})) == "four"


def test_asks_for_the_user_of_the_page(author: object) -> None:
    template = Template('{% load flags %}{% flag "offline_composer" %}on{% endflag %}')
    assert template.render(Context({"user": author})) == "on"


@pytest.mark.parametrize("tag", ["{% flag %}", '{% flag "x" as %}', '{% flag "x" or "y" %}'])
def test_misspelt(tag: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        Template("{% load flags %}" + tag)
