"""The demo's dealers: plain facts, no writing. Every company and person is made up; regions and number rules are real.

A row: code, tier, parent (``-``: the brand), its territory, the county of its house, channel (``-``: the traditional
trade), credit limit in units of 10,000 yuan, name, short name, street, contact.
"""

from dataclasses import dataclass

from core.kernel.identifiers import mod11_10, uscc_check_character

XINGHE = """
SD01 | PROVINCIAL | - | 370000 | 370102 | - | 600 | 山东齐韵酒类销售有限公司 | 齐韵酒类 | 解放路188号 | 孙传义
HA01 | PROVINCIAL | - | 410000 | 410105 | - | 500 | 河南中州醇商贸有限公司 | 中州醇 | 花园路66号 | 郭长河
SX01 | PROVINCIAL | - | 140000 | 140105 | - | 450 | 山西晋酿糖酒副食有限公司 | 晋酿糖酒 | 平阳路21号 | 武晋生
JS01 | PROVINCIAL | - | 320000 | 320102 | - | 500 | 江苏吴越春酒业有限公司 | 吴越春 | 珠江路99号 | 陆文渊
GD01 | PROVINCIAL | - | 440000 | 440106 | - | 550 | 广东岭南名酒供应链有限公司 | 岭南名酒 | 天河北路310号 | 陈耀辉
SD02 | CITY | SD01 | 370100 | 370102 | - | 200 | 济南泉城名酒商行有限公司 | 泉城名酒 | 泺源大街45号 | 刘泉生
SD03 | CITY | SD01 | 370200 | 370202 | - | 220 | 青岛胶州湾酒业有限公司 | 胶州湾酒业 | 香港中路12号 | 于海涛
SD04 | CITY | SD01 | 371300 | 371302 | - | 120 | 临沂沂蒙糖酒有限公司 | 沂蒙糖酒 | 通达路77号 | 王沂水
SD05 | CITY | SD01 | 370600 | 370602 | - | 120 | 烟台芝罘湾商贸有限公司 | 芝罘湾 | 南大街150号 | 曲振东
HA02 | CITY | HA01 | 410100 | 410105 | - | 180 | 郑州金水源酒业有限公司 | 金水源 | 经三路28号 | 赵金水
HA03 | CITY | HA01 | 411300 | 411302 | - | 100 | 南阳宛城酒水有限公司 | 宛城酒水 | 建设路5号 | 张宛平
HA09 | CITY | HA01 | 419001 | 419001 | - | 60 | 济源济水酒业有限公司 | 济水酒业 | 宣化街33号 | 卢济民
SX02 | CITY | SX01 | 140100 | 140105 | - | 150 | 太原并州名酒有限公司 | 并州名酒 | 长风街102号 | 郝建国
JS02 | CITY | JS01 | 320100 | 320102 | - | 180 | 南京钟山酒业有限公司 | 钟山酒业 | 中山东路300号 | 沈钟灵
JS03 | CITY | JS01 | 320500 | 320505 | - | 180 | 苏州平江酒类有限公司 | 平江酒类 | 狮山路8号 | 顾平江
GD02 | CITY | GD01 | 440100 | 440106 | - | 200 | 广州云山商贸有限公司 | 云山商贸 | 体育东路19号 | 黄云山
GD03 | CITY | GD01 | 441900 | 441900 | - | 150 | 东莞莞城酒业有限公司 | 莞城酒业 | 莞城区东城路6号 | 叶莞生
GD04 | CITY | GD01 | 440300 | 440304 | GROUP_BUY | 160 | 深圳鹏程名酒有限公司 | 鹏程名酒 | 福华三路100号 | 林鹏程
BJ01 | CITY | - | 110000 | 110105 | - | 200 | 北京燕京坊商贸有限公司 | 燕京坊 | 朝外大街16号 | 李燕生
SD11 | COUNTY | SD02 | 370114 | 370114 | - | 40 | 济南章丘百脉酒水经营部 | 百脉酒水 | 明水大街9号 | 宁百脉
SD12 | COUNTY | SD03 | 370211 | 370211 | - | 50 | 青岛西海岸琅琊商贸有限公司 | 琅琊商贸 | 长江中路230号 | 薛琅琊
SD13 | COUNTY | SD04 | 371302 | 371302 | - | 40 | 临沂兰山兴旺糖酒站 | 兴旺糖酒 | 金雀山路55号 | 杨兴旺
HA11 | COUNTY | HA02 | 410122 | 410122 | - | 40 | 中牟雁鸣湖酒业有限公司 | 雁鸣湖酒业 | 青年路71号 | 冉广福
HA12 | COUNTY | HA03 | 411381 | 411381 | - | 30 | 邓州花洲酒水有限公司 | 花洲酒水 | 新华路18号 | 丁花洲
SX11 | COUNTY | SX01 | 141182 | 141182 | HORECA | 40 | 汾阳文湖酒水有限公司 | 文湖酒水 | 鼓楼南路2号 | 任文湖
JS11 | COUNTY | JS03 | 320583 | 320583 | - | 60 | 昆山玉峰酒业有限公司 | 玉峰酒业 | 前进中路88号 | 归玉峰
GD11 | COUNTY | GD02 | 440118 | 440118 | - | 40 | 广州增城荔乡商贸有限公司 | 荔乡商贸 | 荔城大道17号 | 湛荔生
SD21 | TERMINAL | SD02 | 370102 | 370102 | - | 5 | 历下福满楼烟酒店 | 福满楼 | 朝山街23号 | 孟庆福
SD22 | TERMINAL | SD02 | 370103 | 370103 | - | 5 | 市中舜和名烟名酒行 | 舜和烟酒 | 经四路61号 | 段舜和
SD23 | TERMINAL | SD03 | 370202 | 370202 | - | 6 | 市南海韵名烟名酒行 | 海韵烟酒 | 闽江路40号 | 姜海韵
SD24 | TERMINAL | SD02 | 370114 | 370114 | HORECA | 4 | 章丘明水人家大酒店 | 明水人家 | 汇泉路3号 | 袁明水
HA21 | TERMINAL | HA02 | 410105 | 410105 | - | 5 | 金水鼎盛烟酒行 | 鼎盛烟酒 | 黄河路90号 | 高鼎盛
HA22 | TERMINAL | HA02 | 410103 | 410103 | - | 4 | 二七德化烟酒店 | 德化烟酒 | 德化街14号 | 马德化
SX21 | TERMINAL | SX02 | 140105 | 140105 | - | 5 | 小店汾香烟酒行 | 汾香烟酒 | 坞城路35号 | 阎汾香
JS21 | TERMINAL | JS02 | 320102 | 320102 | - | 6 | 玄武金陵烟酒行 | 金陵烟酒 | 丹凤街7号 | 周金陵
GD21 | TERMINAL | GD02 | 440106 | 440106 | - | 6 | 天河粤来名烟名酒店 | 粤来烟酒 | 龙口西路52号 | 梁粤来
GD22 | TERMINAL | GD03 | 441900 | 441900 | - | 5 | 东莞莞香烟酒商行 | 莞香烟酒 | 南城街道元美路10号 | 尹莞香
BJ21 | TERMINAL | - | 110105 | 110105 | KA | 80 | 北京燕北连锁超市有限公司 | 燕北超市 | 望京街9号 | 佟燕北
"""

