"""The tray of the console: the seat's own imports and exports."""

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse

from core.kernel.actor import Actor
from frontend.console.longacts import kind_words
from frontend.ui.tray import TrayJob, tray_jobs


def tray_of(actor: Actor) -> Sequence[TrayJob]:
    """One's own long acts that run or ended within ten minutes, the newest first. One statement."""
    return tray_jobs(actor, kind_words, _url)


def _url(job_id: UUID) -> str:
    return reverse("console:job", args=[job_id])
