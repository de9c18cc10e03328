"""The demo's facts hold together: numbers with right check digits, prices that fall by tier and by quantity."""

import pytest

from core.catalogue.rules import is_sku_code, sku_code
from core.catalogue.rules.aroma import Aroma
from core.kernel import regions
from core.kernel.identifiers import is_liquor_sc, is_valid_gtin, is_valid_uscc
from core.project.demo.products import ASSORTMENTS, TEST_BARCODE_PREFIX, TIERS, DemoAssortment, DemoProduct

PRODUCTS = [product for assortment in ASSORTMENTS.values() for product in assortment.products]


def test_two_brands_of_different_aroma_families_with_enough_to_choose_from() -> None:
    xinghe, chishui = ASSORTMENTS["xinghe"].products, ASSORTMENTS["chishui"].products
    assert (len(xinghe), len(chishui)) == (24, 14)
    assert {"NX", "QX"} <= {product.aroma for product in xinghe}
    assert "JX" not in {product.aroma for product in xinghe}
    assert {product.aroma for product in chishui} == {"JX", "DX"}


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.code)
def test_a_products_code_says_its_measures_and_its_numbers_check(product: DemoProduct) -> None:
    assert is_sku_code(product.code)
    assert product.code == sku_code(
        product.code.split("-")[0],
        Aroma(product.aroma),
        abv_tenths=product.abv_tenths,
        volume_ml=product.volume_ml,
        bottles_per_case=product.bottles_per_case,
        age=product.age_code,
        edition=product.edition,
    )
    assert is_valid_gtin(product.gtin13, 13)
    assert is_valid_gtin(product.gtin14, 14)
    assert product.gtin13.startswith(TEST_BARCODE_PREFIX)
    assert product.gtin14[1:13] == product.gtin13[:12]


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.code)
def test_prices_rise_from_the_distillery_to_the_drinker_and_fall_by_quantity(product: DemoProduct) -> None:
    prices = product.prices
    rising = [prices.ex_factory, *(prices.by_tier[tier] for tier in TIERS), prices.retail * product.bottles_per_case]
    assert rising == sorted(set(rising))
    for tier in TIERS:
        steps = prices.ladder(tier)
        assert steps[0] == (1, prices.by_tier[tier])
        assert [amount for _, amount in steps] == sorted({amount for _, amount in steps}, reverse=True)
        assert all(amount % 100 == 0 for _, amount in steps)


def test_case_barcodes_are_never_shared_and_bottle_barcodes_only_by_one_bottle() -> None:
    assert len({product.gtin14 for product in PRODUCTS}) == len(PRODUCTS)
    moutai = {product.gtin13 for product in PRODUCTS if product.spu_code == "MT-FT"}
    assert len(moutai) == 1


@pytest.mark.parametrize("assortment", ASSORTMENTS.values(), ids=ASSORTMENTS)
def test_every_producer_may_make_liquor_and_lies_in_a_county(assortment: DemoAssortment) -> None:
    for producer in assortment.producers:
        assert is_liquor_sc(producer.sc_no)
        assert regions.is_leaf(producer.region_code)
        assert not producer.uscc or is_valid_uscc(producer.uscc)
    assert {product.producer for product in assortment.products} == {one.name for one in assortment.producers}
    assert {product.line_code for product in assortment.products} == {line.code for line in assortment.lines}
