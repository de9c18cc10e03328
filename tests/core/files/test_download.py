"""The one door to the bytes."""

import io
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.http import FileResponse
from django.test import RequestFactory

from core.files.errors import BytesLost
from core.files.models import StoredFile
from core.files.rules import Purpose
from core.files.selectors import file_visible_to, place_of
from core.files.services import store
from core.files.views import download
from core.kernel.actor import Actor
from core.kernel.errors import Missing
from tests.core.actors import an_actor
from tests.core.files import samples
from tests.portals import TestPortal

ADMIN = an_actor("周海棠", "files.upload")
BUYER = an_actor("李敏", "files.upload", dealer_id=7)
OTHER = an_actor("王强", "files.upload", dealer_id=8)


def _kept(actor: Actor, visibility: StoredFile.Visibility = StoredFile.Visibility.PRIVATE) -> StoredFile:
    return store(
        actor=actor,
        upload=io.BytesIO(samples.picture()),
        name="瓶 1.png",
        purpose=Purpose.PICTURE,
        visibility=visibility,
    )


def _get(stored: StoredFile, actor: Actor | None) -> FileResponse:
    request = RequestFactory().get("/")
    request.actor = actor  # type: ignore[attr-defined]  # set by the middleware in the running product
    return download(request, stored.pk)


def test_the_owner_gets_the_bytes_as_a_file_to_save(xinghe: TestPortal) -> None:
    response = _get(_kept(BUYER), BUYER)
    assert b"".join(response.streaming_content) == samples.picture()  # type: ignore[arg-type]  # never asynchronous here
    assert response["Content-Type"] == "image/png"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"] == "private, no-store"


def test_a_stranger_s_file_is_missing(xinghe: TestPortal) -> None:
    stored = _kept(BUYER)
    for stranger in (OTHER, ADMIN, None):
        with pytest.raises(Missing):
            _get(stored, stranger)


def test_another_brand_s_file_is_missing(xinghe: TestPortal, chishui: TestPortal) -> None:
    stored = _kept(BUYER)
    with chishui.inside(), pytest.raises(Missing):
        _get(stored, BUYER)


def test_what_a_file_is_for_decides_who_of_the_house_reads_it(xinghe: TestPortal) -> None:
    plain, reader = an_actor("张伟", dealer_id=7), an_actor("陈静", "dealers.read", dealer_id=7)
    licence = store(actor=BUYER, upload=io.BytesIO(samples.picture()), name="证.png", purpose=Purpose.LICENCE)
    with pytest.raises(Missing):
        _get(licence, plain)
    for may in (BUYER, reader):
        assert file_visible_to(may, licence.pk) == licence
    picture = _kept(BUYER)
    assert file_visible_to(plain, picture.pk) == picture


def test_what_is_shown_to_the_portal_is_everybody_s_of_it(xinghe: TestPortal) -> None:
    stored = _kept(ADMIN, StoredFile.Visibility.PORTAL)
    response = _get(stored, OTHER)
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, max-age=86400, immutable"
    response.close()
    with pytest.raises(Missing):
        _get(stored, None)


def test_no_file_is_missing(xinghe: TestPortal) -> None:
    with pytest.raises(Missing):
        _get(StoredFile(pk=uuid4()), ADMIN)


def test_bytes_that_were_lost_are_told_to_the_reader_and_the_log(
    xinghe: TestPortal, caplog: pytest.LogCaptureFixture
) -> None:
    stored = _kept(ADMIN)
    default_storage.delete(place_of(stored))
    with pytest.raises(BytesLost):
        _get(stored, ADMIN)
    assert str(stored.pk) in caplog.text
