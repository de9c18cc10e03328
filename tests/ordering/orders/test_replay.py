"""An order evaluated again: by its buyer's own wishes, and only while the seller still supplies the buyer."""

from core.kernel import clock
from dms.dealers.models import Dealer
from ordering.orders.selectors.replaying import replay_order
from ordering.orders.services import OrderedLine, PlaceOrder, place_order
from ordering.promotions.rules.policies import Gift
from tests.cast import Cast
from tests.factories.policies import make_policy
from tests.ordering.orders.placed import placed_number
from tests.ordering.watching import refused


def test_an_order_that_wanted_no_gifts_comes_out_without_them(cast: Cast) -> None:
    make_policy(cast.root, "GIFT", Gift(1, 1))
    lines = (OrderedLine(cast.skus[1].code, 1),)
    with_gift = placed_number(cast, (1, 1))
    without = place_order(actor=cast.buyer_c1, command=PlaceOrder(lines=lines, without_gifts=True)).number
    for number, gifts in ((with_gift, 1), (without, 0)):
        again = replay_order(cast.admin, number)
        assert again.is_same
        assert len(again.gifts_again) == gifts
    assert replay_order(cast.admin, without, clock.now()).gifts_again == ()


def test_of_a_buyer_that_went_over_to_another_house_it_is_said_why_not(cast: Cast) -> None:
    number = placed_number(cast, (1, 1))
    Dealer.objects.filter(pk=cast.c1.pk).update(supplier=cast.c2)
    for at in (None, clock.now()):
        with refused("order.buyer_moved"):
            replay_order(cast.admin, number, at)
    page = cast.client(cast.admin).get(f"/console/orders/{number}/again/")
    assert (page.status_code, "本单无法再重新试算" in page.content.decode()) == (409, True)