CHISHUI = """
GZ01 | PROVINCIAL | - | 520000 | 520103 | - | 600 | 贵州黔酱酒类销售有限公司 | 黔酱酒类 | 北京路66号 | 罗黔生
HN01 | PROVINCIAL | - | 430000 | 430102 | - | 600 | 湖南湘江名酒有限公司 | 湘江名酒 | 五一大道118号 | 谭湘江
FJ01 | PROVINCIAL | - | 350000 | 350102 | - | 700 | 福建闽酱供应链有限公司 | 闽酱供应链 | 五四路158号 | 林闽生
SC01 | PROVINCIAL | - | 510000 | 510107 | - | 600 | 四川锦官名酒有限公司 | 锦官名酒 | 人民南路四段27号 | 蒋锦官
GZ02 | CITY | GZ01 | 520100 | 520103 | - | 250 | 贵阳甲秀酒业有限公司 | 甲秀酒业 | 中华北路30号 | 田甲秀
GZ03 | CITY | GZ01 | 520300 | 520302 | - | 250 | 遵义红花岗名酒有限公司 | 红花岗名酒 | 中华南路20号 | 冯遵红
HN02 | CITY | HN01 | 430100 | 430102 | - | 300 | 长沙橘洲名酒有限公司 | 橘洲名酒 | 芙蓉中路400号 | 彭橘洲
FJ02 | CITY | FJ01 | 350100 | 350102 | - | 350 | 福州三坊酒业有限公司 | 三坊酒业 | 八一七北路86号 | 郑三坊
FJ03 | CITY | FJ01 | 350200 | 350203 | - | 350 | 厦门鹭岛名酒有限公司 | 鹭岛名酒 | 湖滨南路55号 | 洪鹭生
SC02 | CITY | SC01 | 510100 | 510107 | - | 350 | 成都浣花酒业有限公司 | 浣花酒业 | 一环路南二段11号 | 杜浣花
SH01 | CITY | - | 310000 | 310115 | - | 400 | 上海浦江汇商贸有限公司 | 浦江汇 | 世纪大道1500号 | 徐浦江
SD02 | CITY | - | 370100 | 370102 | - | 200 | 济南泉城名酒商行有限公司 | 泉城名酒 | 泺源大街45号 | 刘泉生
GZ11 | COUNTY | GZ03 | 520382 | 520382 | - | 80 | 仁怀盐津酒水有限公司 | 盐津酒水 | 国酒大道36号 | 母仁怀
HN11 | COUNTY | HN02 | 430181 | 430181 | - | 80 | 浏阳道吾山酒业有限公司 | 道吾山酒业 | 北正中路12号 | 寻道吾
FJ11 | COUNTY | FJ02 | 350181 | 350181 | - | 100 | 福清融城商贸有限公司 | 融城商贸 | 清昌大道48号 | 翁融城
SC11 | COUNTY | SC02 | 510116 | 510116 | - | 90 | 成都双流空港酒水有限公司 | 空港酒水 | 棠湖西路29号 | 岳双流
GZ21 | TERMINAL | GZ02 | 520103 | 520103 | - | 8 | 云岩黔灵烟酒行 | 黔灵烟酒 | 黔灵西路8号 | 石黔灵
GZ22 | TERMINAL | GZ02 | 520102 | 520102 | HORECA | 10 | 南明花溪人家酒楼 | 花溪人家 | 遵义路31号 | 班花溪
HN21 | TERMINAL | HN02 | 430102 | 430102 | - | 8 | 芙蓉定王台烟酒店 | 定王台烟酒 | 解放西路4号 | 易定王
FJ21 | TERMINAL | FJ02 | 350102 | 350102 | - | 10 | 鼓楼榕城名烟名酒行 | 榕城烟酒 | 东街口12号 | 江榕城
FJ22 | TERMINAL | FJ03 | 350203 | 350203 | - | 10 | 思明鼓浪烟酒商行 | 鼓浪烟酒 | 厦禾路72号 | 白鼓浪
SC21 | TERMINAL | SC02 | 510107 | 510107 | - | 8 | 武侯锦里烟酒行 | 锦里烟酒 | 浆洗街15号 | 诸葛锦
SH21 | TERMINAL | SH01 | 310115 | 310115 | - | 12 | 浦东陆家嘴名酒坊 | 陆家嘴名酒坊 | 浦城路38号 | 应浦东
"""

