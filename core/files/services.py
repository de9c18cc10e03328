"""Keeping a file: the bytes first, then the row, so that no row ever points at nothing."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from io import BytesIO
from pathlib import PurePosixPath
from typing import IO
from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from core.db import sql
from core.db.acts import act
from core.files import rules
from core.files.errors import FileEmpty, FileTooLarge
from core.files.models import StoredFile
from core.files.permissions import Permission
from core.files.pictures import SIDES, in_sizes
from core.files.rules import Purpose
from core.files.selectors import open_file, place_of
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import Missing, NotPermitted

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
    return _checked_and_kept(upload, name, purpose, visibility, owner_id, actor.seat_id)


def store_unowned(*, upload: IO[bytes], name: str, purpose: Purpose) -> StoredFile:
    """Keep an upload that no house owns: what is sent to the platform, in the public schema. Who sends it was asked
    before; whose papers it belongs to decides who sees it. Raises like ``store``.
    """
    return _checked_and_kept(upload, name, purpose, StoredFile.Visibility.PRIVATE, None, None)


def drop(stored: StoredFile) -> None:
    """Take back an upload that came to nothing: the row and those of its sizes, then the bytes."""
    with act():
        places = _places_of(stored)
        stored.delete()
    for place in places:
        default_storage.delete(place)


def forget(stored: StoredFile) -> None:
    """Delete a file nobody names any more, with its sizes, inside the caller's act, which holds the row's lock; the
    bytes follow once that is committed.
    """
    places = _places_of(stored)
    stored.delete()
    for place in places:
        transaction.on_commit(partial(default_storage.delete, place), robust=True)


def _places_of(stored: StoredFile) -> list[str]:
    return [place_of(one) for one in (stored, *stored.sizes.all())]


def draw_sizes(stored: StoredFile, *, visibility: StoredFile.Visibility | None = None) -> None:
    """Keep the picture in every size of ``pictures.SIDES`` that is missing, shown to ``visibility``: else like itself.

    Who draws the same size at the same time keeps one of the two. Raises ``BytesLost`` and ``Unreadable``; nothing is
    kept of a picture that was forgotten meanwhile.
    """
    there = set(stored.sizes.values_list("side", flat=True))
    if there >= set(SIDES):
        return
    with open_file(stored) as content:
        drawn = in_sizes(content, rules.Type(stored.content_type))
    for side, made in drawn:
        if side not in there:
            _keep_size(stored, side, made, visibility or StoredFile.Visibility(stored.visibility))


def _keep_size(stored: StoredFile, side: int, made: bytes, visibility: StoredFile.Visibility) -> None:
    size = StoredFile(
        name=rules.kept_name(f"{PurePosixPath(stored.name).stem}-{side}.webp"),
        content_type=rules.Type.WEBP.value,
        size=len(made),
        sha256=hashlib.sha256(made).hexdigest(),
        purpose=stored.purpose,
        visibility=visibility,
        dealer_id=stored.dealer_id,
        seat_id=stored.seat_id,
        created_at=clock.now(),
        source=stored,
        side=side,
    )
    # Another was quicker, or the picture is gone: its bytes went again with the row that was refused.
    with suppress(IntegrityError), _keeping(size, BytesIO(made)):
        pass


def attached(file_id: UUID) -> None:
    """Keep a file from being forgotten while the caller's act puts it somewhere. Raises ``Missing`` when it is gone."""
    if sql.row(_ATTACHED, {"id": file_id}) is None:
        raise Missing


_ATTACHED = "SELECT 1 FROM files_storedfile WHERE id = %(id)s FOR KEY SHARE"


def _checked_and_kept(
    upload: IO[bytes],
    name: str,
    purpose: Purpose,
    visibility: StoredFile.Visibility,
    dealer_id: int | None,
    seat_id: UUID | None,
) -> StoredFile:
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
        dealer_id=dealer_id,
        seat_id=seat_id,
        created_at=clock.now(),
    )
    with _keeping(stored, upload):
        return stored


def keep_produced(
    *,
    name: str,
    content: bytes | IO[bytes],
    content_type: rules.Type,
    dealer_id: int | None,
    seat_id: UUID | None,
    purpose: Purpose = Purpose.RESULT,
) -> StoredFile:
    """Keep a file the system made (a job's result): no check of its content, private to ``dealer_id``.

    ``content`` is the bytes, or a seekable binary file that holds them.
    """
    with producing(
        name=name, content=content, content_type=content_type, dealer_id=dealer_id, seat_id=seat_id, purpose=purpose
    ) as stored:
        return stored


@contextmanager
def producing(
    *,
    name: str,
    content: bytes | IO[bytes],
    content_type: rules.Type,
    dealer_id: int | None,
    seat_id: UUID | None,
    purpose: Purpose = Purpose.RESULT,
) -> Iterator[StoredFile]:
    """``keep_produced`` in one act with what the block does with the file."""
    source = BytesIO(content) if isinstance(content, bytes) else content
    stored = StoredFile(
        name=rules.kept_name(name),
        content_type=content_type.value,
        size=source.seek(0, 2),
        sha256=_digest(source),
        purpose=purpose.value,
        visibility=StoredFile.Visibility.PRIVATE,
        dealer_id=dealer_id,
        seat_id=seat_id,
        created_at=clock.now(),
    )
    with _keeping(stored, source):
        yield stored


def kept_bytes() -> Iterator[tuple[UUID, Iterator[bytes]]]:
    """Every file of the present schema whose bytes are there, by id, in pieces: for whoever moves the schema."""
    for stored in StoredFile.objects.order_by("pk").iterator():
        place = place_of(stored)
        if default_storage.exists(place):
            with default_storage.open(place, "rb") as content:
                yield stored.pk, iter(partial(content.read, _CHUNK_BYTES), b"")


def put_bytes(file_id: UUID, opened: Callable[[], IO[bytes]]) -> bool:
    """Lay down the bytes of a file whose row came with a moved schema; False for an id without a row.

    Bytes that are there in their full size stay. A half-written file of a killed run is replaced.
    """
    stored = StoredFile.objects.filter(pk=file_id).first()
    if stored is None:
        return False
    place = place_of(stored)
    if default_storage.exists(place):
        if default_storage.size(place) == stored.size:
            return True
        default_storage.delete(place)
    with opened() as content:
        default_storage.save(place, File(content))
    return True


def forget_bytes() -> None:
    """Delete the bytes of every file of the present schema, which is about to go."""
    for stored in StoredFile.objects.order_by("pk").iterator():
        default_storage.delete(place_of(stored))


@contextmanager
def _keeping(stored: StoredFile, content: IO[bytes]) -> Iterator[None]:
    content.seek(0)
    place = default_storage.save(place_of(stored), File(content))
    try:
        with act():
            stored.save(force_insert=True)
            yield
    except BaseException:
        default_storage.delete(place)
        raise


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
