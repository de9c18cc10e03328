"""What a house pays is kept from its clerk where the owner says so: on every page and in the interface for programs."""

import re
from functools import partial

import pytest

from tests.factories.seats import make_seat
from tests.walls.registry import CELLS, Id
from tests.walls.walking import Walk, text_of
from tests.walls.world import World

AMOUNT = re.compile(r"¥\s?\d|\d,\d{3}\.\d\d|\d{3,}\.\d\d")
"""An amount as pages and programs print it: ¥2,080.00, 2080.00."""
T1_PRICE = re.compile(r"208000|416000")
"""The same in fen, as a form might carry it."""


@pytest.fixture
def clerks(walk: Walk) -> Walk:
    """A clerk of T1 who sees purchase prices, and one who does not."""
    cast = walk.world.cast
    for role in ("outlet_clerk", "outlet_clerk_unpriced"):
        seat = cast.seats[role] = make_seat(cast.portal, f"店员 {role}", cast.t1, role)
        walk.clients[role] = cast.client(cast.actor(role))
        assert seat.dealer_id == cast.t1.pk
    return walk


PAGES = frozenset(
    (
        *("storefront:home", "storefront:catalogue", "storefront:product", "storefront:pad", "storefront:checkout"),
        *("storefront:orders", "storefront:order", "storefront:notices", "api_orders", "api_order"),
        *("api_order_checks", "api_skus", "api_sku", "api_cart", "api_order_shipments", "api_me"),
    )
)


def test_a_clerk_orders_and_never_reads_an_amount(clerks: Walk) -> None:
    world = clerks.world
    ids = {"number": world.waiting["t1"], "code": world.cast.skus[1].code}
    priced: list[str] = []
    _fill_cart(clerks)
    for cell in CELLS:
        if cell.name not in PAGES or (cell.method == "POST" and cell.name != "api_order_checks"):
            continue
        own: dict[str, Id] = {name: partial(_own, ids[name]) for name in cell.ids}
        answers = {}
        for role in ("outlet_clerk", "outlet_clerk_unpriced"):
            mine = type(cell)(cell.name, cell.method, cell.who, own, cell.data, cell.may_refuse)
            answer = clerks.send(clerks.clients[role], mine)
            assert answer.status_code == 200, f"{role}: {cell} → {answer.status_code}"
            text = text_of(answer)
            answers[role] = [*AMOUNT.findall(text), *T1_PRICE.findall(text)]
        clerks.wrong += [f"{cell}: {found}" for found in answers["outlet_clerk_unpriced"]]
        priced += [cell.name] if answers["outlet_clerk"] else []
    assert not clerks.wrong, "\n".join(clerks.wrong)
    seen = {
        "storefront:catalogue",
        "storefront:pad",
        "storefront:checkout",
        "storefront:order",
        "api_order",
        "api_skus",
    }
    assert seen <= set(priced), "who may see amounts must find them on the same pages"


def _own(name: str, _world: World) -> object:
    return name


def _fill_cart(walk: Walk) -> None:
    for role in ("outlet_clerk", "outlet_clerk_unpriced"):
        sku = walk.world.cast.skus[1].code
        answer = walk.clients[role].post("/products/cart/", {"sku": sku, "unit": "CASE", "quantity": "1"})
        assert answer.status_code == 302, answer.content.decode()
