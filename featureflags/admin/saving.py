"""How pages are saved."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from unfold.admin import ModelAdmin

from featureflags.admin.actions import looks_again


class OneSave(ModelAdmin):
    """A page with one way to save: the page it leads to says what comes next, and has the buttons for it."""

    def get_actions_detail(self, request: HttpRequest, object_id: int) -> list[Any]:
        """Return none for the theme's menu, which a phone hides."""
        return []

    @looks_again
    def changeform_view(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show or save the page."""
        return super().changeform_view(*args, **kwargs)

    def response_action(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Refuse rows that cannot exist, before they are looked up; the list then says so."""
        try:
            for row in request.POST.getlist(ACTION_CHECKBOX_NAME):
                self.opts.pk.to_python(row)
        except ValidationError:
            messages.error(request, "Choose rows of the list; nothing was changed.")
            return None
        return super().response_action(request, queryset)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """Leave out the theme's further buttons, and its line about errors in fields where no field has one."""
        context |= {"show_save_and_add_another": False, "show_save_and_continue": False}
        form = context["adminform"].form
        if getattr(form, "awaits_confirmation", False) or form.errors.keys() == {NON_FIELD_ERRORS}:
            context["errors"] = None
        return super().render_change_form(request, context, *args, **kwargs)
