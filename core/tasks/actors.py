"""The port through which a task finds out whom it acts for: rights may have changed since it was queued."""

from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from core.kernel.actor import Actor


def actor_of_seat(seat_id: UUID) -> Actor | None:
    """The Actor of a seat of the present brand as its rights are now, or None when the seat is closed.

    Asks the adapter that ``settings.ACTOR_LOADER`` names; outside a transaction.
    """
    load: Callable[[UUID], Actor | None] = import_string(settings.ACTOR_LOADER)
    return load(seat_id)
