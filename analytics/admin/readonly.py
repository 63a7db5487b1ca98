from functools import cached_property, reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.contrib.admin import ShowFacets
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet, UUIDField
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.paginator import InfinitePaginator

COUNTED = 1_000


class LongListPaginator(InfinitePaginator):
    """Counts up to 1,000 rows. Longer lists have a next and a previous page, for counting them all would take long."""

    @cached_property
    def count(self) -> int:
        found: int = self.object_list.order_by()[: COUNTED + 1].count()
        return found if found <= COUNTED else super().count

    @property
    def template_name(self) -> str | None:
        return InfinitePaginator.template_name if self.count > COUNTED else None


class ReadOnlyAdmin(ModelAdmin):
    """Rows that tell what happened: they are read here, never written.

    Without filters a page costs the same however many there are.
    """

    paginator: type[Paginator] = LongListPaginator
    show_full_result_count = False
    show_facets = ShowFacets.NEVER

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """Look for ids as ids; Django would compare them as text, which no index helps with."""
        ids = [name for name in self.search_fields if isinstance(self.opts.get_field(name), UUIDField)]
        if not ids:
            return super().get_search_results(request, queryset, search_term)
        try:
            key = UUID(search_term.strip())
        except ValueError:
            nothing = search_term and len(ids) == len(self.search_fields)
            return (queryset.none(), False) if nothing else super().get_search_results(request, queryset, search_term)
        return queryset.filter(reduce(or_, (Q(**{name: key}) for name in ids))), False

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
