"""Doors of the worker: papers that are over."""

from celery import shared_task

from tenants.organisations import services


@shared_task
def expire_licences() -> None:
    """Once a night, in the public schema."""
    services.expire_licences()
