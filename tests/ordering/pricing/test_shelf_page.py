"""shelf_page: what a dealer sees, with its own prices, in four statements; what an order would charge."""

import orjson
import pytest

from core.kernel import clock
from core.kernel.errors import Missing, NotPermitted
from core.kernel.quantity import Unit
from dms.territories.models import Grant
from ordering.orders.rules.checks import AskedLine
from ordering.orders.selectors import check_lines
from ordering.pricing.models import PriceList
from ordering.pricing.selectors import ShelfFilters, shelf_card, shelf_cards, shelf_page
from ordering.pricing.services import PriceChange, SetPrices, set_prices
from tests.cast import Cast
from tests.factories.goods import make_line
from tests.factories.wide import make_many_skus, price_all, stock_all
from tests.ordering.watching import statements

ALL = ShelfFilters()


def test_a_card_has_the_dealers_own_price_and_free_stock(cast: Cast) -> None:
    page = shelf_page(actor=cast.buyer_c1, filters=ALL)
    cards = {card.sku_code: card for card in page.cards}
    card = cards[cast.skus[1].code]
    assert (card.price, card.unit, card.currency, card.price_list) == (178_000, "CASE", "CNY", "CITY")
    assert [(step.min_quantity, step.amount) for step in card.ladder] == [(1, 178_000), (10, 170_000)]
    assert (card.free_bottles, card.bottles_per_case, card.is_granted, card.is_sellable) == (600, 6, True, True)
    assert page.total == 5
    assert cast.skus[6].code not in cards, "it is OFF"
    assert cards[cast.skus[5].code].price is None
    assert shelf_card(actor=cast.buyer_c2, sku_code=cast.skus[1].code).price == 168_000


def test_a_terminal_sees_its_suppliers_prices_and_stock(cast: Cast) -> None:
    card = shelf_card(actor=cast.buyer_t1, sku_code=cast.skus[1].code)
    assert (card.price, card.free_bottles, card.price_list) == (208_000, 60, "C1-NAT")
    assert shelf_card(actor=cast.buyer_t1, sku_code=cast.skus[3].code).price is None


def test_only_what_can_be_ordered_when_asked_for(cast: Cast) -> None:
    page = shelf_page(actor=cast.buyer_c1, filters=ShelfFilters(is_sellable_only=True))
    assert page.total == 4
    assert all(card.is_sellable for card in page.cards)
    Grant.objects.filter(dealer=cast.c1).update(product_line=make_line("OTHER", "别的"))
    assert shelf_page(actor=cast.buyer_c1, filters=ShelfFilters(is_sellable_only=True)).total == 0
    assert not shelf_page(actor=cast.buyer_c1, filters=ALL).cards[0].is_granted


def test_a_price_that_was_ended_cannot_be_ordered(cast: Cast) -> None:
    sku = cast.skus[1]
    for price_list in PriceList.objects.filter(seller=cast.root):
        steps = {(entry.unit, entry.min_quantity) for entry in price_list.entries.filter(sku=sku)}
        changes = tuple(PriceChange(sku.code, Unit(unit), None, min_quantity=step) for unit, step in steps)
        set_prices(actor=cast.admin, command=SetPrices(price_list.code, changes))
    page = shelf_page(actor=cast.buyer_c1, filters=ShelfFilters(is_sellable_only=True))
    assert (page.total, all(card.is_sellable for card in page.cards)) == (3, True)


def test_what_the_brand_reserves_to_itself_cannot_be_ordered(cast: Cast) -> None:
    line = cast.skus[1].product_line
    Grant.objects.create(
        dealer=cast.root,
        product_line=line,
        region_code="CN",
        kind=Grant.Kind.RESERVED,
        valid_from=clock.business_day(),
        created_at=clock.now(),
    )
    page = shelf_page(actor=cast.buyer_c1, filters=ShelfFilters(is_sellable_only=True))
    assert all(card.product_line != line.code and card.is_sellable for card in page.cards)


