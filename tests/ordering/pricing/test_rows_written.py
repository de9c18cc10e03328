"""Saving one price touches one price: no row of another list, SKU or dealer, whatever else the brand holds."""

from datetime import timedelta

from core.db import sql
from core.kernel import clock
from core.kernel.quantity import Unit
from ordering.pricing.models import PriceEntry, PriceList
from ordering.pricing.services import PriceChange, SetPrices, set_prices
from tests.cast import Cast
from tests.factories.prices import make_list
from tests.factories.wide import make_many_skus, price_all

WRITTEN = """
SELECT relname::text, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_xact_user_tables
WHERE schemaname = current_schema()
"""
Rows = tuple[int, int, int]
"""Inserted, updated, deleted."""


def written() -> dict[str, Rows]:
    """Rows written by this transaction so far, by table, as PostgreSQL counts them."""
    return {table: (new, changed, gone) for table, new, changed, gone in sql.rows(WRITTEN, {})}


def touched(cast: Cast, *changes: PriceChange) -> dict[str, Rows]:
    """What setting these in the national list writes, in any table of the schema."""
    before = written()
    set_prices(actor=cast.pricing, command=SetPrices("NAT", changes))
    after = written()
    nothing = (0, 0, 0)
    moved = {}
    for table, (new, changed, gone) in after.items():
        was = before.get(table, nothing)
        moved[table] = (new - was[0], changed - was[1], gone - was[2])
    return {table: rows for table, rows in moved.items() if rows != nothing and table != "events_delivery"}


def wide(cast: Cast) -> None:
    """Lists of every scope, and one derived from the national list, which must stay as they are."""
    skus = make_many_skus(cast.skus[1], 40)
    for number in range(5):
        price_all(make_list(cast.root, f"T{number}", f"价盘{number}", scope="TIER", tier="CITY"), skus, {1: 90_000})
    make_list(cast.root, "HALF", "半价", parent=cast.national, factor_ppm=500_000)
    price_all(cast.national, skus, {1: 100_000, 10: 95_000})


def test_one_price_is_one_entry_one_version_one_event(cast: Cast) -> None:
    wide(cast)
    versions = dict(PriceList.objects.exclude(code="NAT").values_list("pk", "version"))
    change = PriceChange(cast.skus[1].code, Unit.CASE, 190_000)
    assert touched(cast, change) == {
        "pricing_priceentry": (1, 0, 0),
        "pricing_pricelist": (0, 1, 0),
        "events_event": (1, 0, 0),
    }
    assert dict(PriceList.objects.exclude(code="NAT").values_list("pk", "version")) == versions


def test_a_bounded_price_is_two_entries(cast: Cast) -> None:
    wide(cast)
    code, ends_at = cast.skus[1].code, clock.now() + timedelta(days=7)
    offer = (PriceChange(code, Unit.CASE, 190_000), PriceChange(code, Unit.CASE, 198_000, valid_from=ends_at))
    assert touched(cast, *offer) == {
        "pricing_priceentry": (2, 0, 0),
        "pricing_pricelist": (0, 1, 0),
        "events_event": (1, 0, 0),
    }


def test_a_scheduled_price_is_changed_in_its_place_and_the_same_price_writes_nothing(cast: Cast) -> None:
    wide(cast)
    starts_at = clock.now() + timedelta(days=7)
    touched(cast, PriceChange(cast.skus[1].code, Unit.CASE, 190_000, valid_from=starts_at))
    entries = PriceEntry.objects.count()
    again = PriceChange(cast.skus[1].code, Unit.CASE, 189_000, valid_from=starts_at)
    rows = touched(cast, again)
    assert (rows["pricing_pricelist"], rows["events_event"]) == ((0, 1, 0), (1, 0, 0))
    assert PriceEntry.objects.count() == entries
    assert touched(cast, again) == {}
