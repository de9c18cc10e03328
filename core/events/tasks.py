"""Doors of the worker: relay what was poked, and look everywhere now and then."""

from celery import shared_task

from core.events import relay


@shared_task
def relay_dirty() -> None:
    """Relay every schema that was poked."""
    relay.relay_dirty()


@shared_task
def sweep() -> None:
    """Find what no poke told of."""
    relay.sweep()
