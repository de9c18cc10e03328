"""A brand leaves one server and arrives at another: same figures, nothing left behind, nothing doubled."""

import io
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from pytest_django import Settings

from core.db import rows
from core.db.acts import brand_schema, public
from core.files.models import StoredFile
from core.kernel import clock
from core.project.soundness import faults
from core.vault.services import blind_index, unseal
from dms.dealers.models import Dealer
from ordering.orders.services import OrderedLine, PlaceOrder, place_order
from tenants.access.models import Seat
from tenants.access.selectors import seated_people
from tenants.brands.errors import (
    BrandIsHere,
    FiguresDiffer,
    KeysMissing,
    OtherArchive,
)
from tenants.brands.hosts import brand_at
from tenants.brands.models import Brand, Domain, Portal, SchemaState
from tenants.brands.services import (
    import_brand,
    moving_in,
)
from tenants.organisations.models import Organisation
from tenants.people.models import User
from tests.conftest import TODAY
from tests.core.db.catalog import catalog
from tests.database import connected_to
from tests.factories.people import make_person
from tests.factories.seats import actor_on
from tests.portals import XINGHE
from tests.tenants.brands.archives import NEW_KEYS, PHONES, USCC, brand_json, contents, figures, manifest_with, take_in


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
        ways = set(Portal.objects.filter(brand=brand).values_list("person_id", "side"))
    with brand_schema("t_xinghe"):
        assert ways == seated_people() != set()
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


def test_people_go_with_their_seats(archive: bytes) -> None:
    """What the platform shows of portals may have been lost between two commits: nobody is left out for that."""
    said = brand_json(archive)
    assert len(said["people"]) == len(PHONES)
    assert {one["id"] for one in said["people"]} <= {one["person_id"] for one in said["portals"]}


def broken_off(archive: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """An import that ends between its rows and its files."""
    with monkeypatch.context() as patched, pytest.raises(OSError, match="no space"):
        patched.setattr(moving_in, "_take_files", _full_disk)
        take_in(archive)
    with public():
        assert Brand.objects.get(slug="xinghe").state == "PROVISIONING"


def _full_disk(*_: object) -> None:
    raise OSError("no space left")


def test_an_import_goes_on_from_the_very_same_archive(
    archive: bytes, here: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken_off(archive, monkeypatch)
    newer = manifest_with(archive, made_at="2026-02-01T08:00:00+00:00")
    with pytest.raises(OtherArchive):
        take_in(newer)
    with public():
        assert Brand.objects.get(slug="xinghe").state == "PROVISIONING"
    assert take_in(archive).rows == figures()
    with public():
        assert Brand.objects.get(slug="xinghe").state == "ACTIVE"


def test_rows_that_went_meanwhile_are_seen(archive: bytes, here: None, monkeypatch: pytest.MonkeyPatch) -> None:
    broken_off(archive, monkeypatch)
    with brand_schema("t_xinghe"):
        StoredFile.objects.filter(pk=StoredFile.objects.order_by("pk")[:1]).delete()
    with pytest.raises(FiguresDiffer) as refused:
        take_in(archive)
    assert refused.value.fields == {"table": "files_storedfile"}
    with public():
        assert Brand.objects.get(slug="xinghe").state == "PROVISIONING"
