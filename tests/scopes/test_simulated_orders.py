"""An order of the past in the simulator: for who builds policies, within the seat's limits, never for a dealer."""

from dataclasses import replace

import pytest

from core.kernel.actor import Scope
from core.kernel.errors import Missing, NotPermitted
from core.kernel.quantity import Unit
from ordering.orders.permissions import Permission
from ordering.orders.selectors.simulated import may_simulate_orders, order_to_simulate, orders_called
from ordering.promotions.selectors import SimulatedLine
from tests.cast import Cast
from tests.ordering.orders.placed import placed_number


def test_who_writes_policies_reads_the_lines_without_a_right_to_orders(cast: Cast) -> None:
    number = placed_number(cast, (1, 2), (3, 1))
    assert not cast.pricing.can(Permission.READ)
    lines = order_to_simulate(cast.pricing, number.lower())
    assert lines[0] == SimulatedLine(cast.skus[1].code, 2, Unit.CASE)
    assert len(lines) == 2
    assert orders_called(cast.pricing, number[2:6].lower()) == ((number, cast.c1.name),)
    assert orders_called(cast.pricing, " ") == ()
    assert order_to_simulate(cast.finance, number) == lines


def test_an_order_of_other_regions_or_houses_is_not_there(cast: Cast) -> None:
    number = placed_number(cast, (1, 2))
    elsewhere = replace(cast.pricing, scope=Scope(regions=("370200",)))
    with pytest.raises(Missing):
        order_to_simulate(elsewhere, number)
    assert orders_called(elsewhere, number) == ()
    other_lines = replace(cast.pricing, scope=Scope(product_lines=("NOTHING",)))
    with pytest.raises(Missing):
        order_to_simulate(other_lines, number)
    assert order_to_simulate(replace(cast.pricing, scope=Scope(regions=("370100",))), number)


def test_neither_a_dealers_seat_nor_one_without_both_rights_asks(cast: Cast) -> None:
    number = placed_number(cast, (1, 2))
    for actor in (cast.admin_c1, cast.buyer_c1, replace(cast.pricing, codes=frozenset({"promotions.read"}))):
        assert not may_simulate_orders(actor)
        with pytest.raises(NotPermitted):
            order_to_simulate(actor, number)
        with pytest.raises(NotPermitted):
            orders_called(actor, number)
