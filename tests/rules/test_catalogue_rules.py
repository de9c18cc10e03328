"""Aroma types and standards, limits, SKU codes, shelf states, search words and drawn bottles."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalogue.rules import (
    AROMA_NAMES,
    AROMA_WORDS,
    SHELF_TRANSITIONS,
    STANDARDS,
    TYPO_SHARE,
    Aroma,
    CatalogueLimits,
    NotASkuCode,
    ProducerLicence,
    ProducerLicenceRefused,
    ShelfState,
    ShelfStateRefused,
    SkuAttributes,
    aroma_of,
    attribute_advice,
    attribute_faults,
    check_shelf_change,
    drawn_bottle,
    is_sku_code,
    likeness,
    query_terms,
    search_terms,
    sku_code,
    standard,
    standards_on,
)
from core.kernel.errors import Kind

DAY = date(2026, 1, 12)
LICENCE = ProducerLicence("SC11552038220099", date(2030, 1, 1))
REFERENCE_CODES = [
    "MT-JX-530-0500-NV-06",
    "WLY-NX-520-0500-NV-06-G8",
    "JNC-NX-520-0500-NV-06-SJJ",
    "YH-NX-520-0550-NV-04-M6P",
    "FJ-QX-530-0500-Y20-06",
    "SH-MX-520-0480-NV-12",
    "XF-FX-550-0500-NV-12",
    "YBS-CX-290-0500-NV-12",
    "ST-TX-520-0500-NV-06-HY",
    "JZ-ZM-520-0500-NV-06",
    "LBG-LB-670-0500-NV-06",
    "BYB-JA-420-0500-Y12-06",
    "DJ-DX-540-0500-NV-06-GM",
    "JG-FY-520-0500-NV-06-CC",
    "NLS-GY-420-0500-NV-12",
]


def sku(**changes: int) -> SkuAttributes:
    measures = {"abv_tenths": 530, "volume_ml": 500, "bottles_per_case": 6, "inner_pack": 1} | changes
    return SkuAttributes(Aroma.JX, **measures)


def faults(attributes: SkuAttributes, limits: CatalogueLimits | None = None) -> list[str]:
    return [fault.code for fault in attribute_faults(attributes, limits or CatalogueLimits())]


def advice(attributes: SkuAttributes) -> list[str]:
    return [one.code for one in attribute_advice(attributes)]


def test_every_aroma_has_its_name_and_words() -> None:
    assert len(Aroma) == 16
    assert set(AROMA_NAMES) == set(AROMA_WORDS) == set(Aroma)


@pytest.mark.parametrize(
    ("text", "aroma"),
    [
        ("浓香型", Aroma.NX),
        ("浓香型白酒", Aroma.NX),
        ("jx", Aroma.JX),
        ("酱香", Aroma.JX),
        ("药香型", Aroma.DX),
        ("浓酱兼香型", Aroma.JA),
        ("Sauce aroma", Aroma.JX),
        ("固液法白酒", Aroma.GY),
        ("花香", None),
        ("", None),
    ],
)
def test_aroma_words_are_understood(text: str, aroma: Aroma | None) -> None:
    assert aroma_of(text) is aroma


def test_a_bottle_is_judged_by_the_standard_of_its_production_date() -> None:
    def numbers(day: date) -> list[str]:
        return [one.number for one in standards_on(Aroma.JX, day) if not one.is_geographical]

    assert numbers(date(2025, 5, 31)) == ["GB/T 26760-2011"]
    assert numbers(date(2025, 6, 1)) == ["GB/T 10781.4-2024"]


def test_a_superseded_standard_stays_valid_for_what_was_bottled_before() -> None:
    old = standard("gb/t26760—2011")
    assert old is not None
    assert (old.replaced_by, old.valid_to) == ("GB/T 10781.4-2024", date(2025, 6, 1))
    assert old.is_in_force(date(2024, 12, 31))
    assert not old.is_in_force(date(2025, 6, 1))
    assert standard("GB/T 99999") is None


@given(
    st.dates(date(2012, 1, 1), date(2035, 1, 1)), st.sampled_from([aroma for aroma in Aroma if aroma is not Aroma.OT])
)
def test_every_aroma_has_exactly_one_standard_on_every_day(day: date, aroma: Aroma) -> None:
    assert len([one for one in standards_on(aroma, day) if not one.is_geographical]) == 1


def test_a_replaced_standard_names_one_that_begins_the_same_day() -> None:
    for one in STANDARDS:
        if one.replaced_by:
            successor = standard(one.replaced_by)
            assert successor is not None
            assert successor.valid_from == one.valid_to


def test_a_usual_bottle_has_no_fault_and_no_advice() -> None:
    assert faults(sku()) == []
    assert advice(sku()) == []


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"abv_tenths": 99}, ["catalogue.abv_range"]),
        ({"abv_tenths": 100}, []),
        ({"abv_tenths": 800}, []),
        ({"abv_tenths": 801}, ["catalogue.abv_range"]),
        ({"volume_ml": 0}, ["catalogue.volume_range"]),
        ({"volume_ml": 9_999}, []),
        ({"volume_ml": 10_000}, ["catalogue.volume_range"]),
        ({"bottles_per_case": 0}, ["catalogue.pack_range"]),
        ({"bottles_per_case": 24}, []),
        ({"bottles_per_case": 25}, ["catalogue.pack_range"]),
        ({"inner_pack": 2}, []),
        ({"inner_pack": 4}, ["catalogue.inner_pack"]),
        ({"abv_tenths": 0, "volume_ml": -1}, ["catalogue.abv_range", "catalogue.volume_range"]),
    ],
)
def test_hard_limits_refuse_all_that_is_wrong_at_once(changes: dict[str, int], codes: list[str]) -> None:
    assert faults(sku(**changes)) == codes


def test_a_refused_measure_is_said_in_words() -> None:
    (fault,) = attribute_faults(sku(abv_tenths=855))
    assert str(fault) == "catalogue.abv_range: The strength 85.5 %vol is outside 10–80."
    assert (fault.field, fault.kind) == ("abv_tenths", Kind.INVALID)


def test_a_brand_of_other_spirits_widens_the_limits() -> None:
    wide = CatalogueLimits(abv_tenths_min=0, abv_tenths_max=960, volume_ml_max=20_000, bottles_per_case_max=120)
    assert faults(sku(abv_tenths=950, volume_ml=19_500, bottles_per_case=60), wide) == []


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"abv_tenths": 581}, ["catalogue.abv_unusual"]),
        ({"abv_tenths": 320}, []),
        ({"volume_ml": 501}, ["catalogue.volume_unusual"]),
        ({"bottles_per_case": 5}, ["catalogue.pack_unusual"]),
    ],
)
def test_soft_limits_only_advise(changes: dict[str, int], codes: list[str]) -> None:
    assert advice(sku(**changes)) == codes
    assert faults(sku(**changes)) == []


@pytest.mark.parametrize("code", REFERENCE_CODES)
def test_the_reference_codes_have_the_form(code: str) -> None:
    assert is_sku_code(code)


def test_a_code_is_built_from_its_parts() -> None:
    built = sku_code("JNC", Aroma.NX, abv_tenths=520, volume_ml=500, bottles_per_case=6, edition="SJJ")
    assert built == "JNC-NX-520-0500-NV-06-SJJ"
    assert (
        sku_code("FJ", Aroma.QX, abv_tenths=530, volume_ml=500, bottles_per_case=6, age="Y20")
        == "FJ-QX-530-0500-Y20-06"
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"brand": "M"},
        {"brand": "茅台"},
        {"brand": "ABCDE"},
        {"age": "20"},
        {"age": "Y2020"},
        {"edition": "sjj"},
        {"edition": "TOOLONG"},
        {"volume_ml": 10_000},
        {"bottles_per_case": 120},
    ],
)
def test_parts_that_do_not_fit_make_no_code(wrong: dict[str, str | int]) -> None:
    parts: dict[str, str | int] = {"brand": "MT", "age": "NV", "edition": "", "volume_ml": 500, "bottles_per_case": 6}
    parts.update(wrong)
    with pytest.raises(NotASkuCode) as refusal:
        sku_code(
            str(parts["brand"]),
            Aroma.JX,
            abv_tenths=530,
            volume_ml=int(parts["volume_ml"]),
            bottles_per_case=int(parts["bottles_per_case"]),
            age=str(parts["age"]),
            edition=str(parts["edition"]),
        )
    assert refusal.value.code == "catalogue.sku_code_format"


@given(
    st.from_regex(r"\A[A-Z]{2,4}\Z"),
    st.sampled_from(Aroma),
    st.integers(0, 999),
    st.integers(0, 9_999),
    st.integers(0, 99),
    st.sampled_from(["NV", "Y12", "B2019"]),
)
def test_every_code_that_is_built_has_the_form(
    brand: str, aroma: Aroma, abv: int, volume: int, pack: int, age: str
) -> None:
    assert is_sku_code(sku_code(brand, aroma, abv_tenths=abv, volume_ml=volume, bottles_per_case=pack, age=age))


def test_the_shelf_has_these_ways_and_no_others() -> None:
    ways = {(state.value, wanted.value) for state, targets in SHELF_TRANSITIONS.items() for wanted in targets}
    assert ways == {
        ("DRAFT", "ON"),
        ("ON", "OFF"),
        ("ON", "DISCONTINUED"),
        ("OFF", "ON"),
        ("OFF", "DISCONTINUED"),
    }


@pytest.mark.parametrize("state", ShelfState)
@pytest.mark.parametrize("wanted", ShelfState)
def test_the_shelf_goes_only_its_ways(state: ShelfState, wanted: ShelfState) -> None:
    def change() -> None:
        check_shelf_change(state, wanted, licence=LICENCE, needs_licence=True, day=DAY)

    if wanted in SHELF_TRANSITIONS[state]:
        change()
    else:
        with pytest.raises(ShelfStateRefused) as refusal:
            change()
        assert refusal.value.fields == {"state": state.value, "wanted": wanted.value}


@pytest.mark.parametrize(
    ("licence", "code"),
    [
        (ProducerLicence(), "catalogue.producer_licence_missing"),
        (ProducerLicence("SC10552038220097"), "catalogue.producer_licence_not_liquor"),
        (ProducerLicence("SC11552038200099"), "catalogue.producer_licence_not_liquor"),
        (ProducerLicence("SC11552038220099", date(2026, 1, 11)), "catalogue.producer_licence_expired"),
    ],
)
def test_baijiu_is_not_on_without_a_licence_for_liquor(licence: ProducerLicence, code: str) -> None:
    with pytest.raises(ProducerLicenceRefused) as refusal:
        check_shelf_change(ShelfState.DRAFT, ShelfState.ON, licence=licence, needs_licence=True, day=DAY)
    assert refusal.value.code == code
    check_shelf_change(ShelfState.DRAFT, ShelfState.ON, licence=licence, needs_licence=False, day=DAY)


def test_a_licence_counts_through_its_last_day() -> None:
    last_day = ProducerLicence("SC11552038220099", DAY)
    check_shelf_change(ShelfState.OFF, ShelfState.ON, licence=last_day, needs_licence=True, day=DAY)


def test_an_expired_licence_does_not_stop_taking_down() -> None:
    check_shelf_change(ShelfState.ON, ShelfState.OFF, licence=ProducerLicence(), needs_licence=True, day=DAY)


def test_a_product_is_found_by_bigrams_pinyin_initials_code_and_barcode() -> None:
    terms = search_terms(
        "剑南春 水晶剑",
        code="JNC-NX-520-0500-NV-06-SJJ",
        barcodes=("6901234567892",),
        abv_tenths=520,
        volume_ml=500,
        extra=("浓香",),
    )
    wanted = {
        *("剑南", "南春", "水晶", "晶剑", "剑", "春", "浓香"),
        *("jiannanchunshuijingjian", "shuijingjian", "jncsjj", "sjj"),
        *("jnc-nx-520-0500-nv-06-sjj", "jncnx5200500nv06sjj", "6901234567892", "52度", "500ml"),
    }
    assert wanted <= set(terms.tokens)
    assert list(terms.tokens) == sorted(set(terms.tokens))


@pytest.mark.parametrize(
    ("text", "tsquery"),
    [
        ("sjj", "'sjj':*"),
        ("水晶剑", "('水晶' & '晶剑' | 'shuijingjian':*)"),
        ("水井剑", "('水井' & '井剑' | 'shuijingjian':*)"),
        ("茅", "'茅':*"),
        ("飞天 53°", "('飞天' | 'feitian':*) & '53度':*"),
        ("青花20", "('青花' | 'qinghua':*) & '20':*"),
        ("ＳＪＪ", "'sjj':*"),
        ("MT-JX-530", "('mt-jx-530':* | 'mt':* & 'jx':* & '530':*)"),
        ("", ""),
        ("'; drop", "'drop':*"),
        ("!!", ""),
    ],
)
def test_a_query_asks_by_bigram_sound_and_prefix(text: str, tsquery: str) -> None:
    assert query_terms(text).tsquery == tsquery


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("飞天茅苔", "飞天茅台"),
        ("水井剑", "剑南春 水晶剑"),
        ("五量液", "第八代五粮液"),
        ("wulangye", "第八代五粮液"),
        ("fenjui", "青花汾酒20"),
        ("maotia", "飞天茅台"),
        ("梦之兰", "洋河 梦之蓝M6+"),
        ("老白甘", "衡水老白干"),
    ],
)
def test_misspellings_reach_the_product(typed: str, name: str) -> None:
    assert likeness(query_terms(typed), search_terms(name).grams) >= TYPO_SHARE


@pytest.mark.parametrize(
    ("typed", "name"), [("五粮液", "青花汾酒20"), ("maotai", "桂林三花酒"), ("剑南春", "董酒 国密")]
)
def test_another_product_is_not_offered(typed: str, name: str) -> None:
    assert likeness(query_terms(typed), search_terms(name).grams) < TYPO_SHARE


@given(st.text(max_size=80))
def test_a_query_of_any_text_is_well_formed(text: str) -> None:
    query = query_terms(text)
    assert query.tsquery.count("'") % 2 == 0
    assert query.tsquery.count("(") == query.tsquery.count(")")
    assert 0 <= query.needed <= len(query.grams)


@pytest.mark.parametrize(
    ("aroma", "packaging", "name", "shape", "colour", "label"),
    [
        (Aroma.JX, "BOX", "飞天茅台", "cylinder", "jx", "飞天"),
        (Aroma.NX, "BOX", "剑南春 水晶剑", "flask", "nx", "水晶剑"),
        (Aroma.NX, "GIFT", "洋河 梦之蓝M6+", "jar", "nx", "梦之蓝"),
        (Aroma.QX, "BOX", "青花汾酒20 53度500ml*6", "vase", "qx", "青花汾20"),
        (Aroma.CX, "BARE", "石湾玉冰烧", "bare", "cx", "玉冰烧"),
        (Aroma.MX, "BOX", "桂林三花酒 (瓶装)", "bare", "mx", "桂林"),
        (Aroma.FX, "BOX", "西凤酒", "bare", "fx", "西凤酒"),
        (Aroma.TX, "BOX", "四特酒 东方韵弘韵", "vase", "tx", "东方韵"),
        (Aroma.LB, "BOX", "衡水老白干 67度", "flask", "lb", "老白干"),
        (Aroma.JA, "BOX", "白云边 12年陈酿", "cylinder", "ja", "白云边"),
        (Aroma.JX, "BARE", "某酱酒", "bare", "jx", "某酱酒"),
        (Aroma.DX, "BOX", "董酒 国密", "jar", "dx", "国密"),
        (Aroma.GY, "BARE", "牛栏山陈酿 (白牛二)", "bare", "gy", "陈酿"),
        (Aroma.OT, "BOX", "Black Velvet Canadian", "cylinder", "gy", "BVC"),
        (Aroma.XQ, "BOX", "", "bare", "gy", ""),
        (Aroma.NX, "BOX", "杏禾泉藏20 52度", "flask", "nx", "泉藏20"),
        (Aroma.JX, "BOX", "红花郎10", "cylinder", "jx", "红花郎10"),
    ],
)
def test_a_bottle_is_drawn_from_aroma_packaging_and_name(
    aroma: Aroma, packaging: str, name: str, shape: str, colour: str, label: str
) -> None:
    drawing = drawn_bottle(aroma=aroma, packaging=packaging, name=name, abv_tenths=525)
    assert (drawing.shape, drawing.aroma_class, "".join(drawing.label)) == (shape, colour, label)
    assert drawing.abv_text == "52.5%vol"


def test_a_drawing_without_a_strength_says_none() -> None:
    assert drawn_bottle(aroma=Aroma.JX, packaging="BOX", name="飞天").abv_text == ""
    assert drawn_bottle(aroma=Aroma.JX, packaging="BOX", name="飞天", abv_tenths=530).abv_text == "53%vol"
