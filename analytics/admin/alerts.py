"""Alerts, with what to do about each."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from unfold.decorators import action, display

from analytics.admin.readonly import ReadOnlyAdmin
from analytics.alerts import close
from analytics.alerts.catalogue import kind_of
from analytics.models import Alert


@admin.register(Alert)
class AlertAdmin(ReadOnlyAdmin):
    empty_hint = "What goes wrong is listed here, with what to do about it."
    list_display = (
        "summary",
        "state",
        "severity",
        "opened_at",
        "last_seen_at",
        "closed_at",
        "occurrences",
        "next_step",
    )
    list_filter = ("severity", "kind", ("closed_at", admin.EmptyFieldListFilter))
    fields = (
        "summary",
        "next_step",
        "kind",
        "severity",
        "opened_at",
        "last_seen_at",
        "closed_at",
        "occurrences",
        "details",
        "sent",
    )
    readonly_fields = ("next_step", "sent")
    actions_detail = ("close_alert",)
    change_form_before_template = "analytics/close_alert.html"

    @display(description="state", label={"open": "danger", "closed": "success"})
    def state(self, alert: Alert) -> str:
        return "closed" if alert.closed_at else "open"

    @display(description="what to do next")
    def next_step(self, alert: Alert) -> str:
        return kind_of(alert.kind).next_step or "Look at the details and the logs."

    @display(description="sent")
    def sent(self, alert: Alert) -> str:
        notices = alert.notices.all()
        lines = [f"{one.get_channel_display()}: {one.sent_at or one.last_error or 'waiting'}" for one in notices]
        return "; ".join(lines) or "nobody is to be told: ALERT_EMAILS and ALERT_WEBHOOK_URL are empty"

    @action(description="Close this alert", url_path="close", permissions=["close"])
    def close_alert(self, request: HttpRequest, object_id: int) -> HttpResponse:
        if request.method != "POST":  # after a login in between
            return redirect("admin:analytics_alert_change", object_id)
        alert = self.get_object(request, str(object_id))
        if alert is not None and alert.closed_at is None and close(alert.kind):
            messages.success(request, "The alert is closed; it opens again when the trouble comes back.")
        return redirect("admin:analytics_alert_changelist")

    def get_actions_detail(self, request: HttpRequest, object_id: int) -> list[Any]:
        """Return none for the theme's menu, which a phone hides and which acts by a link: the page has a button."""
        return []

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """Offer to close what is open."""
        alert = context.get("original")
        context["may_close"] = alert is not None and alert.closed_at is None and self.has_close_permission(request)
        return super().render_change_form(request, context, *args, **kwargs)

    def has_close_permission(self, request: HttpRequest, object_id: object = None) -> bool:
        return request.user.has_perm("analytics.change_alert")
