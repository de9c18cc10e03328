"""The wall between a brand's schema and the public one is physical."""

import pytest
from django.db import ProgrammingError, transaction

from core.db.acts import connection, public
from tenants.brands.models import Brand
from tests.cast import Cast
from tests.portals import TestPortal


def test_a_brands_transaction_cannot_see_public_tables(xinghe: TestPortal) -> None:
    with pytest.raises(ProgrammingError, match="does not exist"), transaction.atomic():
        Brand.objects.count()


def test_public_tables_are_seen_through_the_door_only(xinghe: TestPortal) -> None:
    with public():
        assert set(Brand.objects.values_list("slug", flat=True)) == {"xinghe", "chishui"}
    assert connection.schema_name == "t_xinghe"


def test_the_two_worlds_do_not_touch(cast: Cast, chishui_cast: Cast) -> None:
    assert cast.skus[1].code == "XH-QX-530-0500-Y20-06"
    with chishui_cast.portal.inside():
        from core.catalogue.models import Sku

        assert set(Sku.objects.values_list("code", flat=True)) == {sku.code for sku in chishui_cast.skus.values()}
