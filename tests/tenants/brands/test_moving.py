"""A brand leaves one server and arrives at another: same figures, nothing left behind, nothing doubled."""

import base64
import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import DjangoDbBlocker, Settings

from core.db import rows
from core.db.acts import act, brand_schema, public
from core.db.schemas import drop_schema, schema_exists
from core.events.models import Delivery
from core.files.models import StoredFile
from core.files.services import forget_bytes
from core.kernel import clock
from core.kernel.errors import Missing
from core.project.soundness import faults
from core.vault.services import blind_index, seal, unseal
from dms.dealers.models import Dealer
from ordering.orders.services import OrderedLine, PlaceOrder, place_order
from tenants.access.models import Seat
from tenants.brands.archive import Reader
from tenants.brands.errors import (
    ArchiveOfAnotherVersion,
    ArchiveUnreadable,
    BrandIsHere,
    FiguresDiffer,
    KeysMissing,
    SlugTaken,
    WrongState,
)
from tenants.brands.hosts import brand_at
from tenants.brands.models import Brand, Domain, Portal, SchemaState
from tenants.brands.services import (
    Imported,
    add_domain,
    begin_deletion,
    create_brand,
    export_brand,
    import_brand,
    resume,
)
from tenants.brands.services.deletion import STEPS, archive_of
from tenants.brands.services.steps import take
from tenants.organisations.models import Organisation
from tenants.people.models import User
from tests.cast import Cast
from tests.conftest import TODAY
from tests.core.db.catalog import catalog
from tests.database import connected_to, create, drop
from tests.factories.people import make_person
from tests.factories.seats import actor_on
from tests.portals import XINGHE
from tests.walls.world import World

NEW_KEYS = "n1:" + base64.b64encode(b"n" * 32).decode()
USCC = "91350100M000100Y43"
PHONES = ("13800138001", "13800138002")


@pytest.fixture(scope="module")
def servers(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[str, str]]:
    """Two databases: one with a standing world in 杏禾, one where that brand is not known."""
    name = str(connection.settings_dict["TEST"]["NAME"])
    there, here = f"{name}_there", f"{name}_here"
    with django_db_blocker.unblock():
        for database in (there, here):
            create(database)
        with connected_to(here), public(), act():
            Brand.objects.filter(slug="xinghe").delete()
            with connection.cursor() as cursor:
                cursor.execute("DROP SCHEMA t_xinghe CASCADE")
        yield there, here
        for database in (there, here):
            drop(database)


