"""A brand that has only just been opened is told what to do first, until its first order."""

import re

from ordering.pricing.models import PriceEntry
from tests.cast import Cast
from tests.clients import HostClient
from tests.frontend.console.conftest import Opens, placed


def steps(client: HostClient) -> dict[str, bool]:
    """Page of every step that is told, and whether it was taken."""
    html = client.get("/console/").content.decode()
    part = html.partition('aria-labelledby="h-begin"')[2].partition("</section>")[0]
    rows = re.findall(r'<a class="link" href="([^"]+)"(.*?)</li>', part, re.DOTALL)
    return {url: "已完成" in row for url, row in rows}


def test_every_step_says_whether_it_was_taken(cast: Cast, desk: HostClient) -> None:
    PriceEntry.objects.all().delete()
    assert steps(desk) == {
        "/console/products/": True,
        "/console/stock/": True,
        "/console/prices/": False,
        "/console/dealers/": True,
        "/console/territories/": True,
        "/console/seats/": True,
    }
    assert "已完成 5 / 6" in desk.get("/console/").content.decode()


def test_the_first_order_ends_it(cast: Cast, desk: HostClient) -> None:
    assert steps(desk)
    placed(cast)
    assert steps(desk) == {}


def test_a_seat_is_told_what_it_may_do(cast: Cast, as_: Opens) -> None:
    assert steps(as_("auditor")) == {}, "who may change nothing"
    assert "/console/seats/" not in steps(as_("sales_admin"))
