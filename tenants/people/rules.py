"""How people write their phone number, e-mail or codes, brought into one form; and which code is the right one."""

import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import pyotp

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


ISSUER = "Jiumai"
STEP_S = 30
"""Length of a time step of the second factor (RFC 6238)."""
RECOVERY_CODES = 10
_RECOVERY_LENGTH = 10
_RECOVERY_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""31 signs without those that look like others: a code of ten has 49 bits."""
_CODE_SEPARATORS = str.maketrans("", "", " -·.—_")

FREE_CODE_TRIES = 5
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)


def bare_code(text: str) -> str:
    """A code as typed or pasted, without spaces and dashes, in capitals and half-width: ``123 456`` → ``123456``."""
    return normalised(text).translate(_CODE_SEPARATORS).upper()


def matching_step(*, secret: str, code: str, at: datetime, after: int) -> int | None:
    """The time step ``code`` belongs to, one step early or late allowed, never ``after`` or before it; else None."""
    generator, present = pyotp.TOTP(secret), int(at.timestamp()) // STEP_S
    found = None
    for step in (present - 1, present, present + 1):
        # All three are compared whatever comes out: time tells nothing.
        if hmac.compare_digest(generator.generate_otp(step).encode(), code.encode()) and step > after:
            found = step
    return found


def pause_after(tries: int) -> timedelta | None:
    """How long to wait after so many wrong codes in a row; None: not at all."""
    if tries < FREE_CODE_TRIES:
        return None
    return min(_FIRST_PAUSE * (1 << min(tries - FREE_CODE_TRIES, 10)), _LONGEST_PAUSE)


def new_recovery_code() -> str:
    """A fresh recovery code in its bare form."""
    return "".join(secrets.choice(_RECOVERY_LETTERS) for _ in range(_RECOVERY_LENGTH))


def printed_code(bare: str) -> str:
    """A recovery code as it is shown: ``ABCDE-FGHJK``."""
    half = _RECOVERY_LENGTH // 2
    return f"{bare[:half]}-{bare[half:]}"


def provisioning_uri(*, secret: str, account: str) -> str:
    """The address an authenticator app reads from the QR code. ``account`` names the entry in the app."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=ISSUER)


def minutes(seconds: float) -> int:
    """Whole minutes to tell somebody who has to wait: never fewer than there are."""
    return max(-(-int(seconds) // 60), 1)
