"""What a notice may say, to whom, for how long. Pure."""

import unicodedata
from collections.abc import Sequence
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
LIMITS = {"title": MOST_TITLE, "title_en": MOST_TITLE, "body": MOST_BODY, "body_en": MOST_BODY}


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


def audience_faults(*, tiers: Sequence[str], region_codes: Sequence[str]) -> list[DomainError]:
    """Tiers and divisions that there are not."""
    faults: list[DomainError] = [
        errors.AudienceUnknown(field="tiers", value=tier[:20]) for tier in tiers if tier not in TIERS
    ]
    for code in region_codes[: MOST_REGIONS + 1]:
        if code == regions.COUNTRY:
            continue
        try:
            regions.region(code)
        except regions.UnknownRegion:
            faults.append(errors.AudienceUnknown(field="region_codes", value=code[:20]))
    if len(region_codes) > MOST_REGIONS:
        faults.append(errors.WordsTooLong(field="region_codes", most=MOST_REGIONS, length=len(region_codes)))
    return faults


def check_end(*, starts_at: datetime, until_at: datetime | None, now: datetime) -> None:
    """Raises ``EndsTooEarly``."""
    if until_at is not None and until_at <= max(starts_at, now):
        raise errors.EndsTooEarly(field="until_at")
