"""Pictures nobody shows any more: taken away from a product, put in another's place, or never put anywhere."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from core.catalogue.models import Sku, SkuPicture
from core.db.acts import act
from core.files.models import StoredFile
from core.files.rules import Purpose
from core.files.services import forget
from core.kernel import clock

GRACE = timedelta(days=7)
"""Long enough for an upload that is put somewhere later, and for a page that was opened before."""
MOST = 500
"""Pictures of one night and brand; the rest goes the next."""


def forget_pictures(*, kept: Collection[UUID] = ()) -> int:
    """Delete the brand's pictures older than ``GRACE`` that no product shows, row and bytes; how many.

    ``kept`` are those something else shows. Each is locked before it is looked at again: who puts it somewhere in the
    same moment is either seen, or finds it gone.
    """
    pictures = StoredFile.objects.filter(purpose=Purpose.PICTURE, source=None)  # its sizes go with it
    old = pictures.filter(created_at__lt=clock.now() - GRACE).exclude(pk__in=kept)
    shown = SkuPicture.objects.values("file_id").union(
        Sku.objects.filter(picture_file_id__isnull=False).values("picture_file_id"), all=True
    )
    suspects = old.exclude(pk__in=shown).order_by("pk").values_list("pk", flat=True)[:MOST]
    return sum(_forgotten(file_id) for file_id in list(suspects))


def _forgotten(file_id: UUID) -> bool:
    with act():
        row = StoredFile.objects.select_for_update(skip_locked=True).filter(pk=file_id).first()
        if row is None or is_shown(file_id):
            return False
        forget(row)
    return True


def is_shown(file_id: UUID) -> bool:
    """Whether a product shows the picture."""
    return SkuPicture.objects.filter(file_id=file_id).exists() or Sku.objects.filter(picture_file_id=file_id).exists()
