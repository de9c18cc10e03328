"""A picture is put on a product, or drawn in its sizes, in the moment the sweep forgets it or another draws it."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from threading import Event as Signal
from uuid import UUID

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from PIL import Image
from pytest_django import DjangoDbBlocker

from core.catalogue.models import SkuPicture
from core.catalogue.services import forget_pictures, sweeping
from core.db.acts import act, brand_schema
from core.files import services
from core.files.models import StoredFile
from core.files.pictures import SIDES
from core.files.rules import Purpose
from core.files.services import attached, draw_sizes, forget, store
from core.kernel import clock
from core.kernel.errors import Missing
from tests.cast import Cast
from tests.database import test_database
from tests.portals import XINGHE

pytestmark = pytest.mark.races
PATIENCE_S = 5
LINGER_S = 0.3


@pytest.fixture(scope="module")
def house(django_db_blocker: DjangoDbBlocker) -> Iterator[Cast]:
    """The cast in a database of its own, where everything is really committed."""
    name = f"{connection.settings_dict['TEST']['NAME']}_pictures"
    with django_db_blocker.unblock(), test_database(name), XINGHE.inside():
        yield Cast.build(XINGHE)


@pytest.fixture
def old(house: Cast) -> StoredFile:
    """A picture that nothing shows, older than the grace."""
    SkuPicture.objects.all().delete()
    StoredFile.objects.all().delete()
    return StoredFile.objects.create(
        name="a.jpg",
        content_type="image/jpeg",
        size=1,
        sha256="0" * 64,
        purpose=Purpose.PICTURE,
        dealer_id=house.root.pk,
        created_at=clock.now() - sweeping.GRACE - timedelta(days=1),
    )


def put(house: Cast, file_id: UUID, *, has_begun: Signal, may_end: Signal) -> bool:
    """Put the picture on a product, and commit when told; whether it was there still."""
    try:
        with brand_schema(XINGHE.schema), act():
            attached(file_id)
            SkuPicture.objects.create(sku=house.skus[1], file_id=file_id, position=1)
            has_begun.set()
            may_end.wait(PATIENCE_S)
        return True
    except Missing:
        return False
    finally:
        has_begun.set()
        connection.close()


def swept(has_begun: Signal) -> int:
    """Sweep once the other has begun."""
    assert has_begun.wait(PATIENCE_S)
    try:
        with brand_schema(XINGHE.schema):
            return forget_pictures()
    finally:
        connection.close()


def both(house: Cast, old: StoredFile) -> tuple[bool, int]:
    """The sweep comes while the picture is being put there; what both came to."""
    has_begun, may_end = Signal(), Signal()
    with ThreadPoolExecutor(2) as pool:
        putting = pool.submit(put, house, old.pk, has_begun=has_begun, may_end=may_end)
        sweeping_up = pool.submit(swept, has_begun)
        time.sleep(LINGER_S)
        may_end.set()
        return putting.result(), sweeping_up.result()


def is_whole() -> bool:
    """Whether every picture of a product has its file."""
    return all(StoredFile.objects.filter(pk=row.file_id).exists() for row in SkuPicture.objects.all())


def test_what_is_being_put_there_stays(house: Cast, old: StoredFile) -> None:
    assert both(house, old) == (True, 0)
    assert is_whole()


def test_what_is_gone_cannot_be_put_there(house: Cast, old: StoredFile) -> None:
    assert forget_pictures() == 1
    with pytest.raises(Missing), act():
        attached(old.pk)
    assert is_whole()


def _without_a_lock(file_id: UUID) -> bool:
    """The fault: looked at before, deleted now."""
    with act():
        forget(StoredFile.objects.get(pk=file_id))
    return True


def _unheld(_file_id: UUID) -> None:
    """The other half of the fault: nothing keeps the file while it is put there."""


def test_the_race_is_seen_where_nothing_is_held(house: Cast, old: StoredFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "_forgotten", _without_a_lock)
    monkeypatch.setitem(globals(), "attached", _unheld)
    assert both(house, old) == (True, 1)
    assert not is_whole(), "a product shows a picture that is gone"


@pytest.fixture
def photo(house: Cast) -> StoredFile:
    """A picture nobody has drawn in sizes yet."""
    StoredFile.objects.all().delete()
    upload = BytesIO()
    Image.effect_noise((900, 900), 40).save(upload, "JPEG")
    return store(actor=house.product, upload=upload, name="瓶.jpg", purpose=Purpose.PICTURE)


def draw(stored: StoredFile) -> None:
    """As the door does for one reader."""
    try:
        with brand_schema(XINGHE.schema):
            draw_sizes(stored)
    finally:
        connection.close()


def test_who_asks_for_a_size_at_the_same_time_draws_it_once(house: Cast, photo: StoredFile) -> None:
    before = set(default_storage.listdir(XINGHE.schema)[1])
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(draw, [photo] * 4))
    sizes = list(photo.sizes.all())
    assert sorted(one.side for one in sizes if one.side) == sorted(SIDES)
    assert set(default_storage.listdir(XINGHE.schema)[1]) - before == {str(one.pk) for one in sizes}


def test_no_size_is_left_of_a_picture_forgotten_while_it_was_drawn(
    house: Cast, photo: StoredFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[StoredFile] = []
    keep = services._keep_size

    def late(stored: StoredFile, side: int, made: bytes, visibility: StoredFile.Visibility) -> None:
        if not drawn:
            with act():
                forget(StoredFile.objects.get(pk=stored.pk))
        drawn.append(stored)
        keep(stored, side, made, visibility)

    monkeypatch.setattr(services, "_keep_size", late)
    before = set(default_storage.listdir(XINGHE.schema)[1])
    draw_sizes(photo)
    assert len(drawn) == len(SIDES)
    assert not StoredFile.objects.filter(source_id=photo.pk).exists()
    assert set(default_storage.listdir(XINGHE.schema)[1]) == before - {str(photo.pk)}
