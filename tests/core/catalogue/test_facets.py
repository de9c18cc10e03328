"""What a list may be narrowed by, counted in one query."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.catalogue.selectors import facets, skus_visible_to
from core.kernel.actor import Actor
from tests.core.catalogue.shelfful import stock_the_shelf


def test_every_facet_counts_what_is_seen(buyer: Actor) -> None:
    stock_the_shelf()
    with CaptureQueriesContext(connection) as statements:
        found = facets(skus_visible_to(buyer))
    assert len(statements) == 1
    assert [(one.value, one.count) for one in found["aroma"]] == [("NX", 4), ("FY", 1), ("JX", 1), ("QX", 1)]
    assert [(one.value, one.label, one.count) for one in found["line"]] == [("ALL", "全系列", 7)]
    assert [(one.value, one.count) for one in found["abv"]] == [("520", 5), ("530", 2)]
    assert [(one.value, one.count) for one in found["pack"]] == [("4", 1), ("6", 6)]
    assert [(one.value, one.count) for one in found["volume"]] == [("500", 6), ("550", 1)]
    assert [(one.value, one.count) for one in found["status"]] == [("ON", 7)]
