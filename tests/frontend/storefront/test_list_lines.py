"""The lines of a list say the price of the step their quantity has reached, as the pad does."""

from datetime import timedelta

from core.kernel import clock
from core.kernel.quantity import Unit
from ordering.lists.services import MakeList, make_list
from ordering.orders.services import CartLine
from ordering.pricing.models import PriceEntry
from ordering.promotions.rules.policies import FixedPrice, Goods
from tests.cast import Cast
from tests.clients import HostClient
from tests.factories.policies import make_policy
from tests.factories.prices import SINCE
from tests.frontend.storefront.conftest import statements


def test_a_line_costs_what_its_step_costs(cast: Cast, buyer: HostClient) -> None:
    for name, cases, shown, missing in (("少", 2, "¥1,780.00", "¥17,000.00"), ("多", 10, "¥1,700.00", "¥1,780.00")):
        lines = (CartLine(cast.skus[1].code, cases),)
        row = make_list(actor=cast.buyer_c1, command=MakeList(name, lines))
        text = buyer.get(f"/lists/{row.pk}/").content.decode()
        assert shown in text
        assert missing not in text
        assert ("满 10 箱" in text or "10 箱起" in text) == (cases == 2)


def test_a_limited_time_price_rules_on_a_list_and_its_next_step_gains(cast: Cast, buyer: HostClient) -> None:
    make_policy(cast.root, "FLASH", FixedPrice(150_000, Unit.CASE), goods=Goods(skus=frozenset({cast.skus[1].code})))
    row = make_list(actor=cast.buyer_c1, command=MakeList("周一", (CartLine(cast.skus[1].code, 2),)))
    text = buyer.get(f"/lists/{row.pk}/").content.decode()
    assert "¥3,000.00" in text, "two cases at the price that runs, in the total too"
    assert "¥1,780.00" not in text
    assert "¥1,700.00" not in text, "no step while one case costs less"
    product = buyer.get(f"/products/{cast.skus[1].code}/").content.decode()
    assert "¥1,700.00" not in product


def test_the_price_planned_next_stands_on_the_list_and_on_the_pad(cast: Cast, buyer: HostClient) -> None:
    entry = PriceEntry.objects.get(price_list=cast.city, sku=cast.skus[1], unit="CASE", min_quantity=1)
    entry.pk, entry.amount, entry.valid_from = None, 190_000, clock.now() + timedelta(days=9)
    entry.save()
    row = make_list(actor=cast.buyer_c1, command=MakeList("周一", (CartLine(cast.skus[1].code, 2),)))
    buyer.post("/pad/lines/", {"text": f"{cast.skus[1].code} 2\n{cast.skus[3].code} 1"})
    day = f"{clock.business_day() + timedelta(days=9):%m-%d}"
    for page in (f"/lists/{row.pk}/", "/pad/"):
        text = buyer.get(page).content.decode()
        assert text.count("pad__coming") == 1, page
        assert f"{day} 起 ¥1,900.00" in text, page


def test_planned_days_cost_the_pad_no_statement_and_its_copy_none_at_all(cast: Cast, buyer: HostClient) -> None:
    buyer.post("/pad/lines/", {"text": f"{cast.skus[1].code} 2\n{cast.skus[3].code} 1"})
    counted = []
    for days in (0, 3, 9):
        if days:
            for entry in PriceEntry.objects.filter(sku__in=(cast.skus[1], cast.skus[3]), valid_from=SINCE):
                entry.pk, entry.amount = None, (entry.amount or 0) + days
                entry.valid_from = clock.now() + timedelta(days=days + entry.sku_id % 2)
                entry.save()
        counts = []
        for page in ("/pad/", "/pad/kept/"):
            buyer.get(page)
            with statements() as seen:
                assert buyer.get(page).status_code == 200
            counts.append(len(seen))
        counted.append(tuple(counts))
    assert len(set(counted)) == 1, counted
    of_page, of_copy = counted[0]
    assert of_copy <= 9
    assert of_page <= 11


def test_a_price_that_ends_is_told_before_it_does(cast: Cast, buyer: HostClient) -> None:
    entries = PriceEntry.objects.filter(sku=cast.skus[4], min_quantity=1)
    for entry in list(entries):
        entry.pk, entry.amount, entry.valid_from = None, None, clock.now() + timedelta(days=9)
        entry.save()
    buyer.post("/pad/lines/", {"text": f"{cast.skus[4].code} 2"})
    assert "起不再有贵司价格" in buyer.get("/pad/").content.decode()
    assert "不再有贵司价格，停止供货" in buyer.get(f"/products/{cast.skus[4].code}/").content.decode()
