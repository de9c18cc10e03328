"""Regions: the irregular shapes of GB/T 2260, codes that retired, and addresses as people type them."""

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.kernel.errors import Kind
from core.kernel.regions import (
    COUNTRY,
    Level,
    UnknownRegion,
    ancestors,
    children,
    contains,
    current,
    find,
    find_english,
    full_name,
    full_name_en,
    is_leaf,
    lineage,
    provinces,
    region,
    register,
)
from core.kernel.regions.register import everything

CODES = st.sampled_from([place.code for place in everything()])


def names(code: str) -> list[str]:
    return [place.name for place in children(code)]


def test_a_county_knows_its_city_and_province() -> None:
    place = region("370102")
    assert (place.name, place.level, place.parent_code, place.valid_to) == ("历下区", Level.COUNTY, "370100", None)
    assert [above.name for above in ancestors("370102")] == ["济南市", "山东省"]
    assert full_name("370102") == "山东省济南市历下区"


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("140000", "Shanxi"),
        ("610000", "Shaanxi"),
        ("150000", "Inner Mongolia"),
        ("540000", "Xizang"),
        ("650000", "Xinjiang"),
        ("810000", "Hong Kong"),
        ("820000", "Macao"),
        ("150100", "Hohhot, Inner Mongolia"),
        ("610100", "Xi'an, Shaanxi"),
        ("341500", "Lu'an, Anhui"),
        ("211300", "Chaoyang, Liaoning"),
        ("152500", "Xilingol League, Inner Mongolia"),
        ("653100", "Kashgar Prefecture, Xinjiang"),
        ("422800", "Enshi Tujia and Miao Autonomous Prefecture, Hubei"),
        ("533100", "Dehong Dai and Jingpo Autonomous Prefecture, Yunnan"),
        ("632800", "Haixi Mongol and Tibetan Autonomous Prefecture, Qinghai"),
        ("370102", "Lixia District, Jinan, Shandong"),
        ("110105", "Chaoyang District, Beijing"),
        ("419001", "Jiyuan, Henan"),
        ("110103", "Chongwen District, Beijing"),
    ],
)
def test_the_english_name(code: str, name: str) -> None:
    assert full_name_en(code) == name


def test_every_division_has_an_english_name_that_leads_back_to_it() -> None:
    for place in everything():
        assert re.fullmatch(r"[A-Z][A-Za-zü', -]+", place.name_en), place
        if place.valid_to is None:
            assert find_english(full_name_en(place.code)) == place
    lost = {line.split("\t")[0] for line in _lines("english.tsv")} ^ {place.code for place in everything()}
    assert not lost


def _lines(name: str) -> list[str]:
    text = (Path(register.__file__).parent / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if not line.startswith("#")]


def test_an_unknown_code_is_refused() -> None:
    for code in ("000000", "37010", "3701020", "", "济南市", "CN"):
        with pytest.raises(UnknownRegion) as refusal:
            region(code)
        assert (refusal.value.code, refusal.value.kind) == ("region.unknown", Kind.INVALID)


@pytest.mark.parametrize(
    "dummy", ["110100", "120100", "310100", "500100", "500200", "419000", "429000", "469000", "659000"]
)
def test_the_dummy_level_is_no_region(dummy: str) -> None:
    with pytest.raises(UnknownRegion):
        region(dummy)


def test_a_municipality_has_its_districts_as_children() -> None:
    assert region("110105").parent_code == "110000"
    assert len(children("110000")) == 16
    assert full_name("110105") == "北京市朝阳区"
    assert full_name("500230") == "重庆市丰都县"
    assert not is_leaf("110000")


@pytest.mark.parametrize(
    ("code", "full"),
    [
        ("419001", "河南省济源市"),
        ("429004", "湖北省仙桃市"),
        ("469002", "海南省琼海市"),
        ("659001", "新疆维吾尔自治区石河子市"),
    ],
)
def test_a_county_directly_under_a_province_is_its_child(code: str, full: str) -> None:
    assert region(code).level is Level.COUNTY
    assert full_name(code) == full
    assert is_leaf(code)
    assert code in [place.code for place in children(code[:2] + "0000")]


