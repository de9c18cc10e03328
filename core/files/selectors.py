"""Questions about files: whose they are and what they are for decide who sees them."""

import logging
from typing import IO
from uuid import UUID

from django.core.files.storage import default_storage
from django.db.models import Q, QuerySet

from core.db.acts import current_schema
from core.files.errors import BytesLost, LeftBehind
from core.files.models import StoredFile
from core.files.rules import Purpose
from core.kernel.actor import Actor
from core.kernel.errors import Missing

log = logging.getLogger(__name__)

OF_ONE_JOB = (Purpose.IMPORT, Purpose.RESULT)
"""What a job read or made opens with that job alone (``core.jobs``); here only to whoever brought or asked for it."""
READING_CODES = {
    Purpose.LICENCE: "dealers.read",
    Purpose.EVIDENCE: "dealers.read",
    Purpose.ARCHIVE: "ops.brands.delete",
}
"""What opens a purpose to a house's other seats; the purposes left out are open to the whole house."""


def files_visible_to(actor: Actor) -> QuerySet[StoredFile]:
    """Those shown to the whole portal, the actor's own, and of their house (for staff: the brand) what codes open.

    To a limited seat codes open nothing here: a file does not say whom it is about, its document's own door does.
    """
    codes = READING_CODES.items()
    closed = [*OF_ONE_JOB, *(purpose for purpose, code in codes if actor.scope.is_limited or not actor.can(code))]
    open_in_house = Q(dealer_id=actor.dealer_id) & (Q(seat_id=actor.seat_id) | ~Q(purpose__in=closed))
    return StoredFile.objects.filter(open_in_house | Q(visibility=StoredFile.Visibility.PORTAL))


def file_visible_to(actor: Actor, file_id: UUID) -> StoredFile:
    """One file. Raises ``Missing`` for a stranger's and for none alike."""
    stored = files_visible_to(actor).filter(pk=file_id).first()
    if stored is None:
        raise Missing
    return stored


def size_visible_to(actor: Actor, file_id: UUID, side: int) -> StoredFile | None:
    """A picture in one of its sizes; None where nobody has drawn it yet. Raises ``Missing`` like ``file_visible_to``.

    Whoever may see one size may see all: the picture itself may be for the brand's own people only.
    """
    rows = files_visible_to(actor).filter(Q(pk=file_id, purpose=Purpose.PICTURE, source=None) | Q(source_id=file_id))
    found = list(rows)
    if not found:
        raise Missing
    return next((row for row in found if row.side == side), None)


def shown_to(file_id: UUID) -> StoredFile.Visibility:
    """Who sees a picture's sizes: the portal where one of them, or the picture itself, is shown to it."""
    rows = StoredFile.objects.filter(Q(pk=file_id) | Q(source_id=file_id), visibility=StoredFile.Visibility.PORTAL)
    return StoredFile.Visibility.PORTAL if rows.exists() else StoredFile.Visibility.PRIVATE


def kept_file(file_id: UUID) -> StoredFile:
    """A file of the present schema that a document names; the caller has checked who asks.

    Raises ``LeftBehind`` where there is none any more: the document says that there was one.
    """
    stored = StoredFile.objects.filter(pk=file_id).first()
    if stored is None:
        raise LeftBehind
    return stored


def open_file(stored: StoredFile) -> IO[bytes]:
    """The bytes of a file of the present schema; the caller has checked who asks, and closes it.

    Raises ``BytesLost`` when only the row is left.
    """
    try:
        return default_storage.open(place_of(stored), "rb")
    except FileNotFoundError:
        log.error("the bytes of file %s are gone", stored.pk)  # for whoever watches the logs; the reader is told
        raise BytesLost from None


def place_of(stored: StoredFile) -> str:
    """Where the bytes lie in the storage: ``<schema>/<uuid>``."""
    return f"{current_schema()}/{stored.pk}"
