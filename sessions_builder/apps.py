"""The product: briefs, generations, training sessions."""

from importlib import import_module

from django.apps import AppConfig


class SessionsBuilderConfig(AppConfig):
    """Session Builder."""

    name = "sessions_builder"
    verbose_name = "Session Builder"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # By name, because what is registered needs the models, and they are loaded only now.
        import_module("sessions_builder.events")
        import_module("sessions_builder.evidence").register()
        import_module("sessions_builder.rollout").register()