WAN_FEN = 1_000_000
"""10,000 yuan in fen."""


@dataclass(frozen=True, slots=True)
class DemoDealer:
    """A dealer to be made; ``parent_code`` empty: below the brand. ``credit_limit`` fen."""

    code: str
    tier: str
    parent_code: str
    region_code: str
    county_code: str
    channel: str
    credit_limit: int
    name: str
    short_name: str
    street: str
    contact: str
    serial: int

    @property
    def uscc(self) -> str:
        """A made-up USCC with the right check character; a company of both brands has the same one."""
        category = "92" if self.tier == "TERMINAL" and self.channel != "KA" else "91"
        body = f"{category}{self.county_code}MA{_company_serial(self.name):05d}XH"
        return body + uscc_check_character(body)

    @property
    def jy_number(self) -> str:
        """A made-up food trade permit with the right check digit."""
        kind = "2" if self.channel == "HORECA" else "1"
        body = f"{kind}{self.county_code}{_company_serial(self.name):06d}"
        return f"JY{body}{mod11_10(body)}"


def _company_serial(name: str) -> int:
    return sum(ord(letter) * place for place, letter in enumerate(name, start=7)) % 99_991


def _dealers(table: str) -> tuple[DemoDealer, ...]:
    rows = ([cell.strip() for cell in line.split("|")] for line in table.strip().splitlines())
    return tuple(
        DemoDealer(
            code,
            tier,
            parent.strip("-"),
            region,
            county,
            channel.strip("-") or "TRADITIONAL",
            int(wan) * WAN_FEN,
            name,
            short,
            street,
            who,
            serial,
        )
        for serial, (code, tier, parent, region, county, channel, wan, name, short, street, who) in enumerate(rows)
    )


DEALERS = {"xinghe": _dealers(XINGHE), "chishui": _dealers(CHISHUI)}
"""By the brand's slug, parents before children."""
SMALL = {
    "xinghe": ("SD01", "SD02", "SD03", "SD11", "SD21", "SD22", "HA01", "HA02"),
    "chishui": ("GZ01", "GZ02", "GZ21", "SD02"),
}
"""The dealers of the small world."""
