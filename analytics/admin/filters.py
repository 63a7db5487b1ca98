"""Filters of the lists in the admin."""

from collections.abc import Callable, Iterable
from copy import copy
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Field, QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import RangeDateTimeFilter

from analytics.experiment.arms import LEGACY, V2

MODES = ("multi_variant", "legacy", "legacy_fallback")
ARMS = (V2, LEGACY)


def one_of(values: Callable[[], Iterable[Any]]) -> type[admin.FieldListFilter]:
    """Return a filter by values that are known without reading every row for them, as Django would."""

    class KnownValuesFilter(admin.ChoicesFieldListFilter):
        def __init__(self, field: Field, *arguments: Any, **options: Any) -> None:
            known = copy(field)
            known.choices = [(value, str(value)) for value in values()]
            super().__init__(known, *arguments, **options)

    return KnownValuesFilter


class UtcRangeFilter(RangeDateTimeFilter):
    """From a second to a second of UTC, both included; without a time of day whole days."""

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet | None:
        try:
            start = self._moment("from", time.min)
            last = self._moment("to", time(23, 59, 59))
            after = None if last is None else last + timedelta(seconds=1)
        except (ValueError, OverflowError):
            return None
        if start is not None:
            queryset = queryset.filter(**{f"{self.parameter_name}__gte": start})
        if after is not None:
            queryset = queryset.filter(**{f"{self.parameter_name}__lt": after})
        return queryset

    def _moment(self, end: str, usual: time) -> datetime | None:
        """One end of the range. Raises ValueError for what is no date or time."""
        day = self._entered(f"{end}_0")
        if not day:
            return None
        of_day = self._entered(f"{end}_1")
        moment = time.fromisoformat(of_day) if of_day else usual
        return datetime.combine(date.fromisoformat(day), moment.replace(tzinfo=None), UTC)

    def _entered(self, part: str) -> str:
        value: Any = self.used_parameters.get(f"{self.parameter_name}_{part}")
        return str(value or "").strip()
