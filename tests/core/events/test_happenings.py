"""The audit trail shows a house what is its own, and the brand also what belongs to no deal."""

from core.db.acts import act
from core.events.selectors import happenings
from core.events.services import record
from tests.cast import Cast


def happened(name: str, *, seller_id: int | None = None, buyer_id: int | None = None) -> None:
    with act():
        record(
            kind="test.happened.v1",
            aggregate_type="thing",
            aggregate_id=name,
            version=1,
            actor=None,
            payload={},
            seller_id=seller_id,
            buyer_id=buyer_id,
        )


def test_each_house_sees_its_own_deals_and_the_brand_what_belongs_to_none(cast: Cast) -> None:
    happened("brand-sells", seller_id=cast.root.pk, buyer_id=cast.c1.pk)
    happened("dealer-sells", seller_id=cast.c1.pk, buyer_id=cast.t1.pk)
    happened("product")
    seen = {
        who: {event.aggregate_id for event in happenings(cast.actor(who))}
        for who in ("admin", "admin_c1", "buyer_t1", "buyer_c2")
    }
    assert seen["admin"] == {"brand-sells", "product"}
    assert seen["admin_c1"] == {"brand-sells", "dealer-sells"}
    assert seen["buyer_t1"] == {"dealer-sells"}
    assert seen["buyer_c2"] == set()
