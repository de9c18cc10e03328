"""The five statuses: tables in step with the model, no way back, fulfilment by bottles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordering.orders.errors import StateRefused
from ordering.orders.models import Order
from ordering.orders.rules.states import (
    FULFILMENT,
    ORDER,
    TABLES,
    approved,
    cancelled,
    fulfilment_of,
    refunded,
    rejected,
    walk,
)

CHOICES = {
    "order": Order.Status,
    "payment": Order.Payment,
    "fulfilment": Order.Fulfilment,
    "invoice": Order.Invoice,
    "settlement": Order.Settlement,
}
ENDS = ("REJECTED", "CANCELLED", "EXPIRED", "CLOSED_SHORT", "COMPLETED")


@pytest.mark.parametrize("kind", TABLES)
def test_every_status_of_the_model_has_its_row_and_no_other(kind: str) -> None:
    assert set(TABLES[kind]) == set(CHOICES[kind].values)
    assert {after for following in TABLES[kind].values() for after in following} <= set(TABLES[kind])


@pytest.mark.parametrize("kind", TABLES)
def test_no_status_is_met_twice_on_any_way(kind: str) -> None:
    def ways(status: str, seen: tuple[str, ...]) -> None:
        assert status not in seen
        for following in TABLES[kind][status]:
            ways(following, (*seen, status))

    for status in TABLES[kind]:
        ways(status, ())


@pytest.mark.parametrize("end", ENDS)
def test_an_ended_order_moves_nowhere(end: str) -> None:
    assert ORDER[end] == frozenset()
    for verb in (approved, rejected):
        with pytest.raises(StateRefused):
            verb(end)
    with pytest.raises(StateRefused):
        cancelled(end, "NONE")


def test_approval_and_rejection_pass_through_approving() -> None:
    assert approved("SUBMITTED") == approved("APPROVING") == "CONFIRMED"
    assert rejected("SUBMITTED") == rejected("APPROVING") == "REJECTED"
    for status in ("DRAFT", "APPROVED", "CONFIRMED"):
        with pytest.raises(StateRefused):
            rejected(status)


@pytest.mark.parametrize("status", ["SUBMITTED", "APPROVING", "APPROVED", "CONFIRMED"])
def test_an_order_is_cancelled_only_while_nothing_has_shipped(status: str) -> None:
    for fulfilment in FULFILMENT:
        if fulfilment in ("NONE", "ALLOCATED"):
            assert cancelled(status, fulfilment) == "CANCELLED"
        else:
            with pytest.raises(StateRefused):
                cancelled(status, fulfilment)


def test_what_was_funded_is_given_back() -> None:
    assert refunded("UNPAID") == "UNPAID"
    assert refunded("FUNDED") == "REFUNDED"


def test_a_step_the_table_lacks_says_what_stands_and_what_was_wanted() -> None:
    with pytest.raises(StateRefused) as caught:
        walk("order", "EXPIRED", "APPROVING", "APPROVED")
    assert caught.value.fields == {"kind_of_status": "order", "status": "EXPIRED", "wanted": "APPROVED"}


@given(
    ordered=st.integers(1, 1000),
    acts=st.lists(st.tuples(st.booleans(), st.integers(1, 1000)), max_size=30),
)
def test_fulfilment_only_goes_forward_and_ends_received(ordered: int, acts: list[tuple[bool, int]]) -> None:
    """Shipments leave and are signed in any order; the status is always what the bottles say."""
    status, shipped, signed = "NONE", 0, 0
    open_shipments: list[int] = []
    for is_signing, bottles in acts:
        if is_signing and open_shipments:
            signed += open_shipments.pop()
        elif shipped < ordered:
            bottles = min(bottles, ordered - shipped)
            open_shipments.append(bottles)
            shipped += bottles
        status = fulfilment_of(status, ordered=ordered, shipped=shipped, signed=signed)
        assert (status in ("NONE", "ALLOCATED")) == (shipped == 0)
        assert (status == "PART_SHIPPED") == (0 < shipped < ordered)
        assert (status == "RECEIVED") == (shipped == ordered and signed == ordered)


def test_fulfilment_never_goes_back() -> None:
    with pytest.raises(StateRefused):
        fulfilment_of("RECEIVED", ordered=10, shipped=5, signed=5)
