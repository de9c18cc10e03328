"""The demo's addresses and accounts as a table of plain text, 80 to 110 columns wide."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.kernel.operators import ROLE_WORDS as ROLE_WORDS_OPS
from core.project.demo import people
from core.project.demo.channel import DEALERS
from core.project.demo.platform import FACTOR_SECRET, OPERATORS, TWO_STEPS
from core.project.demo.seats import LIMITED
from core.project.demo.world import BRANDS
from tenants.access.roles import ROLE_WORDS

TOKEN_BUYER = ("xinghe", "SD02")
"""The dealer whose buyer gets an API token."""
INVITED_AT, INVITED_PHONE, INVITED_NAME = "xinghe", "13900139099", "简初心"
"""The brand that offers a seat, and to whom."""
TIER_SAMPLES = {"xinghe": ("SD01", "SD02", "SD11", "SD21"), "chishui": ("GZ01", "GZ02", "GZ11", "GZ21")}
"""A provincial, a city and a county dealer and a terminal below each other."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where the demo is reached: ``http``, ``jiumai.localhost``, 8000."""

    scheme: str
    domain: str
    port: int

    def address(self, slug: str = "", path: str = "/") -> str:
        """The address of a brand's host, or of the platform."""
        host = f"{slug}.{self.domain}" if slug else self.domain
        is_usual = (self.scheme, self.port) in (("http", 80), ("https", 443))
        return f"{self.scheme}://{host}{'' if is_usual else f':{self.port}'}{path}"


def table(site: Site, seated: frozenset[tuple[str, str]], token: str) -> Iterator[str]:
    """The lines to print. ``seated``: (slug, phone) of people who really have a seat; ``token`` empty: none."""
    yield f"Platform        {site.address()}"
    yield f"Password        {people.PASSWORD}   (everybody's)"
    for slug, brand in BRANDS.items():
        rows = [row for row in _rows(slug) if (slug, row[1]) in seated]
        if not rows:
            continue
        yield ""
        yield f"{brand.name} {brand.name_en}"
        yield f"  Storefront    {site.address(slug)}"
        yield f"  Console       {site.address(slug, '/console/')}"
        yield from _columns(rows)
    if token:
        slug, code = TOKEN_BUYER
        yield ""
        yield f"API token of the buyer of {code} (ends in 30 days; a former one ended just now):"
        yield f"  {token}"
        yield f'  curl -H "Authorization: Bearer …" {site.address(slug, "/api/v1/orders")}'


def desk(site: Site, code: str) -> Iterator[str]:
    """The lines about the operator's desk; ``code`` is that of the moment."""
    yield ""
    yield f"Operator's desk {site.address('ops')}   (password as above)"
    yield from _columns([(ROLE_WORDS_OPS[one.role], one.email, "", one.name) for one in OPERATORS])
    yield f"  Second factor  {FACTOR_SECRET}   (for an authenticator app; now {code}, each code once)"


def invitation(site: Site, token: str) -> Iterator[str]:
    """The lines about the seat that is offered; ``token`` empty: none."""
    if token:
        yield ""
        yield f"Open invitation to {INVITED_AT} for {INVITED_PHONE} (sign up there; a former link ended just now):"
        yield f"  {site.address(INVITED_AT, f'/invitation/{token}/')}"
        yield f"  The code it asks for lies at {site.address(path='/outbox/')}"


def _rows(slug: str) -> Iterator[tuple[str, str, str, str]]:
    """Role, phone, e-mail, name (with the dealer's)."""
    dealers = {dealer.code: dealer for dealer in DEALERS[slug]}
    for one in people.staff(slug):
        with_code = " · with the second factor below" if one.email == TWO_STEPS else ""
        yield ROLE_WORDS[one.role], one.phone, one.email, one.name + with_code
    for limited in LIMITED[slug]:
        if limited.words:
            one = limited.person
            yield ROLE_WORDS[one.role], one.phone, one.email, f"{one.name} · {limited.words}"
    samples = TIER_SAMPLES[slug]
    for one in people.dealer_people(slug, DEALERS[slug]):
        if one.dealer_code in samples:
            dealer = dealers[one.dealer_code]
            yield f"{ROLE_WORDS[one.role]}", one.phone, one.email, f"{one.name} · {one.dealer_code} {dealer.short_name}"


def _columns(rows: Sequence[tuple[str, str, str, str]]) -> Iterator[str]:
    widths = [max(_width(row[place]) for row in rows) for place in range(3)]
    for row in rows:
        cells = [cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=False)]
        yield "  " + "  ".join([*cells, row[3]])


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
