"""Two servers: one with a standing world in 杏禾, one where that brand is not known."""

import io
from collections.abc import Iterator

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from pytest_django import DjangoDbBlocker, Settings

from core.db.acts import act, brand_schema, public
from core.db.schemas import drop_schema
from core.files.models import StoredFile
from core.kernel import clock
from core.vault.services import seal
from dms.dealers.models import Dealer
from tenants.access.models import Seat
from tenants.brands.models import Brand, SchemaState
from tenants.brands.services import add_domain, export_brand
from tenants.organisations.models import Organisation
from tenants.people.models import User
from tests.cast import Cast
from tests.conftest import TODAY
from tests.database import connected_to, create, drop
from tests.factories.people import make_person
from tests.portals import XINGHE
from tests.tenants.brands.archives import NEW_KEYS, PHONES, USCC, figures
from tests.walls.world import World


@pytest.fixture(scope="session")
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
    with django_db_blocker.unblock():
        for database in (there, here):
            drop(database)


@pytest.fixture(scope="session")
def archive(servers: tuple[str, str], django_db_blocker: DjangoDbBlocker) -> bytes:
    """What the first server hands over."""
    target = io.BytesIO()
    with django_db_blocker.unblock(), connected_to(servers[0]), clock.at(TODAY):
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
    with brand_schema("t_xinghe"):
        Dealer.objects.filter(code="C1").update(
            organisation_id=firm.pk, contact_phone_sealed=seal("+8613800138009"), contact_phone_index="there"
        )


@pytest.fixture
def here(servers: tuple[str, str], settings: Settings, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """On the second server, whose files lie elsewhere and whose vault seals with another key; forgotten after."""
    settings.VAULT_KEYS = f"{NEW_KEYS},{settings.VAULT_KEYS}"
    with django_db_blocker.unblock(), connected_to(servers[1]):
        yield
        with public(), act():
            Brand.objects.filter(slug="xinghe").delete()
            SchemaState.objects.filter(schema_name="t_xinghe").delete()
            User.objects.all().delete()
            Organisation.objects.all().delete()
            StoredFile.objects.all().delete()
            drop_schema("t_xinghe")
