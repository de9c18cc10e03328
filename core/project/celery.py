"""Celery entry of worker and beat: tasks carry the schema they run in."""

import os

from tenant_schemas_celery.app import CeleryApp

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.project.settings")
app = CeleryApp("jiumai")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
