"""The product: briefs, generations, training sessions."""

from django.apps import AppConfig


class SessionsBuilderConfig(AppConfig):
    """Session Builder."""

    name = "sessions_builder"
    verbose_name = "Session Builder"
    default_auto_field = "django.db.models.BigAutoField"
