"""Who may hang below whom, what a status allows, and whether a new dealer's facts may stand."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from core.kernel import regions
from core.kernel.errors import DomainError
from core.kernel.identifiers import InvalidIdentifier, paper_number, uscc
from core.kernel.money import MAX_MINOR
from core.kernel.pinyin import first_letters, syllables
from core.kernel.text import N_, normalised
from dms.dealers import errors

MAX_TERMS_DAYS = 3650
LIST_MARKS = ",，、;；|/"
"""What parts the words of a list in one cell."""
_CODE = re.compile(r"^[\w.\-]{1,20}$")
_PHONE = re.compile(r"^\+?\d[\d\- ]{4,18}\d$", re.ASCII)
_MANGLED = re.compile(r"^\d+(?:\.\d+)?[eE]\+?\d+$", re.ASCII)


class Tier(StrEnum):
    """Depth in the channel, the brand first."""

    BRAND = "BRAND"
    PROVINCIAL = "PROVINCIAL"
    CITY = "CITY"
    COUNTY = "COUNTY"
    TERMINAL = "TERMINAL"


TIER_WORDS = {
    Tier.BRAND: N_("brand"),
    Tier.PROVINCIAL: N_("provincial dealer"),
    Tier.CITY: N_("city dealer"),
    Tier.COUNTY: N_("county dealer"),
    Tier.TERMINAL: N_("terminal"),
}
_DEPTH = {tier: depth for depth, tier in enumerate(Tier)}


class Channel(StrEnum):
    """Ways to the drinker."""

    TRADITIONAL = "TRADITIONAL"
    HORECA = "HORECA"
    KA = "KA"
    GROUP_BUY = "GROUP_BUY"
    ONLINE = "ONLINE"
    DIRECT = "DIRECT"


CHANNEL_WORDS = {
    Channel.TRADITIONAL: N_("traditional trade"),
    Channel.HORECA: N_("restaurants"),
    Channel.KA: N_("key accounts"),
    Channel.GROUP_BUY: N_("group purchase"),
    Channel.ONLINE: N_("online"),
    Channel.DIRECT: N_("direct sales"),
}


class Status(StrEnum):
    """A dealer's life with the brand."""

    DRAFT = "DRAFT"
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    CLOSED = "CLOSED"


STATUS_WORDS = {
    Status.DRAFT: N_("draft"),
    Status.ACTIVE: N_("active"),
    Status.SUSPENDED: N_("suspended"),
    Status.CLOSED: N_("closed"),
}
TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.DRAFT: frozenset({Status.ACTIVE, Status.CLOSED}),
    Status.ACTIVE: frozenset({Status.SUSPENDED, Status.CLOSED}),
    Status.SUSPENDED: frozenset({Status.ACTIVE, Status.CLOSED}),
    Status.CLOSED: frozenset(),
}


def may_hang_below(tier: str, parent_tier: str) -> bool:
    """Whether a dealer of ``tier`` may have a parent of ``parent_tier``: strictly deeper, nothing below a terminal."""
    return _DEPTH[Tier(tier)] > _DEPTH[Tier(parent_tier)]


class LicenceType(StrEnum):
    """Papers a dealer shows; the handbook's §2.4."""

    BUSINESS = "BUSINESS"
    JY = "JY"
    PREPACK = "PREPACK"
    LIQUOR_WHOLESALE = "LIQUOR_WHOLESALE"
    TRADEMARK_AUTH = "TRADEMARK_AUTH"
    GENERAL_TAXPAYER = "GENERAL_TAXPAYER"


LICENCE_WORDS = {
    LicenceType.BUSINESS: N_("business licence"),
    LicenceType.JY: N_("food trade permit (JY)"),
    LicenceType.PREPACK: N_("prepackaged food filing (YB)"),
    LicenceType.LIQUOR_WHOLESALE: N_("liquor wholesale permit"),
    LicenceType.TRADEMARK_AUTH: N_("brand authorisation"),
    LicenceType.GENERAL_TAXPAYER: N_("general VAT taxpayer"),
}


@dataclass(frozen=True, slots=True)
class Licence:
    """A paper with its days; valid on the first and the last of them, ``valid_to`` None has no end."""

    type: str
    number: str
    valid_from: date
    valid_to: date | None = None
    scope: str = ""

    def is_valid_on(self, day: date) -> bool:
        """Whether it counts on ``day``."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def checked_licence(licence: Licence) -> Licence:
    """The licence with its number in one form.

    Raises ``CredentialInvalid`` or ``InvalidIdentifier`` (wrong form or check digit of USCC, JY or YB).
    """
    try:
        number = paper_number(licence.type, licence.number)
    except InvalidIdentifier as fault:
        fault.field = "number"
        raise
    in_order = licence.valid_to is None or licence.valid_from <= licence.valid_to
    if licence.type not in set(LicenceType) or not 0 < len(number) <= 40 or not in_order:
        raise errors.CredentialInvalid
    return replace(licence, number=number, scope=normalised(licence.scope)[:200])


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where a dealer takes goods in, as somebody typed it; ``phone`` in the clear."""

    label: str
    recipient: str
    phone: str
    region_code: str
    line: str
    is_default: bool = False


