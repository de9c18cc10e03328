"""How people write their phone number or e-mail, brought into one form."""

import re
from dataclasses import dataclass
from enum import StrEnum

from core.kernel.text import normalised
from tenants.people.errors import NotAnAccountName

_MAINLAND = re.compile(r"1[3-9]\d{9}")
_ABROAD = re.compile(r"\+[1-9]\d{6,14}")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_SEPARATORS = str.maketrans("", "", " -()·.")


class Means(StrEnum):
    """By what somebody is known."""

    PHONE = "phone"
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class AccountName:
    """A phone in E.164 (``+8613800138000``) or an e-mail in lower case."""

    means: Means
    value: str


def phone(text: str) -> str:
    """E.164 of a number as typed; a bare mainland mobile number gets ``+86``. Raises ``NotAnAccountName``."""
    digits = normalised(text).translate(_SEPARATORS)
    digits = re.sub(r"^00", "+", digits)
    bare = re.sub(r"^\+?86(?=1[3-9]\d{9}$)", "", digits)
    if _MAINLAND.fullmatch(bare):
        return f"+86{bare}"
    if _ABROAD.fullmatch(digits) and not digits.startswith("+86"):
        return digits
    raise NotAnAccountName


def email(text: str) -> str:
    """The address in lower case. Raises ``NotAnAccountName``."""
    address = normalised(text).lower()
    if not _EMAIL.fullmatch(address) or len(address) > 200:
        raise NotAnAccountName
    return address


def account_name(text: str) -> AccountName:
    """Read what was typed into the one field of the sign-in form. Raises ``NotAnAccountName``."""
    if "@" in normalised(text):
        return AccountName(Means.EMAIL, email(text))
    return AccountName(Means.PHONE, phone(text))