def test_facets_count_under_the_other_facets(cast: Cast) -> None:
    page = shelf_page(actor=cast.buyer_c1, filters=ShelfFilters(aromas=("QX",), abv_tenths=(530,)))
    facets = {name: {value.value: value.count for value in values} for name, values in page.facets.items()}
    assert page.total == 2
    assert facets["aroma"] == {"QX": 2, "NX": 0}
    assert facets["abv"] == {"530": 2, "520": 0, "420": 1}
    assert facets["pack"] == {"500x6": 1, "500x12": 0, "100x24": 1}
    assert facets["line"] == {"CLASSIC": 2}
    assert [value.value for value in page.facets["abv"] if value.is_chosen] == ["530"]
    every = shelf_page(actor=cast.buyer_c1, filters=ShelfFilters(packs=("500x6", "500x12"), product_lines=("CLASSIC",)))
    assert every.total == 4


def test_words_find_what_the_catalogue_indexed(cast: Cast) -> None:
    for text in ("青花", "qh20", "qinghua20", "6901234567892", cast.skus[1].name.replace("青花", "青华")):
        page = shelf_page(actor=cast.buyer_c1, filters=ShelfFilters(text=text))
        assert page.cards[0].sku_code == cast.skus[1].code
        assert page.total == sum(value.count for value in page.facets["aroma"])
    assert shelf_page(actor=cast.buyer_c1, filters=ShelfFilters(text="'; DROP TABLE x --")).total == 0
    assert shelf_page(actor=cast.buyer_c1, filters=ShelfFilters(text="   ")).total == 5


def test_the_shelf_and_the_order_charge_the_same(cast: Cast) -> None:
    for key in ("buyer_p1", "buyer_c1", "buyer_c2", "buyer_t1"):
        cards = shelf_page(actor=cast.actor(key), filters=ALL).cards
        lines = [AskedLine(line, card.sku_code, 1) for line, card in enumerate(cards, start=1)]
        checked = check_lines(actor=cast.actor(key), lines=lines)
        charged = [line.priced.unit_price if line.priced else None for line in checked.lines]
        assert charged == [card.price for card in cards]
        assert [line.free_bottles for line in checked.lines] == [card.free_bottles for card in cards]


def test_four_statements_for_any_number_of_cards_and_a_page_past_the_end_is_the_last(cast: Cast) -> None:
    with statements() as few:
        shelf_page(actor=cast.buyer_c1, filters=ALL)
    skus = make_many_skus(cast.skus[1], 120)
    stock_all(cast.w1, skus, 6)
    price_all(cast.national, skus, {1: 5, 10: 4})
    with statements() as many:
        page = shelf_page(actor=cast.buyer_c1, filters=ALL, page=9)
    assert len(few) == len(many) == 4
    assert (page.page, page.page_count, page.total, len(page.cards)) == (3, 3, 125, 25)
    assert len(shelf_page(actor=cast.buyer_c1, filters=ALL).cards) == 50


def test_cards_are_printed_as_they_are(cast: Cast) -> None:
    cards = orjson.loads(orjson.dumps(shelf_page(actor=cast.buyer_c1, filters=ALL).cards))
    assert cards[0]["ladder"][0] == {"unit": "CASE", "min_quantity": 1, "amount": 178_000}


def test_what_is_not_on_the_shelf_is_missing(cast: Cast) -> None:
    for code in (cast.skus[6].code, "XH-NO-SUCH"):
        with pytest.raises(Missing):
            shelf_card(actor=cast.buyer_c1, sku_code=code)
    assert shelf_cards(actor=cast.buyer_c1, sku_codes=()) == ()
    with pytest.raises(Missing):
        shelf_page(actor=cast.admin, filters=ALL)
    with pytest.raises(NotPermitted):
        shelf_page(actor=cast.finance_c1, filters=ALL)
