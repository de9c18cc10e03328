"""Celery entry of worker and beat, and the app through which the web process queues."""

import logging.config
import os
from typing import Any

from celery import bootsteps
from celery.signals import setup_logging, worker_process_init
from tenant_schemas_celery.app import CeleryApp

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.project.settings")
app = CeleryApp("jiumai", task_cls="core.tasks.base:SchemaTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
# The current app is one thread's own; every thread of the web process must find this one.
app.set_default()


@setup_logging.connect
def _keep_our_logs(**_signal: Any) -> None:
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)


@worker_process_init.connect
def _collect_rarely(**_signal: Any) -> None:
    from core.tasks.workers import collect_rarely

    collect_rarely()


class NoPool(bootsteps.Step):
    """A worker with Django's connection pool does not start: Celery closes the pool at every task boundary."""

    def __init__(self, parent: Any, **options: Any) -> None:
        from django.conf import settings
        from django.core.exceptions import ImproperlyConfigured

        if settings.POOL_SIZE:
            raise ImproperlyConfigured("JIUMAI_POOL belongs to the web process: leave it unset for the worker.")
        super().__init__(parent, **options)


app.steps["worker"].add(NoPool)
