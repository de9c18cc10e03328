"""Pictures nobody shows are deleted after a week, row and bytes; what a product or the portal shows stays."""

from datetime import timedelta
from io import BytesIO

from django.core.files.storage import default_storage
from PIL import Image
from pytest_django import DjangoCaptureOnCommitCallbacks

from core.catalogue.models import SkuPicture
from core.catalogue.services import ArrangePictures, add_picture, arrange_pictures
from core.catalogue.services.sweeping import GRACE
from core.db.acts import public
from core.files.models import StoredFile
from core.files.pictures import SIDES
from core.files.rules import Purpose
from core.files.selectors import place_of
from core.kernel import clock
from tenants.brands.models import Brand
from tenants.brands.services import forget_pictures
from tests.cast import Cast


def drawn(colour: str) -> BytesIO:
    kept = BytesIO()
    Image.new("RGB", (300, 300), colour).save(kept, format="JPEG")
    return kept


def added(cast: Cast, colour: str) -> SkuPicture:
    return add_picture(actor=cast.product, sku_code=cast.skus[1].code, upload=drawn(colour), name="a.jpg")


def taken_away(cast: Cast, picture: SkuPicture) -> None:
    there = tuple(SkuPicture.objects.filter(sku=cast.skus[1]).order_by("position").values_list("pk", flat=True))
    left = tuple(pk for pk in there if pk != picture.pk)
    arrange_pictures(actor=cast.product, command=ArrangePictures(cast.skus[1].code, left, there))


def aged(*but: SkuPicture) -> None:
    """Every file is older than the grace."""
    kept = [one.file_id for one in but]
    StoredFile.objects.exclude(pk__in=kept).update(created_at=clock.now() - GRACE - timedelta(minutes=1))


def test_what_was_taken_away_is_deleted_after_the_grace(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    shown, gone = added(cast, "#111111"), added(cast, "#eeeeee")
    row = StoredFile.objects.get(pk=gone.file_id)
    places = [place_of(one) for one in (row, *row.sizes.all())]
    taken_away(cast, gone)
    assert forget_pictures() == 0  # in the grace: a page opened before may show it still
    aged()
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_pictures() == 1
    assert list(StoredFile.objects.filter(source=None).values_list("pk", flat=True)) == [shown.file_id]
    assert StoredFile.objects.filter(source_id=shown.file_id).count() == len(places) - 1 == len(SIDES)
    assert not any(default_storage.exists(place) for place in places)
    assert forget_pictures() == 0


def test_logos_and_other_papers_stay(cast: Cast) -> None:
    logo, paper = added(cast, "#111111"), added(cast, "#222222")
    StoredFile.objects.filter(pk=paper.file_id).update(purpose=Purpose.EVIDENCE)
    schema = cast.product.brand_schema
    with public():
        Brand.objects.filter(schema_name=schema).update(logo_square=logo.file_id)
    taken_away(cast, logo)
    taken_away(cast, paper)
    aged()
    assert forget_pictures() == 0
    with public():
        Brand.objects.filter(schema_name=schema).update(logo_square=None)
    assert forget_pictures() == 1
    assert [row.pk for row in StoredFile.objects.filter(source=None)] == [paper.file_id]


def test_another_brands_pictures_are_not_looked_at(cast: Cast, chishui_cast: Cast) -> None:
    theirs = chishui_cast
    with theirs.portal.inside():
        gone = added(theirs, "#333333")
        taken_away(theirs, gone)
        aged()
    assert forget_pictures() == 0
    with theirs.portal.inside():
        assert StoredFile.objects.filter(pk=gone.file_id).exists()
        assert forget_pictures() == 1