@pytest.mark.parametrize(
    ("code", "name"), [("441900", "东莞市"), ("442000", "中山市"), ("460400", "儋州市"), ("620200", "嘉峪关市")]
)
def test_a_city_without_counties_is_a_leaf(code: str, name: str) -> None:
    assert (region(code).name, region(code).level) == (name, Level.CITY)
    assert is_leaf(code)
    assert children(code) == ()


def test_the_country_has_34_provinces_sorted_by_pinyin() -> None:
    listed = [place.name for place in provinces()]
    assert len(listed) == 34
    assert listed[:5] == ["安徽省", "澳门特别行政区", "北京市", "重庆市", "福建省"]
    assert children(COUNTRY) == provinces()


def test_lists_are_sorted_by_pinyin_with_place_names_read_right() -> None:
    assert names("410000")[:6] == ["安阳市", "鹤壁市", "焦作市", "济源市", "开封市", "漯河市"]
    assert region("500000").pinyin == "chongqingshi"
    assert region("140400").pinyin == "changzhishi"


def test_the_register_has_the_newest_counties() -> None:
    assert full_name("653228") == "新疆维吾尔自治区和田地区和康县"
    assert full_name("653229") == "新疆维吾尔自治区和田地区和安县"
    assert region("659012").name == "白杨市"


def test_development_zones_are_not_divisions() -> None:
    assert [place.code for place in everything() if "70" <= place.code[4:] <= "79"] == []


def test_the_register_is_whole() -> None:
    in_force = [place for place in everything() if place.valid_to is None]
    assert [sum(place.level is level for place in in_force) for level in Level] == [34, 333, 2851]
    assert len(everything()) - len(in_force) == 395


def test_a_retired_county_stays_readable_and_names_its_successor() -> None:
    zhangqiu = region("370181")
    assert (zhangqiu.name, zhangqiu.valid_to, zhangqiu.successor_code) == ("章丘市", date(2016, 12, 31), "370114")
    assert full_name("370181") == "山东省济南市章丘市"
    assert current("370181").name == "章丘区"
    assert is_leaf("370181")
    assert "章丘市" not in names("370100")


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("371202", "370116", "莱芜区"),
        ("371203", "370117", "钢城区"),
        ("330103", "330105", "拱墅区"),
        ("330104", "330102", "上城区"),
        ("310119", "310115", "浦东新区"),
        ("110103", "110101", "东城区"),
        ("469003", "460400", "儋州市"),
        ("440681", "440606", "顺德区"),
        ("522423", "520581", "黔西市"),
        ("632121", "630203", "平安区"),
        ("500112", "500157", "两江新区"),
    ],
)
def test_an_old_code_leads_to_where_the_ground_lies_today(old: str, new: str, name: str) -> None:
    assert (current(old).code, current(old).name) == (new, name)


def test_a_dissolved_city_has_no_successor_but_its_counties_have() -> None:
    assert current("371200").code == "371200"
    assert not is_leaf("371200")
    assert full_name("371202") == "山东省莱芜市莱城区"


def test_a_territory_holds_its_counties_and_the_country_holds_all() -> None:
    assert contains("370000", "370102")
    assert contains("370102", "370102")
    assert contains("110000", "110105")
    assert contains("410000", "419001")
    assert contains(COUNTRY, "441900")
    assert contains(COUNTRY, COUNTRY)
    assert not contains("370102", "370100")
    assert not contains("370200", "370102")
    assert not contains("370000", COUNTRY)


def test_a_stale_code_lies_in_the_territory_of_today() -> None:
    assert contains("370100", "371202")
    assert contains("370114", "370181")
    assert contains("330105", "330103")
    assert lineage("370181") == ("370181", "370114", "370100", "370000", "CN")
    assert lineage(COUNTRY) == ("CN",)


