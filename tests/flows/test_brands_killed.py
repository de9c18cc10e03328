"""kill -9 of a worker in the middle of opening, deleting and importing a brand: whoever comes after ends it right.

Each act is held at a place by a lock of ours, killed there, and taken up again.
"""

import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from pytest_django import DjangoDbBlocker

from core.db.acts import brand_schema, public
from core.files.models import StoredFile
from core.project.soundness import faults
from dms.dealers.models import Dealer
from tenants.access.models import Seat
from tenants.brands.archive import Reader
from tenants.brands.models import Brand, SchemaState
from tenants.brands.services import export_brand
from tests.cast import Cast
from tests.core.db.catalog import catalog
from tests.database import connected_to
from tests.factories.people import make_person
from tests.flows.killing import (
    STATE,
    adopt,
    assert_is_here,
    copy_named,
    forget,
    held,
    nothing_running,
    rows,
    run,
    until,
    until_alone,
    until_waiting,
)
from tests.live import LiveProduct
from tests.portals import XINGHE
from tests.tenants.brands.archives import brand_json
from tests.walls.world import World

pytestmark = pytest.mark.flows

BEFORE_THE_TABLES = "SELECT pg_advisory_lock(hashtextextended('schema:{schema}', 0))"
AFTER_THE_TABLES = "INSERT INTO brands_schemastate VALUES ('{schema}', '', 'BEHIND', '', NULL, NULL, NULL)"
AT_THE_BRAND = "SELECT 1 FROM brands_brand WHERE slug = '{slug}' FOR UPDATE"
AT_THE_DOOR = "LOCK TABLE brands_brand IN SHARE MODE"
AT_THE_ORDERS = "LOCK TABLE {schema}.orders_order IN ACCESS EXCLUSIVE MODE"
BEFORE_THE_DROP = "SELECT count(*) FROM {schema}.orders_order"
AT_THE_STATE = "SELECT 1 FROM brands_schemastate WHERE schema_name = '{schema}' FOR UPDATE"
AT_THE_PEOPLE = "LOCK TABLE people_user IN ACCESS EXCLUSIVE MODE"
AT_THE_PORTALS = "LOCK TABLE brands_portal IN ACCESS EXCLUSIVE MODE"
AT_THE_REPORT = "SELECT 1 FROM jobs_job WHERE status = 'RUNNING' FOR UPDATE"
KEEP_A_FILE = """
from core.db.acts import brand_schema
from core.files.rules import Type
from core.files.services import keep_produced

with brand_schema("t_{slug}"):
    keep_produced(name="a.csv", content=b"1,2", content_type=Type.CSV, dealer_id=None, seat_id=None)
"""


