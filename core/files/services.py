"""Keeping a file: the bytes first, then the row, so that no row ever points at nothing."""

import hashlib
from io import BytesIO
from typing import IO
from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage

from core.db.acts import act
from core.files import rules
from core.files.errors import FileEmpty, FileTooLarge
from core.files.models import StoredFile
from core.files.permissions import Permission
from core.files.rules import Purpose
from core.files.selectors import place_of
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import NotPermitted

_CHUNK_BYTES = 256 * 1024


def store(
    *,
    actor: Actor,
    upload: IO[bytes],
    name: str,
    purpose: Purpose,
    visibility: StoredFile.Visibility = StoredFile.Visibility.PRIVATE,
    dealer_id: int | None = None,
) -> StoredFile:
    """Keep an upload (a seekable binary file) for ``dealer_id``, by default the actor's own dealer or brand.

    Raises ``FileEmpty``, ``FileTooLarge`` and what ``rules.accepted_type`` raises. Only brand staff may keep a file
    for another dealer or show one to the whole portal.
    """
    actor.require(Permission.UPLOAD)
    owner_id = actor.dealer_id if dealer_id is None else dealer_id
    is_for_others = owner_id != actor.dealer_id or visibility == StoredFile.Visibility.PORTAL
    if is_for_others and not actor.is_brand_staff:
        raise NotPermitted(permission=Permission.UPLOAD)
    size = _checked_size(upload)
    kept = rules.kept_name(name)
    content_type = rules.accepted_type(upload, name=kept, purpose=purpose)
    stored = StoredFile(
        name=kept,
        content_type=content_type.value,
        size=size,
        sha256=_digest(upload),
        purpose=purpose.value,
        visibility=visibility,
        dealer_id=owner_id,
        seat_id=actor.seat_id,
        created_at=clock.now(),
    )
    return _kept(stored, upload)


def keep_produced(
    *, name: str, content: bytes, content_type: rules.Type, dealer_id: int | None, seat_id: UUID | None
) -> StoredFile:
    """Keep a file the system made (a job's result): no check of its content, private to ``dealer_id``."""
    stored = StoredFile(
        name=rules.kept_name(name),
        content_type=content_type.value,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        purpose=Purpose.RESULT.value,
        visibility=StoredFile.Visibility.PRIVATE,
        dealer_id=dealer_id,
        seat_id=seat_id,
        created_at=clock.now(),
    )
    return _kept(stored, BytesIO(content))


def _kept(stored: StoredFile, content: IO[bytes]) -> StoredFile:
    content.seek(0)
    place = default_storage.save(place_of(stored), File(content))
    try:
        with act():
            stored.save(force_insert=True)
    except BaseException:
        default_storage.delete(place)
        raise
    return stored


def _checked_size(upload: IO[bytes]) -> int:
    size = upload.seek(0, 2)
    if size == 0:
        raise FileEmpty
    if size > settings.UPLOAD_MAX_BYTES:
        raise FileTooLarge(limit_mb=settings.UPLOAD_MAX_BYTES // 1024 // 1024)
    return size


def _digest(content: IO[bytes]) -> str:
    digest = hashlib.sha256()
    content.seek(0)
    while chunk := content.read(_CHUNK_BYTES):
        digest.update(chunk)
    return digest.hexdigest()
