"""Opening a brand: its row, its host, its schema with all tables."""

import pytest
from django.db import connection as plain

from core.db.acts import brand_schema
from ordering.orders.selectors import ordering_settings
from tenants.brands.errors import BadBrand, BadSlug, SlugTaken
from tenants.brands.models import Brand, Domain
from tenants.brands.rules import checked_slug, schema_of
from tenants.brands.services import create_brand
from tenants.brands.services.opening import make_first_rows


@pytest.fixture(autouse=True)
def _database(db: None) -> None:
    pass


def tables(schema: str) -> set[str]:
    with plain.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema])
        return {row[0] for row in cursor.fetchall()}


def test_a_brand_gets_its_host_and_the_same_tables_as_every_other() -> None:
    brand = create_brand(slug="new-river", name="新河酒业", name_en="New River", currency="USD")
    assert (brand.schema_name, brand.seal, brand.state) == ("t_new_river", "新", "ACTIVE")
    assert Domain.objects.get(tenant=brand).domain == "new-river.jiumai.localhost"
    assert tables("t_new_river") == tables("t_xinghe")
    with brand_schema("t_new_river"):
        from core.catalogue.models import Sku

        assert Sku.objects.count() == 0


def test_a_brand_abroad_counts_days_by_its_own_midnight() -> None:
    create_brand(slug="iowa", name="Iowa", currency="USD", time_zone="America/Chicago")
    make_first_rows("iowa")
    with brand_schema("t_iowa"):
        assert ordering_settings().time_zone == "America/Chicago"


def test_a_taken_slug_is_refused() -> None:
    with pytest.raises(SlugTaken):
        create_brand(slug="xinghe", name="别家")
    assert Brand.objects.filter(slug="xinghe").count() == 1


@pytest.mark.parametrize(
    "slug", ["", "a", "A1", "1abc", "a_b", "a--b", "-ab", "ab-", "x" * 31, "www", "ops", "t'; drop", "酒"]
)
def test_a_slug_that_is_no_host_is_refused(slug: str) -> None:
    with pytest.raises(BadSlug):
        checked_slug(slug)


def test_two_slugs_never_share_a_schema() -> None:
    assert schema_of("a-b") == "t_a_b"
    with pytest.raises(BadSlug):
        checked_slug("a_b")


@pytest.mark.parametrize(
    "setting", [{"currency": "XXX"}, {"accent": "red"}, {"accent": "#12"}, {"time_zone": "Asia/Moon"}]
)
def test_unknown_settings_are_refused(setting: dict[str, str]) -> None:
    with pytest.raises(BadBrand):
        create_brand(slug="other", name="别家", **setting)  # type: ignore[arg-type]  # settings of one kind
    assert not Brand.objects.filter(slug="other").exists()
