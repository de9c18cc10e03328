"""Aroma types (香型) after GB/T 17204-2021, their usual strength, and the product standards by version."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.kernel.text import N_, normalised


class Aroma(StrEnum):
    """The twelve official aroma types and four codes for spirits without one."""

    NX = "NX"
    QX = "QX"
    MX = "MX"
    JX = "JX"
    CX = "CX"
    FX = "FX"
    TX = "TX"
    JA = "JA"
    ZM = "ZM"
    LB = "LB"
    FY = "FY"
    DX = "DX"
    XQ = "XQ"
    GY = "GY"
    YT = "YT"
    OT = "OT"


AROMA_NAMES: dict[Aroma, str] = {
    Aroma.NX: N_("Strong aroma"),
    Aroma.QX: N_("Light aroma"),
    Aroma.MX: N_("Rice aroma"),
    Aroma.JX: N_("Sauce aroma"),
    Aroma.CX: N_("Chi aroma"),
    Aroma.FX: N_("Feng aroma"),
    Aroma.TX: N_("Te aroma"),
    Aroma.JA: N_("Mixed aroma"),
    Aroma.ZM: N_("Sesame aroma"),
    Aroma.LB: N_("Laobaigan aroma"),
    Aroma.FY: N_("Fuyu aroma"),
    Aroma.DX: N_("Dong aroma"),
    Aroma.XQ: N_("Xiaoqu, solid-state"),
    Aroma.GY: N_("Solid-liquid blend"),
    Aroma.YT: N_("Liquid-state"),
    Aroma.OT: N_("Other type"),
}
"""Words for pages and documents: English msgids."""

AROMA_WORDS: dict[Aroma, tuple[str, ...]] = {
    Aroma.NX: ("浓香",),
    Aroma.QX: ("清香",),
    Aroma.MX: ("米香",),
    Aroma.JX: ("酱香",),
    Aroma.CX: ("豉香",),
    Aroma.FX: ("凤香",),
    Aroma.TX: ("特香",),
    Aroma.JA: ("兼香", "浓酱兼香"),
    Aroma.ZM: ("芝麻香",),
    Aroma.LB: ("老白干香", "老白干"),
    Aroma.FY: ("馥郁香",),
    Aroma.DX: ("董香", "药香"),
    Aroma.XQ: ("小曲固态法", "小曲"),
    Aroma.GY: ("固液法", "固液法白酒"),
    Aroma.YT: ("液态法", "液态法白酒"),
    Aroma.OT: ("其他",),
}
"""What the trade writes in a column 香型, and what people search for; never shown."""

SOFT_ABV_TENTHS: dict[Aroma, tuple[int, int]] = {
    Aroma.NX: (250, 680),
    Aroma.QX: (210, 690),
    Aroma.MX: (250, 680),
    Aroma.JX: (320, 580),
    Aroma.CX: (180, 400),
    Aroma.FX: (180, 680),
    Aroma.TX: (250, 680),
    Aroma.JA: (180, 680),
    Aroma.ZM: (180, 680),
    Aroma.LB: (180, 680),
    Aroma.FY: (180, 680),
    Aroma.DX: (250, 680),
}
"""Usual strength in tenths of %vol, both ends included. Outside is worth a look, never a refusal."""


def aroma_of(text: str) -> Aroma | None:
    """The aroma type meant by a code or by Chinese or English words (``浓香型``, ``jx``, ``Sauce aroma``), or None."""
    word = re.sub(r"[型\s]|白酒$", "", normalised(text)).casefold()
    for aroma in Aroma:
        names = (aroma.value, AROMA_NAMES[aroma].replace(" ", ""), *AROMA_WORDS[aroma])
        if word in {name.casefold() for name in names}:
            return aroma
    return None


@dataclass(frozen=True, slots=True)
class Standard:
    """One version of a product standard, in force in ``[valid_from, valid_to)``; None is open.

    ``is_geographical``: the standard of a protected product, used beside that of its aroma type.
    """

    number: str
    aroma: Aroma
    valid_from: date | None = None
    valid_to: date | None = None
    replaced_by: str | None = None
    is_geographical: bool = False

    def is_in_force(self, day: date) -> bool:
        """Whether a bottle produced on ``day`` is judged by this version."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day < self.valid_to)


def _versions(aroma: Aroma, old: str, new: str, changed_on: date) -> tuple[Standard, Standard]:
    return Standard(old, aroma, None, changed_on, new), Standard(new, aroma, changed_on)


STANDARDS: tuple[Standard, ...] = (
    *_versions(Aroma.NX, "GB/T 10781.1-2006", "GB/T 10781.1-2021", date(2022, 4, 1)),
    *_versions(Aroma.QX, "GB/T 10781.2-2006", "GB/T 10781.2-2022", date(2023, 2, 1)),
    *_versions(Aroma.MX, "GB/T 10781.3-2006", "GB/T 10781.3-2025", date(2026, 5, 1)),
    *_versions(Aroma.JX, "GB/T 26760-2011", "GB/T 10781.4-2024", date(2025, 6, 1)),
    Standard("GB/T 16289-2018", Aroma.CX),
    Standard("GB/T 14867-2007", Aroma.FX),
    *_versions(Aroma.TX, "GB/T 20823-2017", "GB/T 10781.7-2025", date(2025, 12, 1)),
    *_versions(Aroma.JA, "GB/T 23547-2009", "GB/T 10781.8-2021", date(2022, 6, 1)),
    *_versions(Aroma.ZM, "GB/T 20824-2007", "GB/T 10781.9-2021", date(2022, 3, 1)),
    Standard("GB/T 20825-2007", Aroma.LB),
    Standard("GB/T 10781.11-2021", Aroma.FY),
    Standard("DB52/T 550", Aroma.DX),
    *_versions(Aroma.XQ, "GB/T 26761-2011", "GB/T 10781.15-2025", date(2026, 7, 1)),
    Standard("GB/T 20822-2007", Aroma.GY),
    Standard("GB/T 20821-2007", Aroma.YT),
    Standard("GB/T 18356", Aroma.JX, is_geographical=True),
    Standard("GB/T 22041", Aroma.NX, is_geographical=True),
)


def standards_on(aroma: Aroma, day: date) -> tuple[Standard, ...]:
    """The standards a bottle of ``aroma`` produced on ``day`` may name; empty for ``OT``."""
    return tuple(standard for standard in STANDARDS if standard.aroma is aroma and standard.is_in_force(day))


def standard(number: str) -> Standard | None:
    """The version ``number`` names, however it is spaced, or None when the dictionary lacks it."""
    wanted = re.sub(r"[\s—–-]", "", normalised(number)).upper()
    return next((one for one in STANDARDS if re.sub(r"[\s-]", "", one.number) == wanted), None)
