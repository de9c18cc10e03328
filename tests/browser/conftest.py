"""One running product and one browser for all browser tests; a buyer and a desk to look at."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from pytest_django import DjangoDbBlocker

from ordering.orders.models import AsideLine, Order, OrderLine, PadUndo
from tests.chromium import browser
from tests.flows.world import Room, room
from tests.portals import XINGHE


@pytest.fixture(scope="package")
def program() -> Iterator[Browser]:
    """The browser; before the database, which has another connection while it is open."""
    with browser() as found:
        yield found


@pytest.fixture(scope="package")
def world(
    program: Browser, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Room]:
    """The cast and the product, without a worker."""
    with django_db_blocker.unblock(), room("browser", tmp_path_factory.mktemp("browser")) as found:
        yield found


@pytest.fixture(scope="package")
def origin(world: Room) -> str:
    """The brand's host."""
    return world.product.address(XINGHE.host, "")


@pytest.fixture
def empty_pads(world: Room) -> Iterator[None]:
    """Nothing is left in anybody's cart or beside it: the next test begins with its own."""
    yield
    drafts = Order.objects.filter(status=Order.Status.DRAFT)
    OrderLine.objects.filter(order__in=drafts).delete()
    drafts.delete()
    AsideLine.objects.all().delete()
    PadUndo.objects.all().delete()
