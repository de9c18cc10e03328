"""What a notice may say, to whom, for how long. Pure."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from core.kernel import regions
from core.kernel.errors import DomainError
from core.kernel.text import prose
from dms.notices import errors

TONES = ("INFO", "GOOD", "WARN", "BAD")
TIERS = ("PROVINCIAL", "CITY", "COUNTY", "TERMINAL")
MOST_TITLE = 80
MOST_BODY = 4000
MOST_REGIONS = 200
MOST_LABELS = 40
MOST_DEALERS = 2000
"""Houses one notice names; more are addressed by what they share."""
LIMITS = {"title": MOST_TITLE, "title_en": MOST_TITLE, "body": MOST_BODY, "body_en": MOST_BODY}


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a notice is for: each set narrows what the others leave, an empty one narrows nothing."""

    tiers: tuple[str, ...] = ()
    region_codes: tuple[str, ...] = ()
    line_codes: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    dealer_codes: tuple[str, ...] = ()


AUDIENCE = ("tiers", "region_codes", "line_codes", "labels", "dealer_codes")


def text_block(given: str) -> str:
    """A text of several lines as it is kept: control characters dropped, at most one empty line in a row."""
    lines = [prose(line) for line in unicodedata.normalize("NFC", given).replace("\r\n", "\n").split("\n")]
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip()


def words_of(given: dict[str, str]) -> tuple[dict[str, str], list[DomainError]]:
    """Titles and bodies as they are kept, and what is wrong with them. English may be left out."""
    kept = {name: prose(text) if name.startswith("title") else text_block(text) for name, text in given.items()}
    faults: list[DomainError] = [errors.WordsMissing(field=name) for name in ("title", "body") if not kept[name]]
    faults += [
        errors.WordsTooLong(field=name, most=LIMITS[name], length=len(text))
        for name, text in kept.items()
        if len(text) > LIMITS[name]
    ]
    return kept, faults


def audience_faults(asked: Audience) -> list[DomainError]:
    """Tiers and divisions that there are not, and more than a notice names."""
    faults: list[DomainError] = [
        errors.AudienceUnknown(field="tiers", value=tier[:20]) for tier in asked.tiers if tier not in TIERS
    ]
    for code in asked.region_codes[: MOST_REGIONS + 1]:
        if code == regions.COUNTRY:
            continue
        try:
            regions.region(code)
        except regions.UnknownRegion:
            faults.append(errors.AudienceUnknown(field="region_codes", value=code[:20]))
    most = {"region_codes": MOST_REGIONS, "labels": MOST_LABELS, "dealer_codes": MOST_DEALERS}
    for name, limit in most.items():
        if (length := len(getattr(asked, name))) > limit:
            faults.append(errors.AudienceTooLong(field=name, most=limit, length=length))
    return faults


def check_end(*, starts_at: datetime, until_at: datetime | None, now: datetime) -> None:
    """Raises ``EndsTooEarly``."""
    if until_at is not None and until_at <= max(starts_at, now):
        raise errors.EndsTooEarly(field="until_at")