def checked_address(address: Delivery) -> Delivery:
    """The address in one form. Raises ``AddressInvalid``, ``PhoneInvalid`` or ``UnknownRegion``."""
    label, recipient, line = (normalised(text) for text in (address.label, address.recipient, address.line))
    if not recipient or not line or len(label) > 40 or len(recipient) > 60 or len(line) > 200:
        raise errors.AddressInvalid
    if address.region_code:
        regions.region(address.region_code)
    return Delivery(
        label or recipient, recipient, checked_phone(address.phone), address.region_code, line, address.is_default
    )


def checked_phone(text: str) -> str:
    """A phone number in one form (digits, an optional leading +); empty stays empty. Raises ``PhoneInvalid``."""
    plain = normalised(text)
    if _MANGLED.match(plain):
        raise errors.NumberMangled(value=plain[:40])
    if plain and not _PHONE.match(plain):
        raise errors.PhoneInvalid(value=plain[:40])
    return plain.replace(" ", "").replace("-", "")


MOST_LABELS = 20


def checked_labels(texts: Iterable[str]) -> list[str]:
    """A dealer's labels in one form, none twice, in order. Raises ``LabelInvalid`` for a long one or too many."""
    labels = sorted({label for label in map(normalised, texts) if label})
    wrong = next((label for label in labels if len(label) > 20 or set(label) & set(LIST_MARKS)), None)
    if wrong is not None or len(labels) > MOST_LABELS:
        raise errors.LabelInvalid(field="labels", value=(wrong or "、".join(labels))[:40], most=MOST_LABELS)
    return labels


def words_listed(text: str) -> tuple[str, ...]:
    """Short words as people list them in one cell: parted by commas of either script, strokes or semicolons."""
    for mark in LIST_MARKS:
        text = text.replace(mark, "\n")
    return tuple(word for word in map(normalised, text.splitlines()) if word)


def checked_uscc(text: str) -> str:
    """A USCC in one form; empty stays empty. Raises ``InvalidIdentifier`` or ``NumberMangled``."""
    plain = normalised(text)
    if _MANGLED.match(plain):
        raise errors.NumberMangled(value=plain[:40])
    return uscc(plain) if plain else ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What can be judged of a new dealer without looking at the others; texts as somebody typed them."""

    dealer_code: str
    name: str
    tier: str
    region_code: str
    channel: str
    uscc: str
    phone: str
    credit_limit: int
    terms_days: int
    requires_uscc: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """The facts in one form, and every fault found in them."""

    dealer_code: str
    name: str
    uscc: str
    phone: str
    faults: tuple[DomainError, ...]


def judge(facts: Facts) -> Judged:
    """Bring a new dealer's facts into one form and collect what is wrong with them, each with its field."""
    faults: list[DomainError] = []
    code, name = normalised(facts.dealer_code), normalised(facts.name)
    if _MANGLED.match(code):
        faults.append(errors.NumberMangled(field="code", value=code[:40]))
    elif not _CODE.match(code):
        faults.append(errors.DealerCodeInvalid(field="code", value=code[:40]))
    if not 0 < len(name) <= 160:
        faults.append(errors.NameMissing(field="name"))
    if facts.tier not in set(Tier) - {Tier.BRAND}:
        faults.append(errors.TierUnknown(field="tier", value=facts.tier[:40]))
    if facts.channel not in set(Channel):
        faults.append(errors.ChannelUnknown(field="channel", value=facts.channel[:40]))
    if not 0 <= facts.credit_limit <= MAX_MINOR or not 0 <= facts.terms_days <= MAX_TERMS_DAYS:
        faults.append(errors.LimitInvalid(field="credit_limit"))
    faults += _region_faults(facts)
    number, phone = "", ""
    try:
        number = checked_uscc(facts.uscc)
    except (InvalidIdentifier, errors.NumberMangled) as fault:
        fault.field = "uscc"
        faults.append(fault)
    try:
        phone = checked_phone(facts.phone)
    except (errors.PhoneInvalid, errors.NumberMangled) as fault:
        fault.field = "contact_phone"
        faults.append(fault)
    return Judged(code, name, number, phone, tuple(faults))


def _region_faults(facts: Facts) -> list[DomainError]:
    """A brand outside China (no USCC asked) may have dealers without a division."""
    if not facts.region_code:
        return [errors.RegionMissing(field="region_code")] if facts.requires_uscc else []
    if facts.region_code == regions.COUNTRY:
        return []
    try:
        regions.region(facts.region_code)
    except regions.UnknownRegion as fault:
        fault.field = "region_code"
        return [fault]
    return []


def search_text(code: str, name: str, short_name: str = "", number: str = "") -> str:
    """Words under which a dealer is found: code, names, pinyin and its initials, USCC; small letters."""
    sounds = [sound for word in (name, short_name) if word for sound in _sounds(word)]
    return " ".join(part for part in (code, name, short_name, *sounds, number) if part).casefold()


def _sounds(word: str) -> tuple[str, str]:
    return "".join(syllables(word)), "".join(first_letters(word))


def without_zeros(code: str) -> str:
    """What a spreadsheet makes of a code of digits: no zeros in front."""
    return code.lstrip("0") if code.isascii() and code.isdigit() else code
