"""Questions about files: whose they are decides who sees them."""

from typing import IO
from uuid import UUID

from django.core.files.storage import default_storage
from django.db.models import Q, QuerySet

from core.db.acts import current_schema
from core.files.models import StoredFile
from core.kernel.actor import Actor
from core.kernel.errors import Missing


def files_visible_to(actor: Actor) -> QuerySet[StoredFile]:
    """The actor's own dealer's (for brand staff: the brand's) files, and those shown to the whole portal."""
    return StoredFile.objects.filter(Q(dealer_id=actor.dealer_id) | Q(visibility=StoredFile.Visibility.PORTAL))


def file_visible_to(actor: Actor, file_id: UUID) -> StoredFile:
    """One file. Raises ``Missing`` for a stranger's and for none alike."""
    stored = files_visible_to(actor).filter(pk=file_id).first()
    if stored is None:
        raise Missing
    return stored


def open_file(stored: StoredFile) -> IO[bytes]:
    """The bytes of a file of the present schema; the caller has checked who asks, and closes it."""
    return default_storage.open(place_of(stored), "rb")


def place_of(stored: StoredFile) -> str:
    """Where the bytes lie in the storage: ``<schema>/<uuid>``."""
    return f"{current_schema()}/{stored.pk}"
