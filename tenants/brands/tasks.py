"""Doors of the worker: see whether the hosts of brands are still their own."""

from celery import shared_task

from tenants.brands import services


@shared_task
def recheck_hosts() -> None:
    """Once a day, in the public schema."""
    services.recheck_hosts()
