"""Variables that are applied once per value, and that let the admin win in between."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from featureflags import services
from featureflags.environment import holding_setting
from featureflags.models import Flag, FlagChange, Source

V2 = "variant_generation_v2"
pytestmark = pytest.mark.django_db


def start(settings: object, enable: bool | None, percentage: float | None) -> tuple[bool, float, int]:
    """A process starts with these variables; return what the flag is then."""
    settings.ENABLE_VARIANT_GENERATION_V2 = enable
    settings.VARIANT_GENERATION_ROLLOUT_PERCENTAGE = percentage
    services.apply_environment()
    flag = Flag.objects.get(key=V2)
    return flag.enabled, flag.percentage, flag.revision


def test_it_works(settings: object) -> None:
    assert start(settings, True, 10) == (True, 10, 2)
    row = FlagChange.objects.first()
    assert row.source == "environment"
    assert row.reason == (
        "Set by the environment: ENABLE_VARIANT_GENERATION_V2=true, VARIANT_GENERATION_ROLLOUT_PERCENTAGE=10"
    )


def test_the_four_phases_of_the_guide(settings: object) -> None:
    states = [start(settings, True, percentage) for percentage in (0, 10, 50, 100)]
    assert states == [(True, 0, 2), (True, 10, 3), (True, 50, 4), (True, 100, 5)]


def test_unset_leaves_the_admin_alone(settings: object) -> None:
    assert start(settings, None, None) == (False, 0, 1)
    assert FlagChange.objects.filter(source="environment").count() == 0


def test_every_further_process_applies_nothing(settings: object) -> None:
    start(settings, True, 10)
    assert start(settings, True, 10) == (True, 10, 2)


def test_an_edit_in_the_admin_stands_until_the_variable_changes(settings: object) -> None:
    start(settings, True, 10)
    services.change_flag(V2, source=Source.ADMIN, reason="more", percentage=50)
    assert start(settings, True, 10) == (True, 50, 3)
    assert start(settings, True, 20) == (True, 20, 4)


def test_a_process_without_the_variables_does_not_make_the_next_one_apply_them_again(settings: object) -> None:
    start(settings, True, 10)
    services.change_flag(V2, source=Source.ADMIN, reason="more", percentage=50)
    start(settings, None, None)
    assert start(settings, True, 10) == (True, 50, 3)


def test_a_value_the_flag_has_already_is_remembered_without_a_change(settings: object) -> None:
    assert start(settings, False, 0) == (False, 0, 1)
    services.change_flag(V2, source=Source.ADMIN, reason="go", enabled=True)
    assert start(settings, False, 0) == (True, 0, 2)


def test_too_fine_a_percentage_stops_the_start(settings: object) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"VARIANT_GENERATION_ROLLOUT_PERCENTAGE: 12\.345"):
        start(settings, True, 12.345)


@pytest.mark.parametrize(
    ("key", "setting", "value", "held_by"),
    [
        (V2, "ENABLE_VARIANT_GENERATION_V2", False, "ENABLE_VARIANT_GENERATION_V2=false"),
        (V2, "VARIANT_GENERATION_ROLLOUT_PERCENTAGE", 0, "VARIANT_GENERATION_ROLLOUT_PERCENTAGE=0"),
        (V2, "VARIANT_GENERATION_ROLLOUT_PERCENTAGE", 5, ""),
        ("rag_integration", "RAG_API_URL", "", "RAG_API_URL="),
        ("variant_selection_logging", "LOG_VARIANT_SELECTIONS", False, "LOG_VARIANT_SELECTIONS=false"),
        ("offline_composer", "LOG_VARIANT_SELECTIONS", False, ""),
    ],
)
def test_what_holds_a_flag_is_named(key: str, setting: str, value: object, held_by: str, settings: object) -> None:
    setattr(settings, setting, value)
    assert holding_setting(key) == held_by
