"""Days are the brand's own: counted in its time zone by page and by task, on both sides of midnight."""

from datetime import UTC, date, datetime

import pytest
from celery import shared_task

from core.db.acts import public
from core.kernel import clock
from ordering.orders.services import OrderedLine, PlaceOrder, place_order
from tenants.brands.hosts import tell, zone_of
from tenants.brands.models import Brand
from tests.cast import Cast
from tests.clients import HostClient

EVENING = datetime(2026, 1, 13, 3, tzinfo=UTC)
"""The 13th in Shanghai, the evening of the 12th in Los Angeles."""
told: list[date] = []


@pytest.fixture
def overseas(cast: Cast) -> str:
    """The brand's zone is Los Angeles; the number of an order placed there in the evening."""
    with public():
        brand = Brand.objects.get(schema_name=cast.portal.schema)
        brand.time_zone = "America/Los_Angeles"
        brand.save(update_fields=["time_zone"])
    tell(brand)
    with clock.at(EVENING):
        return place_order(actor=cast.buyer_c1, command=PlaceOrder(lines=(OrderedLine(cast.skus[1].code, 1),))).number


def test_a_list_counts_days_where_the_brand_is(overseas: str, desk: HostClient) -> None:
    for query, is_there in (("since=2026-01-13", False), ("since=2026-01-12", True), ("until=2026-01-12", True)):
        assert (overseas in desk.get(f"/console/orders/?{query}").content.decode()) is is_there, query


@shared_task(name="tests.what_day")
def what_day(*_arguments: object) -> None:
    told.append(clock.business_day())


def test_a_task_counts_them_there_too(cast: Cast, overseas: str) -> None:
    told.clear()
    assert (zone_of(cast.portal.schema), zone_of("public")) == ("America/Los_Angeles", clock.SHANGHAI)
    with clock.at(EVENING):
        what_day.delay()
        told.append(clock.business_day())
    assert told == [date(2026, 1, 12), date(2026, 1, 13)]
