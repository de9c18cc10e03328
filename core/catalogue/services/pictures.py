"""Pictures of a SKU: judged by their content, drawn anew for the pages, kept in an order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import IO

from django.conf import settings

from core.catalogue import events
from core.catalogue.errors import PicturesChanged, PictureTooSmall, SkuUnknown, TooManyPictures
from core.catalogue.models import Sku, SkuPicture
from core.catalogue.permissions import Permission
from core.db.acts import act
from core.db.locks import Rank, locked
from core.db.scopes import lines_within
from core.events.services import record
from core.files.errors import FileTooLarge
from core.files.models import StoredFile
from core.files.pictures import TooSmall, encoded, opened_small
from core.files.rules import Purpose, accepted_type, kept_name
from core.files.services import attached, draw_sizes, drop, store
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.text import prose

MOST_PICTURES = 12
MOST_ALT = 120
LONGEST_SIDE = 1600
LEAST_SIDE = 200


@dataclass(frozen=True, slots=True)
class ArrangePictures:
    """All pictures of a SKU as they shall be: ids in their order (the first is its face), those taken away left out.

    ``known``: the ids the form was opened with; ``alts`` by id.
    """

    sku_code: str
    order: tuple[int, ...]
    known: tuple[int, ...]
    alts: Mapping[int, str] = field(default_factory=dict)


def add_picture(*, actor: Actor, sku_code: str, upload: IO[bytes], name: str, alt: str = "") -> SkuPicture:
    """Put a picture behind the others; the same picture again stays where it is.

    It is drawn anew, at most 1600 long, without what cameras write beside it: that one is for the brand's own people,
    its sizes are for the portal. Raises what ``core.files`` says of pictures, ``PictureTooSmall``,
    ``TooManyPictures``, ``SkuUnknown``.
    """
    actor.require(Permission.EDIT)
    _sku(actor, sku_code)
    content, ending = _drawn(upload, name)
    stored = store(
        actor=actor,
        upload=BytesIO(content),
        name=f"{sku_code.upper()}.{ending}",
        purpose=Purpose.PICTURE,
    )
    try:
        draw_sizes(stored, visibility=StoredFile.Visibility.PORTAL)
        with act():
            sku = _locked(actor, sku_code)
            rows = list(sku.pictures.order_by("position", "pk"))
            twins = StoredFile.objects.filter(pk__in=[row.file_id for row in rows], sha256=stored.sha256)
            same = set(twins.values_list("pk", flat=True))
            row = next((row for row in rows if row.file_id in same), None)
            if row is None:
                if len(rows) >= MOST_PICTURES:
                    raise TooManyPictures(most=MOST_PICTURES)
                last = rows[-1].position if rows else 0
                words = prose(alt)[:MOST_ALT]
                attached(stored.pk)
                row = SkuPicture.objects.create(sku=sku, file_id=stored.pk, position=last + 1, alt=words)
                _settled(actor, sku, [*rows, row])
    except BaseException:
        drop(stored)
        raise
    if row.file_id != stored.pk:
        drop(stored)
    return row


def arrange_pictures(*, actor: Actor, command: ArrangePictures) -> tuple[SkuPicture, ...]:
    """Order, describe and take away pictures. The same again changes nothing.

    Raises ``PicturesChanged`` when others stand there than the form was opened with, and ``SkuUnknown``.
    """
    actor.require(Permission.EDIT)
    with act():
        sku = _locked(actor, command.sku_code)
        rows = {row.pk: row for row in sku.pictures.order_by("position", "pk")}
        order = tuple(dict.fromkeys(command.order))
        if tuple(rows) == order and _same_words(rows, command.alts):
            return tuple(rows.values())
        if set(rows) != set(command.known) or not set(order) <= set(rows):
            raise PicturesChanged
        kept = [rows[pk] for pk in order]
        for position, row in enumerate(kept, start=1):
            row.position = position
            row.alt = prose(command.alts.get(row.pk, row.alt))[:MOST_ALT]
        SkuPicture.objects.bulk_update(kept, ["position", "alt"])
        sku.pictures.exclude(pk__in=order).delete()
        _settled(actor, sku, kept)
    return tuple(kept)


def _same_words(rows: Mapping[int, SkuPicture], alts: Mapping[int, str]) -> bool:
    return all(prose(alts.get(pk, row.alt))[:MOST_ALT] == row.alt for pk, row in rows.items())


def _sku(actor: Actor, code: str) -> Sku:
    found = Sku.objects.filter(lines_within(actor, "product_line__code"), code=code.strip().upper()).first()
    if found is None:
        raise SkuUnknown(value=code[:48])
    return found


def _locked(actor: Actor, code: str) -> Sku:
    rows = Sku.objects.filter(lines_within(actor, "product_line__code"), code=code.strip().upper())
    for row in locked(rows, Rank.ORDER):
        return row
    raise SkuUnknown(value=code[:48])


def _settled(actor: Actor, sku: Sku, rows: list[SkuPicture]) -> None:
    """The first is the face; the SKU's version moves on."""
    sku.picture_file_id = rows[0].file_id if rows else None
    sku.version += 1
    sku.updated_at = clock.now()
    sku.save(update_fields=["picture_file_id", "version", "updated_at"])
    record(
        kind=events.SKU_PICTURES_CHANGED,
        aggregate_type="sku",
        aggregate_id=sku.code,
        version=sku.version,
        actor=actor,
        payload={"pictures": [str(row.file_id) for row in rows]},
        seller_id=actor.dealer_id,
    )


def _drawn(upload: IO[bytes], name: str) -> tuple[bytes, str]:
    """The picture the sizes are made of, with its ending: JPEG, or WebP where something is transparent."""
    if upload.seek(0, 2) > settings.UPLOAD_MAX_BYTES:
        raise FileTooLarge(limit_mb=settings.UPLOAD_MAX_BYTES // 1024 // 1024)
    kind = accepted_type(upload, name=kept_name(name), purpose=Purpose.PICTURE)
    try:
        drawn = opened_small(upload, kind, longest=LONGEST_SIDE, least=LEAST_SIDE)
    except TooSmall as small:
        width, height = small.args
        raise PictureTooSmall(width=width, height=height, least=LEAST_SIDE) from small
    is_clear = drawn.mode == "RGBA"
    return encoded(drawn, "WEBP" if is_clear else "JPEG", quality=85), "webp" if is_clear else "jpg"