@pytest.fixture(scope="module")
def database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A fresh copy with a standing world in 杏禾."""
    with copy_named(f"{connection.settings_dict['TEST']['NAME']}_killed", django_db_blocker) as name:
        with connected_to(name), XINGHE.inside():
            World.build(Cast.build(XINGHE))
        yield name


@pytest.fixture
def product(database: str, tmp_path: Path) -> Iterator[LiveProduct]:
    """No web process: only who starts and what works."""
    with nothing_running(database, tmp_path) as product:
        yield product


def killed_and_taken_up(product: LiveProduct, act: str, about: str, slug: str, place: str, *, done: int) -> None:
    """Start an act by a job, kill the worker at ``place``, start another one; ``done`` steps are done at the end."""
    with held(product, place, slug):
        product.start_worker()
        job_id = run(product, "-m", "tests.flows.at_the_desk", act, about)
        until_waiting(product)
        product.stop("worker", number=signal.SIGKILL)
    until_alone(product)
    assert rows(product, "SELECT status, runs FROM jobs_job WHERE id = %s", job_id) == [("RUNNING", 1)]
    product.start_worker()
    adopt(product, job_id)
    until(product, STATE, [("DONE", done, 2)], job_id)


@pytest.mark.parametrize(
    ("slug", "place"), [("river1", BEFORE_THE_TABLES), ("river2", AFTER_THE_TABLES), ("river3", AT_THE_DOOR)]
)
def test_opening_a_brand_ends_right(product: LiveProduct, slug: str, place: str) -> None:
    if place == AT_THE_DOOR:  # what is written down there before is not to be held
        run(product, "manage.py", "shell", "--no-imports", "-c", OPEN.format(slug=slug))
    killed_and_taken_up(product, "provision", slug, slug, place, done=3)
    with connected_to(product.database):
        with public():
            brand = Brand.objects.get(slug=slug)
            assert (brand.state, brand.domains.count()) == ("ACTIVE", 1)
            assert SchemaState.objects.get(pk=f"t_{slug}").status == "CURRENT"
        with brand_schema(f"t_{slug}"):
            assert list(Dealer.objects.values_list("code", "name")) == [("ROOT", "新河酒业")]
            assert faults() == []
        ours, standing = catalog(f"t_{slug}"), catalog("t_xinghe")
    assert {kind: ours[kind] for kind in ours if kind != "sequences"} == {
        kind: standing[kind] for kind in standing if kind != "sequences"
    }


OPEN = (
    "from tenants.brands.services import OpenBrand, open_brand;"
    "open_brand(actor=None, command=OpenBrand('{slug}', '新河酒业', region_code='140100'))"
)


@pytest.mark.parametrize("place", [AT_THE_ORDERS, AT_THE_BRAND, BEFORE_THE_DROP, AT_THE_STATE])
def test_deleting_a_brand_ends_right(product: LiveProduct, place: str, tmp_path: Path) -> None:
    slug = f"gone{[AT_THE_ORDERS, AT_THE_BRAND, BEFORE_THE_DROP, AT_THE_STATE].index(place)}"
    run(product, "manage.py", "provision_brand", slug, "旧河酒业", "--region", "140100")
    run(product, "manage.py", "shell", "--no-imports", "-c", KEEP_A_FILE.format(slug=slug))
    files = tmp_path / "var" / "files"
    assert len(list((files / f"t_{slug}").iterdir())) == 1
    if place == AT_THE_BRAND:  # the verb that starts the job comes by there too: hold the job alone
        place = AT_THE_PORTALS
    killed_and_taken_up(product, "delete", slug, slug, place, done=4)
    assert rows(product, "SELECT state, name FROM brands_brand WHERE slug = %s", slug) == [("DELETED", "")]
    for left in (
        "SELECT 1 FROM pg_namespace WHERE nspname = 't_' || %s",
        "SELECT 1 FROM brands_schemastate WHERE schema_name = 't_' || %s",
        "SELECT 1 FROM brands_domain AS host JOIN brands_brand AS brand ON brand.id = host.tenant_id WHERE slug = %s",
    ):
        assert rows(product, left, slug) == []
    ((archive_id, name),) = rows(
        product,
        "SELECT file.id, file.name FROM files_storedfile AS file JOIN jobs_job AS job ON job.result_file_id = file.id"
        " WHERE job.parameters->>'slug' = %s",
        slug,
    )
    archive = tmp_path / "archive.zip"
    archive.write_bytes((files / "public" / str(archive_id)).read_bytes())
    assert str(name).startswith(f"{slug}.")
    with archive.open("rb") as content, Reader(content) as found:
        found.verify()
        assert found.manifest.rows["dealers_dealer"] == 1
        assert (len(found.files()), found.lost_files()) == (1, 0), "whichever run made it"
    assert list((files / f"t_{slug}").iterdir()) == []


@pytest.fixture(scope="module")
def archive(database: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """杏禾, exported with one of its people and with bytes of all its files."""
    place = tmp_path_factory.mktemp("archive") / "xinghe.zip"
    with connected_to(database):
        with brand_schema("t_xinghe"):
            name = Seat.objects.order_by("person_name").values_list("person_name", flat=True)[0]
            for stored in StoredFile.objects.all():
                default_storage.save(f"t_xinghe/{stored.pk}", ContentFile(b"x" * stored.size))
        make_person(name, email="zhou@example.com")
        with place.open("w+b") as target:
            assert export_brand(actor=None, slug="xinghe", target=target).files > 0
    return place


def assert_came_whole(product: LiveProduct, archive: Path) -> None:
    """Rows, ways in and files are those of the archive."""
    ways = len(brand_json(archive.read_bytes())["portals"])
    assert_is_here(product.database, archive, "xinghe", hosts=2, portals=ways)
    with archive.open("rb") as content, Reader(content) as found:
        kept = {place.name for place in (product.log / "var" / "files" / "t_xinghe").iterdir()}
        assert kept == set(found.files())


@pytest.mark.parametrize("place", [AT_THE_PEOPLE, BEFORE_THE_TABLES, AFTER_THE_TABLES, AT_THE_PORTALS])
def test_importing_a_brand_ends_right(product: LiveProduct, archive: Path, place: str) -> None:
    forget(product, "xinghe")
    command = ("manage.py", "import_brand", str(archive))
    with held(product, place, "xinghe"):
        product.start("import", sys.executable, *command)
        until_waiting(product)
        product.stop("import", number=signal.SIGKILL)
    assert rows(product, "SELECT 1 FROM brands_brand WHERE slug = 'xinghe' AND state <> 'PROVISIONING'") == []
    said = run(product, *command)
    assert said.startswith("xinghe: ")
    assert_came_whole(product, archive)


@pytest.mark.parametrize("place", [BEFORE_THE_TABLES, AFTER_THE_TABLES, AT_THE_PORTALS])
def test_importing_a_brand_by_a_job_ends_right(product: LiveProduct, archive: Path, place: str) -> None:
    forget(product, "xinghe")
    killed_and_taken_up(product, "import", str(archive), "xinghe", place, done=1)
    assert_came_whole(product, archive)


def test_an_import_killed_after_its_end_is_no_refusal(product: LiveProduct, archive: Path) -> None:
    """The brand is let in and its worker dies before it can say so: the next one finds it done."""
    forget(product, "xinghe")
    with held(product, AT_THE_PORTALS) as doors:
        product.start_worker()
        job_id = run(product, "-m", "tests.flows.at_the_desk", "import", str(archive))
        until_waiting(product)
        with held(product, AT_THE_REPORT):
            doors.rollback()
            until(product, "SELECT state FROM brands_brand WHERE slug = %s", [("ACTIVE",)], "xinghe")
            until_waiting(product)
            product.stop("worker", number=signal.SIGKILL)
    until_alone(product)
    assert rows(product, "SELECT status, runs FROM jobs_job WHERE id = %s", job_id) == [("RUNNING", 1)]
    product.start_worker()
    adopt(product, job_id)
    until(product, STATE, [("DONE", 1, 2)], job_id)
    assert_came_whole(product, archive)
