"""What a limited seat may do with goods, prices, jobs and files: its product lines, its lists, its own jobs."""

from dataclasses import replace

import pytest

from core.catalogue import errors
from core.catalogue.models import ProductLine, Sku, Spu
from core.catalogue.selectors import find_skus, lines_visible_to, search, skus_visible_to, spus_visible_to
from core.catalogue.services import (
    BulkSaveSkus,
    ChangeShelfState,
    SaveLine,
    SaveProducer,
    SaveSettings,
    SaveSku,
    SaveSpu,
    SkuRow,
    bulk_save_skus,
    change_shelf_state,
    plan_rows,
    save_line,
    save_producer,
    save_settings,
    save_sku,
    save_spu,
)
from core.events.selectors import happenings
from core.jobs.models import Job
from core.jobs.selectors import jobs_visible_to
from core.kernel import clock
from core.kernel.actor import Actor, Scope
from core.kernel.errors import DomainError, Missing, OutOfScope
from core.kernel.quantity import Unit
from dms.dealers.services import SavePriceGroup, save_price_group
from ordering.pricing.errors import SkuUnknown
from ordering.pricing.models import PriceList
from ordering.pricing.selectors import lists_visible_to, price_history, shelf_card, shelf_page
from ordering.pricing.selectors.matrix import RowFilter, matrix_block, matrix_lists
from ordering.pricing.selectors.shelf import ShelfFilters
from ordering.pricing.services import CreateList, PriceChange, SetPrices, create_list, set_prices
from tests.cast import Cast
from tests.factories.prices import make_list, make_price

LIGHT, QINGDAO, JINAN = Scope(product_lines=("LIGHT",)), Scope(regions=("370200",)), Scope(regions=("370100",))


def limited(actor: Actor, scope: Scope) -> Actor:
    return replace(actor, scope=scope)


@pytest.fixture
def light(cast: Cast) -> Sku:
    return cast.light()


def test_goods_of_other_lines_are_nowhere_to_be_found(cast: Cast, light: Sku) -> None:
    actor = limited(cast.product, LIGHT)
    assert [sku.code for sku in skus_visible_to(actor)] == [light.code]
    assert [spu.code for spu in spus_visible_to(actor)] == [light.spu.code]
    assert [line.code for line in lines_visible_to(actor)] == ["LIGHT"]
    assert {sku.code for sku in search(actor, "青花")} <= {light.code}
    other = cast.skus[1].code
    assert find_skus(actor, [other])[other].sku is None
    buyer = limited(cast.buyer_c1, LIGHT)
    assert [card.sku_code for card in shelf_page(actor=buyer, filters=ShelfFilters()).cards] == [light.code]
    with pytest.raises(Missing):
        shelf_card(actor=buyer, sku_code=other)


def test_goods_of_other_lines_are_not_changed(cast: Cast, light: Sku) -> None:
    actor, other = limited(cast.product, LIGHT), cast.skus[1]
    with pytest.raises(errors.SkuUnknown):
        change_shelf_state(actor=actor, command=ChangeShelfState((other.code,), "OFF"))
    Spu.objects.filter(pk=light.spu_id).update(code="LIGHT-1")
    same = {"name": "夺名", "abv_tenths": 530, "volume_ml": 500, "bottles_per_case": 6}
    with pytest.raises(errors.SpuUnknown):
        save_sku(actor=actor, command=SaveSku(code=other.code, spu_code=other.spu.code, **same))  # type: ignore[arg-type]  # by name
    with pytest.raises(OutOfScope):
        save_sku(actor=actor, command=SaveSku(code=other.code, spu_code="LIGHT-1", **same))  # type: ignore[arg-type]  # by name
    with pytest.raises(errors.LineUnknown):
        save_spu(actor=actor, command=SaveSpu("NEW", "新品", "CLASSIC", "QX"))
    with pytest.raises(OutOfScope):
        save_line(actor=actor, command=SaveLine("CLASSIC", "改名"))
    with pytest.raises(OutOfScope):
        save_producer(actor=actor, command=SaveProducer("示例酒业股份有限公司", address="改址"))
    with pytest.raises(OutOfScope):
        save_settings(actor=limited(cast.admin, LIGHT), command=SaveSettings(()))
    other.refresh_from_db()
    assert (other.name, other.status) == ("杏禾青花20 53度", "ON")
    assert ProductLine.objects.get(code="CLASSIC").name == "经典系列"
    assert not Spu.objects.filter(code="NEW").exists()
    assert save_line(actor=actor, command=SaveLine("LIGHT", "轻酌系列")).code == "LIGHT"


