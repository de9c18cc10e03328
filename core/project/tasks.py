"""Doors of the worker to what concerns all rooms."""

from celery import shared_task

from core.project import figures


@shared_task
def gather_figures() -> None:
    """Gather what ``/metrics`` shows of all brands."""
    figures.gather()
