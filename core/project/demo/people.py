"""The demo's people: who sits where, and how they sign in. All made up; one password for all."""

from dataclasses import dataclass

from core.project.demo.channel import DemoDealer

PASSWORD = "jiumai-demo-2026"
_STAFF = (
    ("brand_admin", "admin", "邵明远", "钟赤诚"),
    ("brand_sales_admin", "sales", "苗晓棠", "冉秋水"),
    ("brand_region_manager", "region", "石振邦", "穆云峰"),
    ("brand_rep", "rep", "柳向阳", "蔡一鸣"),
    ("brand_finance", "finance", "秦素云", "安静怡"),
    ("brand_warehouse", "warehouse", "雷大江", "熊厚土"),
    ("brand_product", "product", "白若溪", "凌听雨"),
    ("brand_pricing", "pricing", "樊知行", "顾衡"),
    ("brand_auditor", "auditor", "纪正清", "严守一"),
)
_FIRST_STAFF_PHONE = {"xinghe": 1, "chishui": 11}
_FIRST_DEALER_PHONE = {"xinghe": 21, "chishui": 61}
ALSO_AT_DEALERS = (
    ("SD02", "dealer_finance", "韩守账", 91),
    ("SD02", "dealer_warehouse", "牛万仓", 92),
    ("GZ02", "dealer_finance", "龙清账", 93),
)
"""Further seats: dealer, role, name, the end of the phone number."""


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """One seat: ``dealer_code`` empty for the brand's own staff; ``email`` may be empty."""

    name: str
    phone: str
    email: str
    role: str
    dealer_code: str = ""


def phone(number: int) -> str:
    """The demo's phone numbers, by their last two digits."""
    return f"138001380{number:02d}"


def staff(slug: str) -> tuple[DemoPerson, ...]:
    """The brand's people, one a role."""
    place, first = ("xinghe", "chishui").index(slug), _FIRST_STAFF_PHONE[slug]
    return tuple(
        DemoPerson(names[place], phone(first + number), f"{word}@{slug}.example", role)
        for number, (role, word, *names) in enumerate(_STAFF)
    )


def dealer_people(slug: str, dealers: tuple[DemoDealer, ...]) -> tuple[DemoPerson, ...]:
    """Each dealer's owner or buyer, and the further seats. A company of both brands sends the same person."""
    buyers = tuple(
        DemoPerson(dealer.contact, phone_of(slug, dealer), "", owner_role(dealer), dealer.code) for dealer in dealers
    )
    codes = {dealer.code for dealer in dealers} if slug == "xinghe" else {"GZ02"} & {dealer.code for dealer in dealers}
    more = tuple(
        DemoPerson(name, phone(number), "", role, code) for code, role, name, number in ALSO_AT_DEALERS if code in codes
    )
    return buyers + more


def owner_role(dealer: DemoDealer) -> str:
    """A county dealer sends a buyer; elsewhere the owner does it all."""
    return "dealer_buyer" if dealer.tier == "COUNTY" else "dealer_admin"


def phone_of(slug: str, dealer: DemoDealer) -> str:
    """The phone of the dealer's contact."""
    if slug == "chishui" and dealer.code == "SD02":
        return phone(_FIRST_DEALER_PHONE["xinghe"] + 5)
    return phone(_FIRST_DEALER_PHONE[slug] + dealer.serial)
