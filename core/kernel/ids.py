"""Identifiers that sort by time."""

import secrets
import time
from uuid import UUID


def uuid7() -> UUID:
    """A version-7 UUID (RFC 9562): 48 bits of milliseconds, 12 of their fraction (method 3), 62 random bits.

    With the fraction, ids of one process sort as they were made, also within a millisecond.
    """
    millis, nanos = divmod(time.time_ns(), 1_000_000)
    fraction = nanos * 4096 // 1_000_000
    value = (millis & 0xFFFF_FFFF_FFFF) << 80 | fraction << 64 | secrets.randbits(64)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)


CHECK_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def check_character(digits: str) -> str:
    """A check character over ``digits``: catches one wrong digit and one swap of neighbours (weights 3^i mod 31)."""
    total = sum(int(digit) * pow(3, place, 31) for place, digit in enumerate(reversed(digits), start=1))
    return CHECK_ALPHABET[(31 - total % 31) % 31]


def document_number(prefix: str, day: str, serial: int) -> str:
    """``SO20260112-0037X``: prefix, business day, serial of a sequence, check character."""
    return f"{prefix}{day}-{serial:04d}{check_character(f'{day}{serial}')}"
