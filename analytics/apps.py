from django.apps import AppConfig

from analytics.datasets import register_own


class AnalyticsConfig(AppConfig):
    name = "analytics"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register_own()