def test_rows_of_other_lines_are_refused_and_show_nothing_stored(cast: Cast, light: Sku) -> None:
    rows = (
        SkuRow(row=2, code=light.code, name="轻酌 改名"),
        SkuRow(row=3, code=cast.skus[1].code, name="夺名"),
        SkuRow(row=4, code=light.code.replace("520", "420"), name="轻酌 42度", line="经典系列", aroma="清香型"),
    )
    plan = plan_rows(rows, LIGHT)
    assert [row.fate.value for row in plan.rows] == ["changed", "failed", "failed"]
    assert [(fault.line, fault.code) for fault in plan.faults] == [
        (3, "actor.out_of_scope"),
        (4, "actor.out_of_scope"),
    ]
    assert plan.rows[1].changes == {}
    with pytest.raises(DomainError):
        bulk_save_skus(actor=limited(cast.admin, LIGHT), command=BulkSaveSkus(rows))
    cast.skus[1].refresh_from_db()
    assert cast.skus[1].name == "杏禾青花20 53度"


def test_lists_are_seen_where_they_may_rule_and_changed_where_they_rule_alone(cast: Cast) -> None:
    make_list(cast.root, "JN", "济南价", region_code="370100")
    make_list(cast.root, "SD", "山东价", region_code="370000")
    save_price_group(actor=cast.admin, command=SavePriceGroup("VIP", "大客户", ("C1",)))
    group = cast.c1.price_groups.get()
    make_list(cast.root, "VIP", "大客户价", scope=PriceList.Scope.GROUP, price_group=group)

    def seen(scope: Scope) -> set[str]:
        return set(lists_visible_to(limited(cast.pricing, scope)).values_list("code", flat=True))

    assert seen(QINGDAO) == {"NAT", "CITY", "C2", "SD"}
    assert seen(JINAN) == {"NAT", "CITY", "JN", "SD", "VIP"}
    change = (PriceChange(cast.skus[1].code, Unit.CASE, 150_000),)
    assert set_prices(actor=limited(cast.pricing, QINGDAO), command=SetPrices("C2", change)).written == 1
    assert set_prices(actor=limited(cast.pricing, JINAN), command=SetPrices("JN", change)).written == 1
    for code, refusal in (("NAT", OutOfScope), ("SD", OutOfScope), ("JN", Missing)):
        with pytest.raises(refusal):
            set_prices(actor=limited(cast.pricing, QINGDAO), command=SetPrices(code, change))
    with pytest.raises(Missing):
        set_prices(actor=limited(cast.pricing, JINAN), command=SetPrices("C2", change))
    with pytest.raises(OutOfScope):
        create_list(actor=limited(cast.pricing, QINGDAO), command=CreateList("N", "全国", "NATIONAL"))
    with pytest.raises(DomainError):
        create_list(actor=limited(cast.pricing, QINGDAO), command=CreateList("D", "泉城", "DEALER", dealer_code="C1"))


def test_prices_of_other_lines_are_neither_read_nor_written(cast: Cast, light: Sku) -> None:
    actor = limited(cast.pricing, LIGHT)
    found = matrix_block(actor=actor, lists=matrix_lists(actor), asked=RowFilter())
    assert [row.sku_code for row in found.rows] == [light.code]
    assert price_history(actor=actor, list_code="NAT", sku_code=cast.skus[1].code) == []
    changes = (PriceChange(light.code, Unit.CASE, 31_000), PriceChange(cast.skus[1].code, Unit.CASE, 1))
    with pytest.raises(DomainError) as refused:
        set_prices(actor=actor, command=SetPrices("NAT", changes))
    assert [(type(fault), fault.line) for fault in refused.value.problems()] == [(SkuUnknown, 2)]
    assert set_prices(actor=actor, command=SetPrices("NAT", changes[:1])).written == 1


def test_who_may_not_see_purchase_prices_still_knows_what_can_be_ordered(cast: Cast) -> None:
    actor = replace(cast.buyer_c1, codes=cast.buyer_c1.codes - {"prices.purchase"})
    card = shelf_card(actor=actor, sku_code=cast.skus[1].code)
    assert (card.price, card.ladder, card.price_list, card.is_sellable) == (None, (), "", True)
    unpriced = shelf_card(actor=actor, sku_code=cast.skus[5].code)
    assert (unpriced.price, unpriced.is_sellable) == (None, False)
    make_price(cast.special, cast.skus[5], {1: 1})
    assert not shelf_card(actor=actor, sku_code=cast.skus[5].code).is_sellable, "another dealer's list says nothing"


def test_jobs_and_the_audit_trail_show_a_limited_seat_its_own_alone(cast: Cast) -> None:
    for key in ("product", "admin"):
        actor = cast.actor(key)
        Job.objects.create(
            kind="catalogue.import_products",
            seat_id=actor.seat_id,
            person_id=actor.person_id,
            dealer_id=actor.dealer_id,
            created_at=clock.now(),
        )
    assert jobs_visible_to(cast.product).count() == 2
    assert [job.seat_id for job in jobs_visible_to(limited(cast.product, LIGHT))] == [cast.product.seat_id]
    save_line(actor=cast.product, command=SaveLine("OTHER", "别的"))
    save_line(actor=cast.admin, command=SaveLine("MORE", "更多"))
    assert {event.aggregate_id for event in happenings(limited(cast.admin, LIGHT))} == {"MORE"}
