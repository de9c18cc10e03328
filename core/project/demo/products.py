"""What the demo's two distilleries make and sell: plain facts, no writing.

Names, strengths and packs of the lines ``MJ`` are those of well-known baijiu (the trade's reference list); everything
else is made up. Barcodes carry a test prefix, licences test serials, both with right check digits. Prices are made up
everywhere. All amounts are fen including VAT: per case, the retail guide per bottle.
"""

from dataclasses import dataclass

from stdnum import ean

from core.kernel.identifiers import gtin14_of_case, mod11_10, uscc_check_character

TEST_BARCODE_PREFIX = "690000"
TIERS = ("PROVINCIAL", "CITY", "COUNTY", "TERMINAL")
NO_BREAKS: tuple[tuple[int, int], ...] = ()
TRADE_BREAKS = ((50, 985), (200, 970))
"""From so many cases a case costs this many thousandths of the tier's price."""
SHOP_BREAKS = ((20, 990), (100, 975))


@dataclass(frozen=True, slots=True)
class DemoProducer:
    """A distillery: ``region_code`` is its county, ``sc_no`` a valid SC number for liquor, ``uscc`` may be empty."""

    name: str
    uscc: str
    sc_no: str
    region_code: str


@dataclass(frozen=True, slots=True)
class DemoLine:
    """A product line, in the order of the catalogue."""

    code: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class DemoPrices:
    """Fen per case: ex-factory, then by tier; ``retail`` fen per bottle; ``breaks`` (from cases, thousandths)."""

    ex_factory: int
    by_tier: dict[str, int]
    retail: int
    breaks: tuple[tuple[int, int], ...]

    def ladder(self, tier: str) -> tuple[tuple[int, int], ...]:
        """``(from cases, fen per case)`` rising by quantity, the first from one case; whole yuan."""
        base = self.by_tier[tier]
        steps = ((least, base * permille // 100_000 * 100) for least, permille in self.breaks)
        return ((1, base), *steps)


@dataclass(frozen=True, slots=True)
class DemoProduct:
    """One SKU with everything ``save_spu`` and ``save_sku`` ask for, and its prices."""

    code: str
    spu_code: str
    line_code: str
    producer: str
    name: str
    name_en: str
    aroma: str
    abv_tenths: int
    volume_ml: int
    bottles_per_case: int
    age_code: str
    age_basis: str
    edition: str
    exec_standard: str
    packaging: str
    gtin13: str
    gtin14: str
    sells_in: str
    status: str
    rank: int
    prices: DemoPrices


@dataclass(frozen=True, slots=True)
class DemoAssortment:
    """All a brand sells: its own marks first, then the well-known names it distributes."""

    code_prefixes: tuple[str, ...]
    lines: tuple[DemoLine, ...]
    producers: tuple[DemoProducer, ...]
    products: tuple[DemoProduct, ...]


def retail_barcode(serial: int) -> str:
    """A GTIN-13 under the test prefix."""
    body = f"{TEST_BARCODE_PREFIX}{serial:06d}"
    return body + ean.calc_check_digit(body)


def _producer(name: str, region_code: str, serial: int, organisation: str = "") -> DemoProducer:
    sc_body = f"115{region_code}{serial:04d}"
    uscc_body = f"91{region_code}{organisation}" if organisation else ""
    uscc = uscc_body + uscc_check_character(uscc_body) if uscc_body else ""
    return DemoProducer(name, uscc, f"SC{sc_body}{mod11_10(sc_body)}", region_code)


STANDARDS = {
    "NX": "GB/T 10781.1-2021",
    "QX": "GB/T 10781.2-2022",
    "MX": "GB/T 10781.3-2006",
    "JX": "GB/T 10781.4-2024",
    "CX": "GB/T 16289-2018",
    "FX": "GB/T 14867-2007",
    "TX": "GB/T 10781.7-2025",
    "JA": "GB/T 10781.8-2021",
    "ZM": "GB/T 10781.9-2021",
    "LB": "GB/T 20825-2007",
    "FY": "GB/T 10781.11-2021",
    "DX": "DB52/T 550",
    "GY": "GB/T 20822-2007",
}
"""The standard in force in January 2026, by aroma type."""

XINGHE_MAKER = "山西杏禾酒业股份有限公司"
CHISHUI_MAKER = "贵州赤水河酒业有限公司"
XINGHE_PRODUCERS = (
    _producer(XINGHE_MAKER, "141182", 1, "MA0XHJY01"),
    _producer("宜宾五粮液股份有限公司", "511502", 9001),
    _producer("四川绵竹剑南春酒厂", "510683", 9002),
    _producer("江苏洋河酒厂股份有限公司", "321302", 9003),
    _producer("山西杏花村汾酒厂股份有限公司", "141182", 9004),
    _producer("桂林三花股份有限公司", "450304", 9005),
    _producer("陕西西凤酒股份有限公司", "610305", 9006),
    _producer("广东石湾酒厂集团有限公司", "440604", 9007),
    _producer("四特酒有限责任公司", "360982", 9008),
    _producer("山东景芝白酒有限公司", "370784", 9009),
    _producer("河北衡水老白干酒业股份有限公司", "131102", 9010),
    _producer("湖北白云边酒业", "421087", 9011),
    _producer("酒鬼酒股份有限公司", "433101", 9012),
    _producer("北京顺鑫农业牛栏山酒厂", "110113", 9013),
)
CHISHUI_PRODUCERS = (
    _producer(CHISHUI_MAKER, "520381", 1, "MA6C8H026"),
    _producer("贵州茅台酒股份有限公司", "520382", 9001),
    _producer("贵州董酒股份有限公司", "520303", 9002),
)
XINGHE_LINES = (
    DemoLine("GH", "杏禾国华", "Xinghe Guohua"),
    DemoLine("QC", "杏禾泉藏", "Xinghe Spring Reserve"),
    DemoLine("QH", "青禾清香", "Qinghe Light Aroma"),
    DemoLine("GP", "杏禾光瓶", "Xinghe Everyday"),
    DemoLine("MJ", "名酒经销", "Well-known Baijiu"),
)
CHISHUI_LINES = (
    DemoLine("HG", "赤水河谷", "Chishui Valley"),
    DemoLine("JC", "窖藏酱香", "Cellar Sauce Aroma"),
    DemoLine("XJ", "赤水小酱", "Chishui Everyday"),
    DemoLine("MJ", "名酒经销", "Well-known Baijiu"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the tables below: SKU, SPU and line code, names, the producer's place, prices in yuan.

    Prices: ex-factory, provincial, city, county and terminal per case, retail per bottle.
    """

    code: str
    spu_code: str
    line_code: str
    name: str
    name_en: str
    maker: int
    yuan: tuple[int, ...]


def _rows(table: str) -> tuple[Row, ...]:
    cells = ([cell.strip() for cell in line.split("|")] for line in table.strip().splitlines())
    return tuple(
        Row(code, spu, line, name, name_en, int(maker), tuple(int(amount) for amount in yuan.split()))
        for code, spu, line, name, name_en, maker, yuan in cells
    )


XINGHE = """
XH-NX-520-0500-NV-06 | XH-GH | GH | 杏禾国华 | Xinghe Guohua | 0 | 1788 1860 1980 2088 2268 428
XH-NX-420-0500-NV-06 | XH-GH | GH | 杏禾国华 柔和 | Xinghe Guohua Mild | 0 | 1620 1680 1788 1890 2058 388
XH-NX-520-0500-NV-04-LH | XH-GH | GH | 杏禾国华 礼盒 | Xinghe Guohua Gift | 0 | 1320 1372 1460 1540 1672 478
XH-NX-520-0500-Y10-06 | XH-QC10 | QC | 杏禾泉藏10 | Spring Reserve 10 | 0 | 2880 2988 3180 3360 3648 688
XH-NX-520-0500-Y20-06 | XH-QC20 | QC | 杏禾泉藏20 | Spring Reserve 20 | 0 | 5280 5490 5820 6150 6660 1280
XH-QX-530-0500-Y20-06 | XH-QH20 | QH | 青禾20 | Qinghe 20 | 0 | 2040 2118 2250 2376 2580 488
XH-QX-530-0475-NV-12 | XH-QHY | QH | 青禾 老瓶装 | Qinghe Classic | 0 | 408 424 450 475 516 52
XH-QX-420-0100-NV-24 | XH-QHX | QH | 青禾小酒 | Qinghe Mini | 0 | 288 300 318 336 365 19
XH-NX-500-0500-NV-12 | XH-GP | GP | 杏禾光瓶 大曲 | Xinghe Plain Daqu | 0 | 195 203 216 228 248 26
XH-NX-420-0500-NV-06-XY | XH-XY | GH | 杏禾喜宴 | Xinghe Banquet | 0 | 780 810 860 908 986 198
WLY-NX-520-0500-NV-06-G8 | WLY-G8 | MJ | 第八代五粮液 | Wuliangye 8th | 1 | 6114 6150 6210 6300 6480 1499
JNC-NX-520-0500-NV-06-SJJ | JNC-SJJ | MJ | 剑南春 水晶剑 | Jiannanchun | 2 | 2340 2370 2430 2490 2598 519
YH-NX-520-0550-NV-04-M6P | YH-M6P | MJ | 洋河 梦之蓝M6+ | Dream Blue M6+ | 3 | 2220 2260 2320 2384 2496 799
FJ-QX-530-0500-Y20-06 | FJ-QH20 | MJ | 青花汾酒20 | Qinghua Fenjiu 20 | 4 | 2160 2196 2250 2310 2418 528
SH-MX-520-0480-NV-12 | SH-PZ | MJ | 桂林三花酒 瓶装 | Guilin Sanhua | 5 | 240 246 258 270 294 32
XF-FX-550-0500-NV-12 | XF-LP | MJ | 西凤酒 绿瓶高脖 | Xifeng Green | 6 | 588 600 624 648 696 69
YBS-CX-290-0500-NV-12 | YBS-SW | MJ | 石湾玉冰烧 | Yubingshao | 7 | 204 210 222 234 252 28
ST-TX-520-0500-NV-06-HY | ST-HY | MJ | 四特酒 东方韵弘韵 | Si'te Hongyun | 8 | 1560 1590 1650 1710 1830 398
JZ-ZM-520-0500-NV-06 | JZ-YP | MJ | 一品景芝 | Yipin Jingzhi | 9 | 1440 1470 1530 1590 1710 358
LBG-LB-670-0500-NV-06 | LBG-67 | MJ | 衡水老白干67度 | Laobaigan 67 | 10 | 390 402 426 450 492 108
BYB-JA-420-0500-Y12-06 | BYB-12 | MJ | 白云边12年陈酿 | Baiyunbian 12 | 11 | 540 552 582 612 666 138
JG-FY-520-0500-NV-06-CC | JG-CC | MJ | 酒鬼酒 传承 | Jiugui Heritage | 12 | 1980 2016 2100 2178 2310 498
NLS-GY-420-0500-NV-12 | NLS-CN | MJ | 牛栏山陈酿 | Niulanshan | 13 | 126 130 138 146 160 18
XH-NX-520-1000-NV-06 | XH-GH | GH | 杏禾国华 大坛 | Xinghe Guohua Magnum | 0 | 3420 3558 3780 3990 4332 818
"""

CHISHUI = """
CS-JX-530-0500-NV-06 | CS-HG | HG | 赤水河谷 | Chishui Valley | 0 | 3240 3378 3588 3786 4110 798
CS-JX-530-0500-NV-06-HJ | CS-HG | HG | 赤水河谷 红金 | Valley Red Gold | 0 | 3480 3624 3852 4068 4416 858
CS-JX-530-0500-NV-04-LH | CS-HG | HG | 赤水河谷 礼盒 | Valley Gift | 0 | 2400 2496 2652 2800 3040 898
CS-JX-450-0500-NV-06 | CS-HGR | HG | 赤水河谷 柔酱 | Valley Mild | 0 | 2280 2370 2520 2658 2886 558
CS-JX-530-0500-Y15-06 | CS-JC15 | JC | 窖藏15 | Cellar 15 | 0 | 5880 6114 6480 6840 7410 1480
CS-JX-530-0500-Y30-06 | CS-JC30 | JC | 窖藏30 | Cellar 30 | 0 | 11880 12354 13110 13830 14970 2980
CS-JX-530-0500-B2018-06 | CS-JCB | JC | 窖藏瓶储2018 | Cellar Bottled 2018 | 0 | 7680 7986 8478 8940 9690 1880
CS-JX-530-0100-NV-24 | CS-XJ | XJ | 赤水小酱 | Chishui Mini | 0 | 960 1000 1060 1118 1212 68
CS-JX-530-0500-NV-12-GP | CS-XJG | XJ | 赤水光瓶酱酒 | Chishui Plain Sauce | 0 | 816 848 900 950 1032 108
CS-JX-530-1000-NV-04 | CS-HG | HG | 赤水河谷 大坛 | Valley Magnum | 0 | 4240 4408 4680 4936 5360 1598
MT-JX-530-0500-NV-06 | MT-FT | MJ | 飞天茅台 | Feitian Moutai | 1 | 7014 7050 7110 7200 7380 1499
MT-JX-530-0500-NV-12 | MT-FT | MJ | 飞天茅台 整箱12瓶 | Feitian Moutai x12 | 1 | 14028 14100 14220 14400 14760 1499
MT-JX-530-0500-NV-04 | MT-FT | MJ | 飞天茅台 整箱4瓶 | Feitian Moutai x4 | 1 | 4676 4700 4740 4800 4920 1499
DJ-DX-540-0500-NV-06-GM | DJ-GM | MJ | 董酒 国密 | Dongjiu Guomi | 2 | 2640 2700 2820 2940 3150 688
"""

NAMED_AGES = {"XH-QC10", "XH-QC20", "XH-QH20", "FJ-QH20", "BYB-12", "CS-JC15", "CS-JC30"}
"""Their year is a name, not a claim; the bottling-year item of the cellar line is the one that claims an age."""
BARE_BOTTLES = {"XH-GP", "XH-QHY", "NLS-CN", "SH-PZ", "XF-LP", "YBS-SW", "CS-XJG", "XH-QHX", "CS-XJ"}
SOLD_BY_BOTTLE_TOO = {"XH-QC20", "CS-JC30", "CS-JCB", "MT-FT"}
NOT_YET_ON_SHELF = {"XH-NX-520-1000-NV-06": "DRAFT", "CS-JX-530-1000-NV-04": "DRAFT", "SH-MX-520-0480-NV-12": "OFF"}
OWN_STANDARDS = {"MT-FT": "GB/T 18356"}
"""Products of a protected origin name their own standard."""


def _age_basis(spu_code: str, age_code: str) -> str:
    if age_code.startswith("B"):
        return "BOTTLE_AGED"
    return "NAME" if spu_code in NAMED_AGES else "NONE"


def _prices(yuan: tuple[int, ...], spu_code: str) -> DemoPrices:
    ex_factory, *tiers, retail = (amount * 100 for amount in yuan)
    breaks = SHOP_BREAKS if spu_code in BARE_BOTTLES else TRADE_BREAKS
    # The best-known bottles are rationed: nobody gives a quantity price on them.
    rationed = spu_code in {"MT-FT", "WLY-G8"}
    return DemoPrices(ex_factory, dict(zip(TIERS, tiers, strict=True)), retail, NO_BREAKS if rationed else breaks)


def _barcodes(rows: tuple[Row, ...], first: int) -> dict[str, tuple[str, str]]:
    """GTIN-13 and GTIN-14 by SKU code: a bottle keeps its GTIN-13 in every case, each case size has its own GTIN-14."""
    bottles: dict[tuple[str, ...], list[str]] = {}
    for row in rows:
        prefix, aroma, abv, volume, age, _pack, *edition = row.code.split("-")
        bottles.setdefault((row.spu_code, prefix, aroma, abv, volume, age, *edition), []).append(row.code)
    found: dict[str, tuple[str, str]] = {}
    for serial, codes in enumerate(bottles.values(), start=first):
        retail = retail_barcode(serial)
        found.update({code: (retail, gtin14_of_case(retail, place)) for place, code in enumerate(codes, start=1)})
    return found


def _product(row: Row, rank: int, producers: tuple[DemoProducer, ...], gtin13: str, gtin14: str) -> DemoProduct:
    _prefix, aroma, abv, volume, age_code, pack, *edition = row.code.split("-")
    return DemoProduct(
        code=row.code,
        spu_code=row.spu_code,
        line_code=row.line_code,
        producer=producers[row.maker].name,
        name=row.name,
        name_en=row.name_en,
        aroma=aroma,
        abv_tenths=int(abv),
        volume_ml=int(volume),
        bottles_per_case=int(pack),
        age_code=age_code,
        age_basis=_age_basis(row.spu_code, age_code),
        edition=edition[0] if edition else "",
        exec_standard=OWN_STANDARDS.get(row.spu_code, STANDARDS[aroma]),
        packaging="BARE" if row.spu_code in BARE_BOTTLES else "BOX",
        gtin13=gtin13,
        gtin14=gtin14,
        sells_in="BOTH" if row.spu_code in SOLD_BY_BOTTLE_TOO else "CASE",
        status=NOT_YET_ON_SHELF.get(row.code, "ON"),
        rank=rank,
        prices=_prices(row.yuan, row.spu_code),
    )


def _assortment(
    table: str, lines: tuple[DemoLine, ...], producers: tuple[DemoProducer, ...], first_serial: int
) -> DemoAssortment:
    rows = _rows(table)
    barcodes = _barcodes(rows, first_serial)
    prefixes = tuple(dict.fromkeys(row.code.split("-")[0] for row in rows))
    products = tuple(_product(row, rank, producers, *barcodes[row.code]) for rank, row in enumerate(rows, start=1))
    return DemoAssortment(prefixes, lines, producers, products)


ASSORTMENTS = {
    "xinghe": _assortment(XINGHE, XINGHE_LINES, XINGHE_PRODUCERS, 100001),
    "chishui": _assortment(CHISHUI, CHISHUI_LINES, CHISHUI_PRODUCERS, 200001),
}
"""By the brand's slug."""