def test_a_grant_on_a_renamed_county_goes_on_but_a_merged_one_never_widens() -> None:
    assert contains("370181", "370114")
    assert contains("522423", "520581")
    assert not contains("330103", "330105")
    assert not contains("500112", "500157")


@pytest.mark.parametrize(
    ("address", "full"),
    [
        ("广东省东莞市南城街道鸿福路1号", "广东省东莞市"),
        ("河南省济源市沁园街道", "河南省济源市"),
        ("河南省省直辖县级行政区划济源市", "河南省济源市"),
        ("北京市朝阳区建国路88号", "北京市朝阳区"),
        ("北京市市辖区朝阳区建国路", "北京市朝阳区"),
        ("北京市北京市朝阳区", "北京市朝阳区"),
        ("北京朝阳望京", "北京市朝阳区"),
        ("上海浦东张江", "上海市浦东新区"),
        ("重庆市县丰都县", "重庆市丰都县"),
        ("海南省儋州市那大镇", "海南省儋州市"),
        ("新疆石河子市", "新疆维吾尔自治区石河子市"),
        ("贵州仁怀茅台镇", "贵州省遵义市仁怀市"),
        ("江苏省苏州市昆山市", "江苏省苏州市昆山市"),
        ("江苏昆山花桥", "江苏省苏州市昆山市"),
        ("恩施州巴东县", "湖北省恩施土家族苗族自治州巴东县"),
        ("海南藏族自治州共和县", "青海省海南藏族自治州共和县"),
        ("河北省雄安新区容城县", "河北省保定市容城县"),
        ("吉林市船营区", "吉林省吉林市船营区"),
        ("100020 北京市 朝阳区", "北京市朝阳区"),
        ("中国广东省中山市小榄镇", "广东省中山市"),
    ],
)
def test_an_address_resolves_to_its_leaf(address: str, full: str) -> None:
    place = find(address)
    assert place is not None
    assert full_name(place.code) == full
    assert is_leaf(place.code)


@pytest.mark.parametrize(
    ("address", "full"),
    [
        ("山东省章丘市明水街道", "山东省济南市章丘区"),
        ("山东省莱芜市钢城区", "山东省济南市钢城区"),
        ("杭州江干区", "浙江省杭州市上城区"),
        ("安徽省巢湖市庐江县", "安徽省合肥市庐江县"),
        ("毕节地区黔西县", "贵州省毕节市黔西市"),
        ("重庆市渝北区龙溪街道", "重庆市两江新区"),
        ("西藏山南地区乃东县", "西藏自治区山南市乃东区"),
    ],
)
def test_an_old_address_resolves_to_the_division_of_today(address: str, full: str) -> None:
    place = find(address)
    assert place is not None
    assert (full_name(place.code), place.valid_to) == (full, None)


def test_an_address_without_its_county_resolves_as_deep_as_it_says() -> None:
    place = find("广东省广州市白云大道")
    assert place is not None
    assert place.code == "440100"
    assert not is_leaf(place.code)


@pytest.mark.parametrize("address", ["朝阳区", "鼓楼区中山北路", "hello", "", "１２３", "请送到后门"])
def test_an_address_that_names_none_or_several_resolves_to_none(address: str) -> None:
    assert find(address) is None


@given(CODES)
def test_every_code_lies_in_its_province_and_today_in_a_division_in_force_or_none(code: str) -> None:
    assert contains(code[:2] + "0000", code)
    assert contains(COUNTRY, code)
    assert current(current(code).code) == current(code)


@given(CODES)
def test_every_full_name_is_found_again(code: str) -> None:
    assume(current(code).valid_to is None)
    assert find(full_name(code)) == current(code)


@given(st.text(max_size=40))
def test_any_text_is_answered(text: str) -> None:
    place = find(text)
    assert place is None or place.valid_to is None
