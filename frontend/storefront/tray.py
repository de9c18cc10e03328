"""The tray of files a dealer has asked for: looked for only while the session knows of one."""

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse

from core.jobs.exports import export_title
from core.kernel.actor import Actor
from core.web.requests import SignedInRequest
from frontend.storefront.intakes import INTAKES
from frontend.ui.tray import TrayJob, tray_jobs

ASKED = "files_asked"
"""Set in the session with the first file; most pages of most people ask for none, and send no statement for it."""


def file_asked(request: SignedInRequest) -> None:
    """From now on the head of every page shows how far the files are."""
    request.session[ASKED] = str(request.actor.seat_id)


def tray_of(request: SignedInRequest) -> Sequence[TrayJob]:
    """What runs or has just ended of the seat's files. One statement, none where nothing was asked for."""
    if request.session.get(ASKED) != str(request.actor.seat_id):
        return ()
    found = files_lately(request.actor)
    if not found:
        del request.session[ASKED]
    return found


def files_lately(actor: Actor) -> Sequence[TrayJob]:
    """The seat's files that are being made or were a moment ago. One statement."""
    return tray_jobs(actor, title_of_kind, _url)


def title_of_kind(kind: str) -> str:
    """What a file is called; another kind of job reads as itself."""
    intake = INTAKES.get(kind)
    return str(intake.title) if intake else export_title(kind) or kind


def _url(job_id: UUID) -> str:
    return reverse("storefront:file", args=[job_id])
