"""What other apps tell analytics about: datasets to export and metrics to show. Analytics imports none of them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from analytics.errors import UnknownDataset
from analytics.periods import Period


class Kind(StrEnum):
    """How a column is written. A formula can hide in text; code is ids and names of our own."""

    TEXT = "text"
    CODE = "code"
    NUMBER = "number"
    BOOLEAN = "boolean"
    TIME = "time"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an export: its wire name, the SQL that yields it, and what it means."""

    name: str
    kind: Kind
    sql: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """Rows people may export. `table` may be any FROM clause; `time` and `key` order the rows and never repeat.

    The `private` columns are only written to those who may see prompts and ask for them.
    `type_column` is what `?type=` filters by, where a dataset has types; `demo_column` says of a row whether it is
    demonstration data, where a dataset has any.
    """

    name: str
    title: str
    table: str
    time: str
    key: str
    columns: tuple[Column, ...]
    private: tuple[Column, ...] = ()
    type_column: str | None = None
    demo_column: str | None = None
    permission: str = "analytics.export_data"


@dataclass(frozen=True, slots=True)
class Figure:
    """A metric's value with the number of things it was taken from; None where there were too few."""

    value: Any
    n: int


Provider = Callable[[Period, bool, str | None], Mapping[str, Figure]]
Forgetter = Callable[[int], object]
OwnedIds = Callable[[int, Iterable[UUID]], set[UUID]]

_datasets: dict[str, Dataset] = {}
_providers: dict[str, dict[str, Provider]] = {}
_owners: dict[str, OwnedIds] = {}
_forgetters: dict[str, Forgetter] = {}


def register_dataset(dataset: Dataset) -> Dataset:
    """Make a dataset exportable; one of the same name is replaced."""
    _datasets[dataset.name] = dataset
    return dataset


def datasets() -> dict[str, Dataset]:
    """Return the datasets by name, sorted by name."""
    return dict(sorted(_datasets.items()))


def dataset(name: str) -> Dataset:
    """Return the dataset of that name. Raises UnknownDataset."""
    try:
        return _datasets[name]
    except KeyError:
        raise UnknownDataset(f"There is no dataset {name!r}; there are {', '.join(datasets())}.") from None


def register_metrics(group: str, name: str, provider: Provider) -> None:
    """Add figures to a group of metrics (`ai` or `builder`).

    `provider(period, demo, category)` returns them by wire name; a category of None means all.
    """
    _providers.setdefault(group, {})[name] = provider


def registered_metrics(
    group: str, period: Period, *, demo: bool = False, category: str | None = None
) -> dict[str, Figure]:
    """Ask every provider of a group and return all their figures."""
    figures: dict[str, Figure] = {}
    for provider in _providers.get(group, {}).values():
        figures.update(provider(period, demo, category))
    return figures


def register_owned(kind: str, owned: OwnedIds) -> None:
    """Say whose things are: `owned(user_id, ids)` returns those ids of a kind (`session`, …) the user has."""
    _owners[kind] = owned


def owned_ids(kind: str, user_id: int, ids: Iterable[UUID]) -> set[UUID]:
    """Return those ids that belong to the user; none while nobody has said how to tell."""
    wanted = set(ids)
    return _owners[kind](user_id, wanted) if wanted and kind in _owners else set()


def register_forgetter(name: str, forget: Forgetter) -> None:
    """Say how an app removes a person: `forget(user_id)` is called when somebody is to be forgotten."""
    _forgetters[name] = forget


def forgetters() -> list[Forgetter]:
    """Return what was registered to remove a person, in the order of the names."""
    return [_forgetters[name] for name in sorted(_forgetters)]


@dataclass(frozen=True, slots=True)
class Marker:
    """Something that was changed at a time, to be seen beside the numbers: one short sentence."""

    at: datetime
    text: str


MarkerProvider = Callable[[Period], Iterable[Marker]]
_markers: dict[str, MarkerProvider] = {}


def register_markers(name: str, provider: MarkerProvider) -> None:
    """Add changes to the charts by day: `provider(period)` returns those of the period."""
    _markers[name] = provider


def markers(period: Period) -> list[Marker]:
    """Return every registered change of the period, the oldest first."""
    return sorted((marker for provider in _markers.values() for marker in provider(period)), key=lambda one: one.at)
