"""What every test may ask for. Both brands' schemas are built once per run; each test is rolled back."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as django_settings
from django.core.cache import caches
from django.db import connection
from django.test import override_settings
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker, Settings

from core.kernel import clock
from core.web import logs
from tests.cast import Cast
from tests.database import test_database
from tests.portals import CHISHUI, XINGHE, TestPortal
from tests.wall_watch import watch

TODAY = datetime(2026, 1, 12, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))

hypothesis_settings.register_profile(
    "jiumai",
    deadline=None,  # two cores shared with a database: a slow example says nothing
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
hypothesis_settings.load_profile("jiumai")
watch()  # no statement of any test may join over the wall


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker, django_db_modify_db_settings: None
) -> Iterator[None]:
    """A database of this process with the public schema and both brands' schemas, dropped at the end."""
    with django_db_blocker.unblock(), test_database(connection.settings_dict["TEST"]["NAME"]):
        yield


def _files_in(root: Path) -> dict[str, Any]:
    storage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(root)}}
    return {"MEDIA_ROOT": root, "STORAGES": {**django_settings.STORAGES, "default": storage}}


def files_in(root: Path) -> override_settings:
    """Inside the block files are kept below ``root``."""
    return override_settings(**_files_in(root))


@pytest.fixture(scope="session", autouse=True)
def _files_apart(tmp_path_factory: pytest.TempPathFactory, django_test_environment: None) -> Iterator[None]:
    """What fixtures of modules and of the session keep does not lie among the developer's own files."""
    with files_in(tmp_path_factory.mktemp("files")):
        yield


@pytest.fixture(autouse=True)
def _own_files_and_caches(settings: Settings, tmp_path: Path) -> None:
    settings.TXT_RESOLVER = "tests.clients.no_records"
    for setting, value in _files_in(tmp_path).items():
        setattr(settings, setting, value)
    for cache in caches.all(initialized_only=True):
        cache.clear()
    for name in (logs.request_id, logs.schema, logs.seat):
        name.set("-")  # a request of another test has left its own on this thread


@pytest.fixture
def today() -> Iterator[datetime]:
    """The clock stands on the cast's day: 2026-01-12 10:00 in Shanghai."""
    with clock.at(TODAY):
        yield TODAY


@pytest.fixture
def xinghe(db: None) -> Iterator[TestPortal]:
    """The test runs inside 杏禾's empty schema, which is alone on the search path."""
    with XINGHE.inside():
        yield XINGHE


@pytest.fixture
def chishui(db: None) -> TestPortal:
    """The other brand, 赤水河, empty too; enter it by ``with chishui.inside():``."""
    return CHISHUI


@pytest.fixture
def cast(xinghe: TestPortal, today: datetime) -> Cast:
    """The standing world of 杏禾 (see tests/cast.py); the test runs inside its schema on the cast's day."""
    return Cast.build(xinghe)


@pytest.fixture
def chishui_cast(chishui: TestPortal, today: datetime) -> Cast:
    """The same world in the other brand; enter it by ``with chishui_cast.portal.inside():``."""
    with chishui.inside():
        return Cast.build(chishui)
