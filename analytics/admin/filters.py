"""Filters of the lists in the admin."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import RangeDateTimeFilter


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
