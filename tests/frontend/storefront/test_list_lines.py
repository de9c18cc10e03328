"""The lines of a list say the price of the step their quantity has reached, as the pad does."""

from ordering.lists.services import MakeList, make_list
from ordering.orders.services import CartLine
from tests.cast import Cast
from tests.clients import HostClient


def test_a_line_costs_what_its_step_costs(cast: Cast, buyer: HostClient) -> None:
    for name, cases, shown, missing in (("少", 2, "¥1,780.00", "¥17,000.00"), ("多", 10, "¥1,700.00", "¥1,780.00")):
        lines = (CartLine(cast.skus[1].code, cases),)
        row = make_list(actor=cast.buyer_c1, command=MakeList(name, lines))
        text = buyer.get(f"/lists/{row.pk}/").content.decode()
        assert shown in text
        assert missing not in text
        assert ("满 10 箱" in text or "10 箱起" in text) == (cases == 2)
