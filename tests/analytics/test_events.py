from dataclasses import dataclass
from typing import Any, ClassVar

import pytest

from analytics import events, models
from analytics.errors import InvalidEvent, UnknownEventType
from tests.analytics.samples import KitchenOpened, MealServed


def test_it_works() -> None:
    event = MealServed(variant_mode="legacy", processing_time=1200, dish_names=["soup"])

    assert event.metadata() == {
        "variantMode": "legacy",
        "processingTime": 1200,
        "averageSimilarity": None,
        "dishNames": ["soup"],
    }
    assert event.columns() == {"mode": "legacy", "processing_ms": 1200, "similarity": None, "writer": "model"}


def test_an_event_comes_back_from_the_wire() -> None:
    event = MealServed.from_wire({"variantMode": "legacy", "processingTime": 5, "writer": "offline"})

    assert event == MealServed(variant_mode="legacy", processing_time=5, writer="offline")


@pytest.mark.parametrize(
    "metadata",
    [
        {},
        {"variantMode": "legacy"},
        {"variantMode": "other", "processingTime": 5},
        {"variantMode": "legacy", "processingTime": "5"},
        {"variantMode": "legacy", "processingTime": True},
        {"variantMode": "legacy", "processingTime": 5, "unknown": 1},
        {"variant_mode": "legacy", "processing_time": 5},
        {"variantMode": "legacy", "processingTime": 5, "averageSimilarity": float("nan")},
        {"variantMode": "legacy", "processingTime": 5, "dishNames": ["x" * 501]},
    ],
)
def test_metadata_that_does_not_fit_is_refused(metadata: dict[str, Any]) -> None:
    with pytest.raises(InvalidEvent):
        MealServed.from_wire(metadata)


@pytest.mark.parametrize(
    "event",
    [
        MealServed(variant_mode="breakfast", processing_time=1),  # type: ignore[arg-type]
        MealServed(variant_mode="legacy", processing_time=1, dish_names=["\x00"]),
        MealServed(variant_mode="legacy", processing_time=1, dish_names=["\ud800"]),
        MealServed(variant_mode="legacy", processing_time=1, dish_names=["x" * 400] * 30),
    ],
)
def test_a_server_event_is_checked_when_it_is_written(event: MealServed) -> None:
    with pytest.raises(InvalidEvent):
        event.metadata()


def test_the_message_names_the_field_and_never_the_value() -> None:
    with pytest.raises(InvalidEvent) as caught:
        MealServed.from_wire({"variantMode": "legacy", "processingTime": "canary"})

    assert "processingTime" in str(caught.value)
    assert "canary" not in str(caught.value)


def test_types_are_found_by_name() -> None:
    assert events.event_type("meal_served") is MealServed
    assert list(events.event_types()) == ["kitchen_opened", "meal_served"]
    with pytest.raises(UnknownEventType):
        events.event_type("meal_stolen")


def test_a_name_is_taken_once() -> None:
    assert events.register(KitchenOpened) is KitchenOpened

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Other(events.Event):
        type: ClassVar[str] = "kitchen_opened"

    with pytest.raises(ValueError, match="twice"):
        events.register(Other)


def test_a_field_cannot_go_to_a_column_that_is_not_there() -> None:
    with pytest.raises(ValueError, match="no column"):
        events.stored("colour")


def test_every_column_is_in_the_table() -> None:
    assert {field.name for field in models.Event._meta.fields} >= events.COLUMNS


@pytest.mark.parametrize(
    ("name", "wire"),
    [("processing_time", "processingTime"), ("rag_query_time", "ragQueryTime"), ("category", "category")],
)
def test_wire_names(name: str, wire: str) -> None:
    assert events.wire_name(name) == wire
