"""The Celery application. A task is a doorbell that carries ids; what it wakes lives in the apps."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("session_builder")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
