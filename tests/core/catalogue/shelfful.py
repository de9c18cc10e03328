"""Catalogues of any size for search and lookup."""

from random import Random

from core.catalogue.models import ProductLine, Spu
from core.catalogue.services.checks import SkuFacts
from core.catalogue.services.records import SkuRecord, write_records
from core.kernel import clock

KNOWN = (
    ("FJ-QX-530-0500-Y20-06", "青花汾酒20", "QX"),
    ("WLY-NX-520-0500-NV-06-G8", "第八代五粮液", "NX"),
    ("MT-JX-530-0500-NV-06", "飞天茅台", "JX"),
    ("YH-NX-520-0550-NV-04-M6P", "梦之蓝M6+", "NX"),
    ("YH-NX-520-0500-NV-06", "梦之蓝M6", "NX"),
    ("JNC-NX-520-0500-NV-06-SJJ", "剑南春 水晶剑", "NX"),
    ("JG-FY-520-0500-NV-06-CC", "酒鬼酒 传承", "FY"),
)
FINE = (
    *KNOWN,
    ("XH-NX-520-0500-NV-06-QC", "泉藏大曲", "NX"),
    ("GJ-NX-520-0500-NV-06", "国窖1573", "NX"),
    ("LZ-NX-520-0500-NV-06", "泸州老窖特曲", "NX"),
    ("NLS-NX-420-0500-NV-12", "牛栏山陈酿", "NX"),
)
"""Further names that are often misspelled."""
_FIRST = "国华 泉藏 金沙 红坛 蓝瓶 老窖 天之 海之 陈酿 原浆 典藏 封坛 喜宴 家宴 福禄 祥云 山水 明月 清风 御酿 古井 杏花"
_SECOND = "大曲 特曲 头曲 老酒 佳酿 玉液 琼浆 春 酱酒 清酒 小酒 光瓶 礼盒 纪念 生肖 国宾 团购"
_THIRD = "5 10 15 20 30 甲 乙 丙 丁 金 银 红 蓝 绿 黑 典 雅"


def stock_the_shelf(count: int = 0, known: tuple[tuple[str, str, str], ...] = KNOWN) -> None:
    """The ``known`` products, and as many others (at most 26,000) as make ``count``; all ON."""
    line = ProductLine.objects.create(code="ALL", name="全系列")
    spu = Spu.objects.create(code="ALL", name="全部", product_line=line, aroma="NX")
    names = [
        f"{first}{second}{third}{fourth}"
        for first in _FIRST.split()
        for second in _SECOND.split()
        for third in _THIRD.split()
        for fourth in ("", "柔和", "经典", "新品")
    ]
    Random(13).shuffle(names)
    facts = [_facts(code, name, aroma) for code, name, aroma in known]
    facts += [
        _facts(f"XH-NX-520-0500-NV-06-{place:05d}", name, "NX", place)
        for place, name in enumerate(names[: max(count - len(known), 0)], start=1)
    ]
    write_records([SkuRecord(one, spu.pk, line.pk, line.name, version=1) for one in facts], clock.now())
    line.skus.update(status="ON")


def _facts(code: str, name: str, aroma: str, serial: int = 0) -> SkuFacts:
    _, _, abv, volume, age, pack, *_ = code.split("-")
    return SkuFacts(
        code=code,
        name=name,
        aroma=aroma,
        abv_tenths=int(abv),
        volume_ml=int(volume),
        bottles_per_case=int(pack),
        age_code=age,
        gtin13=f"{6900000000000 + serial}" if serial else "",
        rank=serial,
    )
