"""Alerts: raised once, counted while they last, closed when over, and sent to those who want to know."""

from analytics.alerts.catalogue import AlertKind, define
from analytics.alerts.notices import deliver
from analytics.alerts.rules import Rule, evaluate, register_recovery, register_rule
from analytics.alerts.states import close, raise_alert, raise_critical, try_raise_critical

__all__ = [
    "AlertKind",
    "Rule",
    "close",
    "define",
    "deliver",
    "evaluate",
    "raise_alert",
    "raise_critical",
    "register_recovery",
    "register_rule",
    "try_raise_critical",
]
