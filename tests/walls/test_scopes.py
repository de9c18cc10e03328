"""Every address × every limited seat: what its twin without limits may, inside the limits; outside, nothing is there.

Limits: docs/decisions/0008. The documents of the cells are C1's and T1's (370100, 370102) and of the line CLASSIC.
"""

import pytest

from core.kernel.actor import Actor
from dms.dealers.models import Dealer
from tests.cast import LIMITED, Cast
from tests.walls import ids
from tests.walls.registry import CELLS, STAFF, Cell, Id
from tests.walls.walking import REFUSED, Walk, digest, text_of
from tests.walls.world import HOUSES, mark_of, notice_mark_of

ABOUT_HOUSE: dict[Id, str] = {
    ids.waiting_c1: "c1",
    ids.confirmed_c1: "c1",
    ids.shipment_c1: "c1",
    ids.dealer_c1: "c1",
    ids.waiting_t1: "t1",
    ids.dealer_t1: "t1",
}
"""Whose document an id names."""
ABOUT_ORDER = (ids.waiting_c1, ids.confirmed_c1, ids.shipment_c1, ids.waiting_t1)
ABOUT_GOODS = (ids.sku, ids.family)
UNREAD = {409, 415, 422}
"""Refused for what was sent, before anybody asked whose it is."""
ABOUT_THE_HOUSE = frozenset({"storefront:licences"})
"""Pages of one's own house that know no product lines."""
OF_EVERY_LINE = frozenset({("api_outlet_supplies", "POST")})
"""What is sent there changes the supplier of all product lines at once."""
OWN_ALONE = (ids.own_job, ids.own_file, ids.own_token, ids.seat_of_rep)
"""What a limited seat does not see of its own house either."""


@pytest.fixture
def limited(walk: Walk) -> Walk:
    """The walk with the limited seats signed in and a second product line on the shelf."""
    cast = walk.world.cast
    cast.light()
    for key in cast.seat_limited():
        walk.clients[key] = cast.client(cast.actor(key), raise_request_exception=False)
    return walk


def house_of(cast: Cast, key: str) -> Dealer:
    found: Dealer = getattr(cast, key)
    return found


def covers(actor: Actor, house: Dealer) -> bool:
    return house.pk == actor.dealer_id or actor.scope.covers_dealer(path=house.path, region_code=house.region_code)


def is_outside(cast: Cast, actor: Actor, cell: Cell) -> bool:
    """Whether the document of the cell lies outside the seat's limits."""
    ids = set(cell.ids.values())
    houses = {house_of(cast, ABOUT_HOUSE[one]) for one in ids if one in ABOUT_HOUSE}
    if not all(covers(actor, house) for house in houses) or ids & set(OWN_ALONE):
        return True
    is_of_others = bool(ids & {*ABOUT_ORDER, *ABOUT_GOODS}) or (cell.name, cell.method) in OF_EVERY_LINE
    return bool(actor.scope.product_lines) and is_of_others


def hidden_from(cast: Cast, actor: Actor, cell: Cell) -> list[str]:
    """Marks of houses and notices outside, and the names of those that are nobody's parent or supplier inside."""
    houses = {key: house_of(cast, key) for key in HOUSES}
    outside = {key for key, house in houses.items() if not covers(actor, house)}
    if actor.scope.product_lines:
        is_own_page = cell.name in ABOUT_THE_HOUSE
        outside = {key for key, house in houses.items() if not (is_own_page and house.pk == actor.dealer_id)}
    names = [
        houses[key].name
        for key in outside
        if not actor.scope.product_lines
        and not any(covers(actor, other) and f"/{houses[key].pk}/" in other.path for other in houses.values())
    ]
    is_untold = actor.scope.limits_regions and not covers(actor, cast.c1)
    notices = [notice_mark_of(cast.portal, "c1")] if is_untold else []
    return [*(mark_of(cast.portal, key) for key in sorted(outside)), *notices, *names]


def test_a_limited_seat_finds_its_own_and_nothing_else(limited: Walk) -> None:
    cast = limited.world.cast
    succeeded: dict[str, int] = dict.fromkeys(LIMITED, 0)
    refused: dict[str, int] = dict.fromkeys(LIMITED, 0)
    for cell in CELLS:
        before = digest()
        for key, seat in LIMITED.items():
            actor = cast.actor(key)
            answer = limited.send(limited.clients[key], cell)
            status = answer.status_code
            outside = is_outside(cast, actor, cell)
            if status >= 500:
                limited.wrong.append(f"{key}: {cell} → {status}")
            if outside and seat.twin in cell.who and status not in REFUSED:
                limited.wrong.append(f"{key}: {cell} lies outside and answers {status}")
            if seat.twin not in cell.who and status not in {*REFUSED, *UNREAD}:
                limited.wrong.append(f"{key}: {cell} → {status}, its twin may not either")
            if seat.twin in cell.who and not outside and cell.ids and set(cell.ids.values()) & ABOUT_HOUSE.keys():
                is_well = status < 400 or (cell.may_refuse and status in UNREAD)
                limited.wrong += [] if is_well else [f"{key}: {cell} lies inside and answers {status}"]
                succeeded[key] += is_well
            refused[key] += outside and seat.twin in cell.who
            text = text_of(answer)
            limited.wrong += [
                f"{key} reads {word} on {cell}" for word in hidden_from(cast, actor, cell) if word in text
            ]
        if digest() != before:
            limited.wrong.append(f"{cell} was not undone, or somebody refused has changed something")
    assert not limited.wrong, "\n".join(limited.wrong)
    assert all(refused[key] for key in LIMITED if key not in ("manager_jinan", "rep_below_c1")), refused
    assert succeeded["manager_jinan"] and succeeded["rep_below_c1"] and succeeded["admin_c1_qingdao"], succeeded


def test_lists_still_show_what_lies_inside(limited: Walk) -> None:
    cast = limited.world.cast
    shown = {
        "manager_jinan": ("console:orders", mark_of(cast.portal, "c1")),
        "manager_qingdao": ("console:orders", limited.world.waiting["c2"]),
        "rep_below_c1": ("console:orders", limited.world.waiting["c1"]),
        "product_light": ("console:products", "轻酌"),
        "admin_qingdao": ("console:dealers", cast.c2.name),
    }
    for key, (name, word) in shown.items():
        cell = next(cell for cell in CELLS if (cell.name, cell.method) == (name, "GET"))
        text = text_of(limited.send(limited.clients[key], cell))
        if word not in text and not word.startswith("MARK"):
            limited.wrong.append(f"{key} misses {word} on {name}")
    assert not limited.wrong, "\n".join(limited.wrong)


def test_the_twins_are_of_the_same_side() -> None:
    assert {limited.twin in STAFF for key, limited in LIMITED.items() if "c1_" in key} == {False}
