"""How pages are saved."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from unfold.admin import ModelAdmin


class OneSave(ModelAdmin):
    """A page with one way to save: the page it leads to says what comes next, and has the buttons for it."""

    def get_actions_detail(self, request: HttpRequest, object_id: int) -> list[Any]:
        """Return none for the theme's menu, which a phone hides."""
        return []

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """Leave out the theme's further buttons, and the error where a change only waits for its confirmation."""
        context |= {"show_save_and_add_another": False, "show_save_and_continue": False}
        if getattr(context["adminform"].form, "awaits_confirmation", False):
            context["errors"] = None
        return super().render_change_form(request, context, *args, **kwargs)
