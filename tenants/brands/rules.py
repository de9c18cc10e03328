"""Names of brands and hosts."""

import re
from collections.abc import Mapping
from zoneinfo import available_timezones

from core.kernel.errors import refuse_all
from core.kernel.money import MINOR_DIGITS
from core.kernel.text import prose
from tenants.brands.errors import BadBrand, BadHost, BadSlug, PlatformsHost, TextTooLong, WrongState

_SLUG = re.compile(r"[a-z](?:-?[a-z0-9]){1,29}")
_RESERVED = frozenset({"www", "ops", "api", "admin", "mail", "static", "status", "docs", "help", "platform", "jiumai"})
_HOST = re.compile(r"(?=.{4,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+")
CHALLENGE_PREFIX = "jiumai-verify="
MOST_HOSTS = 5
"""Hosts of its own a brand may keep, verified or not."""
PROVISIONING, ACTIVE, READ_ONLY, SUSPENDED = "PROVISIONING", "ACTIVE", "READ_ONLY", "SUSPENDED"
DELETING, DELETED = "DELETING", "DELETED"
STATES: dict[str, frozenset[str]] = {
    PROVISIONING: frozenset({ACTIVE, READ_ONLY, SUSPENDED, DELETING}),
    ACTIVE: frozenset({READ_ONLY, SUSPENDED, DELETING}),
    READ_ONLY: frozenset({ACTIVE, SUSPENDED, DELETING}),
    SUSPENDED: frozenset({ACTIVE, READ_ONLY, DELETING}),
    DELETING: frozenset({DELETED}),
    DELETED: frozenset(),
}
"""Which state may follow which; a deletion that was begun is ended."""
_ACCENT = re.compile(r"#[0-9a-f]{6}")


def checked_slug(slug: str) -> str:
    """The slug itself. Raises ``BadSlug``."""
    if not _SLUG.fullmatch(slug) or slug in _RESERVED:
        raise BadSlug(slug=slug[:40])
    return slug


def schema_of(slug: str) -> str:
    """Name of a brand's schema: only lower-case letters, digits and ``_``, so that PostgreSQL reports it unquoted."""
    return f"t_{slug.replace('-', '_')}"


def checked_host(host: str) -> str:
    """A host name in lower case without port or final dot. Raises ``BadHost``."""
    bare = host.strip().lower().rstrip(".")
    if not _HOST.fullmatch(bare):
        raise BadHost(host=host[:80])
    return bare


def checked_own_host(host: str, platform: str) -> str:
    """A host a brand may claim: none of ``platform``'s. Raises ``BadHost`` or ``PlatformsHost``."""
    bare = checked_host(host)
    if bare == platform or bare.endswith(f".{platform}"):
        raise PlatformsHost(host=bare)
    return bare


def record_name(host: str) -> str:
    """Where the TXT record of a host stands."""
    return f"_jiumai.{host}"


def record_value(challenge: str) -> str:
    """What the TXT record holds."""
    return f"{CHALLENGE_PREFIX}{challenge}"


def check_move(before: str, after: str) -> None:
    """Refuse a change of state that is none. Raises ``WrongState``."""
    if after not in STATES[before]:
        raise WrongState


def checked_currency(currency: str) -> str:
    """A currency the product counts in. Raises ``BadBrand``."""
    if currency not in MINOR_DIGITS:
        raise BadBrand(value=currency[:10], field="currency")
    return currency


def checked_zone(time_zone: str) -> str:
    """An IANA name of a time zone. Raises ``BadBrand``: an unknown one would fail every request."""
    if time_zone not in available_timezones():
        raise BadBrand(value=time_zone[:40], field="time_zone")
    return time_zone


def checked_accent(accent: str) -> str:
    """``#rrggbb`` in lower case or empty. Raises ``BadBrand``."""
    bare = accent.strip().lower()
    if bare and not _ACCENT.fullmatch(bare):
        raise BadBrand(value=accent[:20], field="accent")
    return bare


PORTAL_TEXTS: dict[str, int] = {
    "tagline": 60,
    "tagline_en": 100,
    "welcome": 200,
    "welcome_en": 300,
    "contact": 120,
    "contact_en": 200,
}
"""The words a portal says of itself, and how long each may be."""


def checked_texts(given: Mapping[str, str]) -> dict[str, str]:
    """The words as they are kept. Raises every ``TextTooLong`` together."""
    kept = {name: prose(given[name]) for name in PORTAL_TEXTS}
    refuse_all(
        TextTooLong(field=name, most=most, length=len(kept[name]))
        for name, most in PORTAL_TEXTS.items()
        if len(kept[name]) > most
    )
    return kept