@pytest.fixture(scope="module")
def archive(servers: tuple[str, str], tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """What the first server hands over."""
    target = io.BytesIO()
    with connected_to(servers[0]), clock.at(TODAY):
        with XINGHE.inside():
            World.build(Cast.build(XINGHE))
        _people()
        add_domain(actor=None, slug="xinghe", host="order.example.com")
        made = export_brand(actor=None, slug="xinghe", target=target)
        assert made.rows["orders_order"] > 4
        assert made.rows == figures()
    return target.getvalue()


def _people() -> None:
    """Two people of the brand's seats with accounts, its register entry, bytes of its files."""
    with brand_schema("t_xinghe"):
        seats = list(Seat.objects.order_by("person_name")[:2])
        kept = list(StoredFile.objects.order_by("pk"))
    for stored in kept:
        default_storage.save(f"t_xinghe/{stored.pk}", ContentFile(b"x" * stored.size))
    with public(), act():
        firm = Organisation.objects.create(uscc=USCC, name="杏禾股份", kind="DISTILLERY", created_at=TODAY)
        brand = Brand.objects.get(slug="xinghe")
        Brand.objects.filter(pk=brand.pk).update(organisation_id=firm.pk)
        for seat, phone in zip(seats, PHONES, strict=True):
            person = make_person(seat.person_name, phone=phone)
            User.objects.filter(pk=person.pk).update(phone_sealed=seal(f"+86{phone}"))
            Portal.objects.get_or_create(brand=brand, person_id=person.pk, side=seat.side)
    with brand_schema("t_xinghe"):
        Dealer.objects.filter(code="C1").update(
            organisation_id=firm.pk, contact_phone_sealed=seal("+8613800138009"), contact_phone_index="there"
        )


def figures() -> dict[str, int]:
    """Rows of every table of the brand."""
    return {table: rows.counted("t_xinghe", table) for table in rows.tables("t_xinghe")}


def contents() -> dict[str, str]:
    """A digest of every table's rows, whatever their order."""
    found = {}
    with connection.cursor() as cursor:
        for table in rows.tables("t_xinghe"):
            cursor.execute(f"SELECT md5(string_agg(r::text, chr(10) ORDER BY r::text)) FROM t_xinghe.{table} AS r")
            found[table] = cursor.fetchone()[0]
    return found


@pytest.fixture
def here(servers: tuple[str, str], settings: Settings, tmp_path: Path) -> Iterator[None]:
    """On the second server, whose files lie elsewhere and whose vault seals with another key; forgotten after."""
    settings.VAULT_KEYS = f"{NEW_KEYS},{settings.VAULT_KEYS}"
    with connected_to(servers[1]):
        yield
        with public(), act():
            Brand.objects.filter(slug="xinghe").delete()
            SchemaState.objects.filter(schema_name="t_xinghe").delete()
            User.objects.all().delete()
            Organisation.objects.all().delete()
            StoredFile.objects.all().delete()
            drop_schema("t_xinghe")


def take_in(archive: bytes) -> Imported:
    return import_brand(actor=None, source=io.BytesIO(archive))


def test_the_figures_are_the_same_before_and_after(servers: tuple[str, str], archive: bytes, here: None) -> None:
    with connected_to(servers[0]):
        before, there = contents(), catalog("t_xinghe")
        sequences = rows.sequences("t_xinghe")
    taken = take_in(archive)
    assert contents() == before
    assert taken.rows == figures()
    assert rows.sequences("t_xinghe") == sequences
    assert {kind: found for kind, found in catalog("t_xinghe").items() if kind != "sequences"} == {
        kind: found for kind, found in there.items() if kind != "sequences"
    }
    with brand_schema("t_xinghe"):
        assert faults() == []
        stored = StoredFile.objects.order_by("pk").first()
    assert stored is not None
    assert (taken.files > 0, taken.renamed) == (True, 0)
    assert default_storage.size(f"t_xinghe/{stored.pk}") == stored.size
    with public():
        brand = Brand.objects.get(slug="xinghe")
        assert (brand.state, brand.name) == ("ACTIVE", "杏禾酒业")
        assert SchemaState.objects.get(pk="t_xinghe").status == "CURRENT"
        hosts = dict(Domain.objects.filter(tenant=brand).values_list("domain", "verified_at"))
        assert hosts["order.example.com"] is None
        assert User.objects.count() == len(PHONES)
        assert not any(person.has_usable_password() for person in User.objects.all())
        assert Portal.objects.filter(brand=brand).count() == len(PHONES)
    assert brand_at("xinghe.jiumai.localhost") is not None
    assert brand_at("order.example.com") is None


def test_work_goes_on_there(archive: bytes, here: None) -> None:
    take_in(archive)
    with clock.at(TODAY), XINGHE.inside():
        buyer = actor_on(XINGHE, Seat.objects.get(person_name="采购员乙"))
        command = PlaceOrder(lines=(OrderedLine("XH-QX-530-0500-Y20-06", 1),))
        assert place_order(actor=buyer, command=command).number
        assert faults() == []


def test_people_and_organisations_are_found_not_doubled(archive: bytes, here: None) -> None:
    """Who has an account here keeps it: the archive's ids become those of here, in every table, lists and JSON too."""
    known = make_person("somebody", phone=PHONES[0])
    with public():
        firm = Organisation.objects.create(uscc=USCC, name="杏禾股份有限公司", kind="DISTILLERY", created_at=TODAY)
    taken = take_in(archive)
    assert taken.renamed == 2
    with public():
        assert User.objects.count() == len(PHONES)
        assert Brand.objects.get(slug="xinghe").organisation_id == firm.pk
        assert Portal.objects.filter(person_id=known.pk).count() == 1
        assert Organisation.objects.count() == 1
    with brand_schema("t_xinghe"):
        assert Seat.objects.filter(person_id=known.pk).count() == 1
        assert Dealer.objects.get(code="C1").organisation_id == firm.pk
        assert faults() == []


def test_sealed_fields_open_and_indexes_fit_where_the_keys_are_others(
    archive: bytes, here: None, settings: Settings
) -> None:
    settings.VAULT_INDEX_KEY = "the index key of the other server"
    take_in(archive)
    with brand_schema("t_xinghe"):
        dealer = Dealer.objects.get(code="C1")
        assert unseal(dealer.contact_phone_sealed) == "+8613800138009"
        assert dealer.contact_phone_sealed.startswith("n1:")
        assert dealer.contact_phone_index == blind_index("+8613800138009", "dealers.contact_phone")
    with public():
        person = User.objects.get(phone_index=blind_index(f"+86{PHONES[0]}", "people.phone"))
        assert person.phone_sealed.startswith("n1:")


def test_without_the_keys_nothing_is_written(archive: bytes, here: None, settings: Settings) -> None:
    settings.VAULT_KEYS = NEW_KEYS
    with pytest.raises(KeysMissing) as refused:
        take_in(archive)
    assert refused.value.fields == {"keys": "d1"}
    with public():
        assert not Brand.objects.filter(slug="xinghe").exists()
        assert not User.objects.exists()


def changed(archive: bytes, name: str, content: bytes, *, is_honest: bool = False) -> bytes:
    """The archive with another member; ``is_honest``: the manifest knows of it."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as before, zipfile.ZipFile(target, "w") as after:
        for member in before.namelist():
            words = content if member == name else before.read(member)
            if is_honest and member == "manifest.json":
                said = json.loads(words)
                said["members"][name] = [len(content), hashlib.sha256(content).hexdigest()]
                words = json.dumps(said).encode()
            after.writestr(member, words)
        if name not in before.namelist():
            after.writestr(name, content)
    return target.getvalue()


def manifest_with(archive: bytes, **facts: object) -> bytes:
    with zipfile.ZipFile(io.BytesIO(archive)) as before:
        said = json.loads(before.read("manifest.json"))
    return changed(archive, "manifest.json", json.dumps({**said, **facts}).encode())


def test_what_was_damaged_or_made_up_is_refused(archive: bytes, here: None) -> None:
    broken = [
        b"",
        b"PK",
        archive[: len(archive) // 2],
        changed(archive, "tables/orders_order.csv", b"id\n1\n"),
        changed(archive, "files/extra", b"more"),
        changed(archive, "../../etc/passwd", b"more", is_honest=True),
        manifest_with(archive, form=2),
        manifest_with(archive, members={}),
    ]
    for one in broken:
        with pytest.raises(ArchiveUnreadable):
            take_in(one)
    assert not schema_exists("t_xinghe")


def test_another_version_is_refused(archive: bytes, here: None) -> None:
    with pytest.raises(ArchiveOfAnotherVersion):
        take_in(manifest_with(archive, fingerprint="0" * 64))
    with zipfile.ZipFile(io.BytesIO(archive)) as whole:
        columns = json.loads(whole.read("manifest.json"))["columns"]
    columns["orders_order"].append("injected")
    with pytest.raises(ArchiveOfAnotherVersion):
        take_in(manifest_with(archive, columns=columns))
    assert not schema_exists("t_xinghe")


def test_other_figures_are_refused_and_nothing_is_kept(archive: bytes, here: None) -> None:
    with zipfile.ZipFile(io.BytesIO(archive)) as whole:
        said = json.loads(whole.read("manifest.json"))["rows"]
        orders = whole.read("tables/orders_order.csv")
    with pytest.raises(FiguresDiffer):
        take_in(manifest_with(archive, rows={**said, "orders_order": said["orders_order"] + 1}))
    with pytest.raises(FiguresDiffer):  # a row that the tables refuse
        take_in(changed(archive, "tables/orders_order.csv", orders + b"not,a,row\n", is_honest=True))
    assert not schema_exists("t_xinghe")
    take_in(archive)


def test_a_line_of_no_order_is_refused(archive: bytes, here: None) -> None:
    """Foreign keys are checked although triggers of ours rest."""
    with zipfile.ZipFile(io.BytesIO(archive)) as whole:
        said = json.loads(whole.read("manifest.json"))["rows"]
        head = whole.read("tables/orders_order.csv").splitlines(keepends=True)[0]
    orphaned = changed(archive, "tables/orders_order.csv", head, is_honest=True)
    with pytest.raises(FiguresDiffer):
        take_in(manifest_with(orphaned, rows={**said, "orders_order": 0}))
    assert not schema_exists("t_xinghe")


def test_an_archive_speaks_to_no_other_brand(archive: bytes, here: None) -> None:
    """A delivery somebody wrote into it, to a handler that acts in the brands an event names, is left out."""
    with zipfile.ZipFile(io.BytesIO(archive)) as whole:
        said = json.loads(whole.read("manifest.json"))
        told = whole.read("tables/events_event.csv")
        deliveries = whole.read("tables/events_delivery.csv")
    columns = said["columns"]["events_delivery"]
    event_id = next(csv.DictReader(io.StringIO(told.decode())))["id"]
    row = {"id": "990001", "event_id": event_id, "handler": "tenants.access.person_erased", "attempts": "0"}
    row |= {"due_at": TODAY.isoformat(), "last_error": '""'}
    forged = deliveries + ",".join(row.get(name, "") for name in columns).encode() + b"\n"
    changes = changed(archive, "tables/events_delivery.csv", forged, is_honest=True)
    rows_now = {**said["rows"], "events_delivery": said["rows"]["events_delivery"] + 1}
    take_in(manifest_with(changes, rows=rows_now))
    with brand_schema("t_xinghe"):
        assert Delivery.objects.count() == said["rows"]["events_delivery"]
        assert not Delivery.objects.filter(handler="tenants.access.person_erased").exists()


def test_a_brand_that_is_here_is_not_overwritten(archive: bytes, here: None) -> None:
    take_in(archive)
    before = contents()
    with pytest.raises(BrandIsHere):
        take_in(archive)
    assert contents() == before


def test_a_run_that_was_killed_after_its_end_says_the_same_again(archive: bytes, here: None) -> None:
    """The job is begun anew by another worker: the brand that came in whole is no refusal."""
    job_id = uuid4()
    taken = import_brand(actor=None, source=io.BytesIO(archive), job_id=job_id)
    before = contents()
    with public():
        Portal.objects.all().delete()  # whoever was let go since does not come back
    assert import_brand(actor=None, source=io.BytesIO(archive), job_id=job_id) == taken
    assert contents() == before
    with public():
        assert not Portal.objects.exists()
    with pytest.raises(BrandIsHere):
        import_brand(actor=None, source=io.BytesIO(archive), job_id=uuid4())


def test_deletion_exports_first_and_leaves_a_tombstone(archive: bytes, here: None) -> None:
    taken = take_in(archive)
    before = figures()
    begin_deletion(actor=None, slug="xinghe", reason="合同到期")
    facts = brand_at("xinghe.jiumai.localhost")
    assert facts is not None
    assert (facts.is_open, facts.state_reason) == (False, "合同到期")
    take(STEPS, "xinghe", None)
    take(STEPS[1:], "xinghe", None)  # and again: nothing more happens
    assert not schema_exists("t_xinghe")
    assert brand_at("xinghe.jiumai.localhost") is None
    with public():
        tomb = Brand.objects.get(slug="xinghe")
        assert (tomb.state, tomb.name, tomb.organisation_id) == ("DELETED", "", None)
        assert tomb.deleted_at is not None
        assert not Domain.objects.filter(tenant=tomb).exists()
        assert not Portal.objects.filter(brand=tomb).exists()
        assert not SchemaState.objects.filter(pk="t_xinghe").exists()
        archive_id = archive_of("xinghe")
        assert archive_id is not None
        kept = StoredFile.objects.get(pk=archive_id)
    with default_storage.open(f"public/{kept.pk}") as content, Reader(content) as again:
        again.verify()
        assert again.manifest.rows == before
        assert len(again.files()) == taken.files
    assert default_storage.listdir("t_xinghe")[1] == []
    with pytest.raises(Missing):
        begin_deletion(actor=None, slug="xinghe", reason="noch einmal")
    with pytest.raises(SlugTaken):
        create_brand(slug="xinghe", name="别家")


def test_a_deleted_brand_comes_back_from_its_archive(archive: bytes, here: None) -> None:
    take_in(archive)
    before = figures()
    begin_deletion(actor=None, slug="xinghe", reason="合同到期")
    take(STEPS, "xinghe", None)
    take_in(archive)
    assert figures() == before
    facts = brand_at("xinghe.jiumai.localhost")
    assert facts is not None
    assert (facts.name, facts.is_open) == ("杏禾酒业", True)
    with public():
        assert Brand.objects.get(slug="xinghe").deleted_at is None


def test_a_deletion_begun_again_keeps_the_archive_with_the_files(archive: bytes, here: None) -> None:
    """Killed between the files and the schema, and begun anew from the first step."""
    taken = take_in(archive)
    begin_deletion(actor=None, slug="xinghe", reason="合同到期")
    take(STEPS[:2], "xinghe", None)
    with brand_schema("t_xinghe"):
        forget_bytes()
    call_command("delete_brand", "xinghe", "--reason", "合同到期", "--yes", "xinghe", stdout=io.StringIO())
    with public():
        kept = StoredFile.objects.get(purpose="archive")
        assert kept.pk == archive_of("xinghe")
    with default_storage.open(f"public/{kept.pk}") as content, Reader(content) as again:
        assert (len(again.files()), again.lost_files()) == (taken.files, 0)


def test_nothing_is_deleted_while_files_are_not_in_the_storage(archive: bytes, here: None) -> None:
    take_in(archive)
    with brand_schema("t_xinghe"):
        forget_bytes()
    command = ("delete_brand", "xinghe", "--reason", "合同到期", "--yes", "xinghe")
    with pytest.raises(CommandError, match="not in the storage"):
        call_command(*command)
    assert schema_exists("t_xinghe")
    with public():
        assert Domain.objects.filter(tenant__slug="xinghe").exists()
        assert not StoredFile.objects.exists()
    call_command(*command, "--without-lost-files", stdout=io.StringIO())
    assert not schema_exists("t_xinghe")


def test_a_deletion_that_was_begun_is_not_taken_back(archive: bytes, here: None) -> None:
    take_in(archive)
    begin_deletion(actor=None, slug="xinghe", reason="合同到期")
    with pytest.raises(WrongState):
        resume(actor=None, slug="xinghe")
    assert brand_at("xinghe.jiumai.localhost") is not None
