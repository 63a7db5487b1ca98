"""The composition root: settings, servers, commands and addresses of the whole project. No app imports it."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
