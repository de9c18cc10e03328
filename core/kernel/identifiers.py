"""Numbers with a check digit: USCC, SC/JY/YB licences, GTIN, SSCC.

Every function takes what people type (full-width digits, spaces, hyphens, small letters) and returns the bare number,
or raises ``InvalidIdentifier`` with one of the codes below.
"""

import re
from collections.abc import Callable

from stdnum import ean

from core.kernel.errors import DomainError, Kind
from core.kernel.text import N_, normalised

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""GB 32100-2015: no I, O, S, V, Z."""
_USCC_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_USCC = re.compile(rf"^[{USCC_ALPHABET}]{{2}}\d{{6}}[{USCC_ALPHABET}]{{10}}$", re.ASCII)
_LICENCE_PREFIXES = ("SC", "JY", "YB")
_PAPER_LETTERS = {"SC": "SC", "JY": "JY", "PREPACK": "YB"}
_PAPERS_WITH_USCC = ("BUSINESS", "GENERAL_TAXPAYER")
_GTIN_LENGTHS = (8, 12, 13, 14)
LIQUOR_SC = "115"
"""First digits of an SC number for alcoholic drinks (酒类)."""


class InvalidIdentifier(DomainError):
    """A number of the trade that cannot be right; ``code`` says which and why."""

    code = "identifier.invalid"
    kind = Kind.INVALID
    text = N_("“%(value)s” is not a valid number.")


_TEXTS = {
    "identifier.uscc_format": N_("“%(value)s” is not a USCC: 18 digits and capitals, without I, O, S, V and Z."),
    "identifier.uscc_check_digit": N_(
        "The last character of USCC “%(value)s” does not fit. Compare it with the licence."
    ),
    "identifier.licence_format": N_("“%(value)s” is not a licence number: SC, JY or YB and 14 digits."),
    "identifier.licence_kind": N_("“%(value)s” is not an %(wanted)s number."),
    "identifier.licence_check_digit": N_("The last digit of “%(value)s” does not fit. Compare it with the licence."),
    "identifier.gtin_format": N_("“%(value)s” is not a barcode: 8, 12, 13 or 14 digits."),
    "identifier.gtin_check_digit": N_("The last digit of barcode “%(value)s” does not fit. Scan it again."),
    "identifier.gtin_in_store": N_("Barcode “%(value)s” begins with 20–29: a shop's own number, not a product's."),
    "identifier.gtin_indicator": N_("The packaging indicator of a case barcode is a digit from 1 to 8."),
    "identifier.sscc_format": N_("“%(value)s” is not a pallet number: 18 digits."),
    "identifier.sscc_check_digit": N_("The last digit of pallet number “%(value)s” does not fit. Scan it again."),
}


def _refusal(code: str, value: str, wanted: str = "") -> InvalidIdentifier:
    return InvalidIdentifier(_TEXTS[code], code=code, value=value[:40], wanted=wanted)


def _bare(text: str) -> str:
    """Full-width forms folded, spaces and hyphens gone, capitals."""
    return re.sub(r"[\s\-‐‑–—]", "", normalised(text)).upper()


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _accepts(check: Callable[[str], str], text: str) -> bool:
    try:
        check(text)
    except InvalidIdentifier:
        return False
    return True


def uscc_check_character(first17: str) -> str:
    """Check character of a USCC's first 17 (GB 32100-2015): weights 3^i mod 31."""
    total = sum(USCC_ALPHABET.index(ch) * weight for ch, weight in zip(first17, _USCC_WEIGHTS, strict=True))
    return USCC_ALPHABET[(31 - total % 31) % 31]


def uscc(text: str) -> str:
    """The unified social credit code (统一社会信用代码), 18 characters.

    Raises ``identifier.uscc_format`` or ``identifier.uscc_check_digit``.
    """
    number = _bare(text)
    if not _USCC.match(number):
        raise _refusal("identifier.uscc_format", number)
    if uscc_check_character(number[:17]) != number[17]:
        raise _refusal("identifier.uscc_check_digit", number)
    return number


def is_valid_uscc(text: str) -> bool:
    """Whether ``uscc`` accepts ``text``."""
    return _accepts(uscc, text)


def mod11_10(digits: str) -> str:
    """Check digit after ISO 7064 MOD 11,10 (GB/T 17710)."""
    product = 10
    for digit in digits:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)


