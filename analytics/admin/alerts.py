"""Alerts, with what to do about each."""

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
        alert = self.get_object(request, str(object_id))
        if alert is not None and alert.closed_at is None and close(alert.kind):
            messages.success(request, "The alert is closed; it opens again when the trouble comes back.")
        return redirect("admin:analytics_alert_changelist")

    def has_close_permission(self, request: HttpRequest, object_id: object = None) -> bool:
        return request.user.has_perm("analytics.change_alert")
