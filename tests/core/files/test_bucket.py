"""Files in a private bucket of a server that speaks S3: through the same verbs and the same door."""

import io
import socket
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from moto.server import ThreadedMotoServer
from pytest_django import Settings

from core.files.errors import StoreAway
from core.files.models import StoredFile
from core.files.rules import Purpose
from core.files.selectors import open_file
from core.files.services import store
from core.files.views import handed_out
from core.project.settings import storage
from tests.core.actors import an_actor
from tests.core.files import samples
from tests.portals import TestPortal

BUCKET, PREFIX = "jiumai-files", "production"
BUYER = an_actor("李敏", "files.upload", dealer_id=7)


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """A server on loopback with an empty bucket."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    server.start()
    address = f"http://127.0.0.1:{port}"
    _client(address).create_bucket(Bucket=BUCKET)
    yield address
    server.stop()


@pytest.fixture
def bucket(endpoint: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> str:
    """The product keeps its files there, as the environment of production says it."""
    _use(endpoint, settings, monkeypatch)
    return endpoint


def _use(endpoint: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"BUCKET": BUCKET, "ENDPOINT": endpoint, "PREFIX": PREFIX, "ACCESS_KEY": "key", "SECRET_KEY": "secret"}
    for name, value in {**told, "REGION": "us-east-1"}.items():
        monkeypatch.setenv(f"JIUMAI_S3_{name}", value)
    settings.STORAGES = {**settings.STORAGES, "default": storage.uploads(settings.MEDIA_ROOT)}


def _client(endpoint: str) -> Any:
    return boto3.client(
        "s3", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="key", aws_secret_access_key="secret"
    )


def _kept() -> StoredFile:
    return store(actor=BUYER, upload=io.BytesIO(samples.picture()), name="瓶.png", purpose=Purpose.PICTURE)


def test_the_bytes_lie_in_the_bucket_and_come_back_through_the_door(bucket: str, xinghe: TestPortal) -> None:
    stored = _kept()
    key = f"{PREFIX}/t_xinghe/{stored.pk}"
    assert _client(bucket).get_object(Bucket=BUCKET, Key=key)["Body"].read() == samples.picture()
    with open_file(stored) as content:
        assert content.read() == samples.picture()
    response = handed_out(stored)
    assert b"".join(response.streaming_content) == samples.picture()  # type: ignore[arg-type]  # never asynchronous here
    assert int(response["Content-Length"]) == stored.size
    assert response["Content-Disposition"].startswith("attachment")


def test_nothing_in_the_bucket_is_open_to_all(bucket: str, xinghe: TestPortal) -> None:
    stored = _kept()
    grants = _client(bucket).get_object_acl(Bucket=BUCKET, Key=f"{PREFIX}/t_xinghe/{stored.pk}")["Grants"]
    assert [grant["Grantee"]["Type"] for grant in grants] == ["CanonicalUser"]


def test_there_is_no_address_of_a_file(bucket: str) -> None:
    with pytest.raises(ValueError, match="never by address"):
        default_storage.url("t_xinghe/anything")


def test_a_row_that_could_not_be_written_leaves_no_bytes(
    bucket: str, xinghe: TestPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("no row")

    before = _keys(bucket)
    monkeypatch.setattr(StoredFile, "save", fail)
    with pytest.raises(RuntimeError):
        _kept()
    assert _keys(bucket) == before


def _keys(endpoint: str) -> set[str]:
    return {found["Key"] for found in _client(endpoint).list_objects_v2(Bucket=BUCKET).get("Contents", [])}


def test_a_store_that_is_away_is_a_refusal_and_a_lost_file_a_fault(
    bucket: str, xinghe: TestPortal, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = _kept()
    with pytest.raises(FileNotFoundError):
        default_storage.open("t_xinghe/nothing")
    _use("http://127.0.0.1:1", settings, monkeypatch)
    for act in (lambda: open_file(stored), lambda: default_storage.save("t_xinghe/new", ContentFile(b"x"))):
        with pytest.raises(StoreAway):
            act()