def licence_number(text: str, kind: str | None = None) -> str:
    """A food licence number with its letters: ``SC`` (生产), ``JY`` (经营) or ``YB`` (预包装备案) and 14 digits.

    With ``kind`` given, bare digits are read as that kind and another kind's letters are refused.
    Raises ``identifier.licence_format``, ``identifier.licence_kind`` or ``identifier.licence_check_digit``.
    """
    number = _bare(text)
    if kind is not None and _is_digits(number):
        number = kind + number
    letters, digits = number[:2], number[2:]
    if letters not in _LICENCE_PREFIXES or len(digits) != 14 or not _is_digits(digits):
        raise _refusal("identifier.licence_format", number)
    if kind is not None and letters != kind:
        raise _refusal("identifier.licence_kind", number, wanted=kind)
    if mod11_10(digits[:13]) != digits[13]:
        raise _refusal("identifier.licence_check_digit", number)
    return number


def paper_number(kind: str, text: str) -> str:
    """The number on a paper of ``kind`` (资质, handbook §2.4) in one form; empty when nothing is left of ``text``.

    BUSINESS and GENERAL_TAXPAYER carry the USCC, SC, JY and PREPACK (YB) a check digit, the others free words.
    Raises like ``uscc`` and ``licence_number``.
    """
    if kind in _PAPERS_WITH_USCC:
        return uscc(text)
    if kind in _PAPER_LETTERS:
        return licence_number(text, _PAPER_LETTERS[kind])
    return normalised(text)


def is_valid_licence_number(text: str, kind: str | None = None) -> bool:
    """Whether ``licence_number`` accepts ``text``."""
    return _accepts(lambda number: licence_number(number, kind), text)


def is_liquor_sc(number: str) -> bool:
    """Whether ``number`` is a valid SC licence for alcoholic drinks: its first three digits are 115."""
    return is_valid_licence_number(number, "SC") and licence_number(number, "SC")[2:5] == LIQUOR_SC


def _gs1_check_digit(digits: str) -> str:
    return ean.calc_check_digit(digits)


def _is_in_store(number: str) -> bool:
    """Prefixes 20–29 of the GTIN-13 inside (a UPC-A begins with a hidden 0, a GTIN-14 with its indicator)."""
    return len(number) != 8 and number.zfill(14)[1] == "2"


def gtin(text: str, *lengths: int) -> str:
    """A GTIN-8, -12, -13 or -14 (only ``lengths`` where given), as its digits.

    Raises ``identifier.gtin_format``, ``identifier.gtin_check_digit`` or ``identifier.gtin_in_store``: numbers that
    begin with 20–29 belong to one shop and name no product.
    """
    number = _bare(text)
    if not _is_digits(number) or len(number) not in (lengths or _GTIN_LENGTHS):
        raise _refusal("identifier.gtin_format", number)
    if _gs1_check_digit(number[:-1]) != number[-1]:
        raise _refusal("identifier.gtin_check_digit", number)
    if _is_in_store(number):
        raise _refusal("identifier.gtin_in_store", number)
    return number


def is_valid_gtin(text: str, *lengths: int) -> bool:
    """Whether ``gtin`` accepts ``text``."""
    return _accepts(lambda number: gtin(number, *lengths), text)


def gtin13(text: str) -> str:
    """A retail barcode of exactly 13 digits. Raises like ``gtin``."""
    return gtin(text, 13)


def gtin14(text: str) -> str:
    """A case barcode of exactly 14 digits. Raises like ``gtin``."""
    return gtin(text, 14)


def gtin14_of_case(retail: str, indicator: int = 1) -> str:
    """The case barcode of a retail GTIN-13 with packaging ``indicator`` 1–8.

    Raises like ``gtin``, and ``identifier.gtin_indicator``.
    """
    if not 1 <= indicator <= 8:
        raise _refusal("identifier.gtin_indicator", str(indicator))
    body = f"{indicator}{gtin13(retail)[:12]}"
    return body + _gs1_check_digit(body)


def restore_upc(text: str) -> str | None:
    """The GTIN-12 of a UPC whose leading zeros a spreadsheet ate, or None when ``text`` cannot be one.

    Only 9 to 11 digits whose check digit fits with zeros in front are repaired: fewer would fit by chance.
    """
    number = _bare(text).removesuffix(".0")
    if not _is_digits(number) or not 9 <= len(number) <= 11:
        return None
    padded = number.zfill(12)
    return padded if is_valid_gtin(padded, 12) else None


def sscc(text: str) -> str:
    """A pallet's serial shipping container code (垛码), 18 digits; a leading ``(00)`` or ``00`` is taken off.

    Raises ``identifier.sscc_format`` or ``identifier.sscc_check_digit``.
    """
    number = re.sub(r"^(?:\(00\)|00(?=\d{18}$))", "", _bare(text))
    if not _is_digits(number) or len(number) != 18:
        raise _refusal("identifier.sscc_format", number)
    if _gs1_check_digit(number[:-1]) != number[-1]:
        raise _refusal("identifier.sscc_check_digit", number)
    return number


def is_valid_sscc(text: str) -> bool:
    """Whether ``sscc`` accepts ``text``."""
    return _accepts(sscc, text)
