"""What an archive says, judged as a whole before anything is written: a made-up one is refused, never half taken."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn, TypeVar
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError

from core.kernel.actor import Side
from core.kernel.errors import DomainError
from tenants.brands import rules
from tenants.brands.archive import BRAND, Reader
from tenants.brands.errors import ArchiveUnreadable, BadBrand
from tenants.brands.models import Brand
from tenants.brands.services.moving_out import COLUMNS
from tenants.organisations.models import Organisation

MOST_PORTALS = 200_000
_IDS = ("organisation_id", "logo_square", "logo_wide")
_UNSET = frozenset({"id", "schema_name", "public_id", "organisation_id", "created_at", "deleted_at"})
"""Of ``Brand``: not in an archive, or judged apart."""
Row = Mapping[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Told:
    """A brand's rows of the public schema, as another server wrote them: of the right shape, nothing more."""

    brand: dict[str, Any]
    hosts: tuple[tuple[str, str], ...]
    portals: tuple[tuple[str, str], ...]
    people: tuple[Row, ...]
    organisations: tuple[Row, ...]
    digest: str
    """Of the archive it stands in: an import that broke off is taken up from the very same one."""


def told_by(archive: Reader) -> Told:
    """Read and judge. Raises ``ArchiveUnreadable``, ``BadSlug`` or ``BadBrand``."""
    try:
        said = json.loads(b"".join(archive.pieces(BRAND)))
    except (ValueError, RecursionError):
        _refuse(BRAND)
    if not isinstance(said, dict):
        _refuse(BRAND)
    return Told(
        brand=_brand(said.get("brand")),
        hosts=_each(said, "hosts", _host, most=rules.MOST_HOSTS),
        portals=_each(said, "portals", _portal, most=MOST_PORTALS),
        people=_each(said, "people", _person, most=MOST_PORTALS),
        organisations=_each(said, "organisations", _organisation, most=MOST_PORTALS),
        digest=archive.digest,
    )


def _refuse(what: str) -> NoReturn:
    raise ArchiveUnreadable(fault=what)


def _brand(said: object) -> dict[str, Any]:
    if not isinstance(said, dict) or not set(COLUMNS) <= set(said):
        _refuse("brand")
    facts = {name: said[name] for name in COLUMNS}
    rules.checked_slug(_text(facts["slug"]))
    rules.checked_currency(_text(facts["currency"]))
    rules.checked_zone(_text(facts["time_zone"]))
    rules.checked_accent(_text(facts["accent"]))
    if facts["language"] not in dict(settings.LANGUAGES):
        raise BadBrand(value=str(facts["language"])[:10], field="language")
    facts["public_id"] = _id(facts["public_id"])
    for name in _IDS:
        facts[name] = _id(facts[name]) if facts[name] else None
    facts["created_at"] = _instant(facts["created_at"])
    if not all(isinstance(facts[name], bool) for name in ("requires_second_factor", "is_listed")):
        _refuse("brand")
    for name in ("entitlements", "aromas"):
        if not isinstance(facts[name], list) or len(facts[name]) > 100:
            _refuse(name)
        facts[name] = [_text(one) for one in facts[name]]
    for name in set(COLUMNS) - _UNSET - set(_IDS) - {"entitlements", "aromas", "requires_second_factor", "is_listed"}:
        _text(facts[name])
    try:  # lengths and states are the table's own to say
        Brand(**facts).clean_fields(exclude=_UNSET | {"slug"})
    except ValidationError as error:
        raise ArchiveUnreadable(fault=", ".join(sorted(error.message_dict))) from error
    return facts


def _host(said: Row) -> tuple[str, str]:
    try:
        return rules.checked_own_host(_text(said["domain"]), settings.BASE_DOMAIN), _text(said["challenge"])[:64]
    except DomainError as error:
        raise ArchiveUnreadable(fault="hosts") from error


def _portal(said: Row) -> tuple[str, str]:
    if said["side"] not in (Side.BRAND, Side.DEALER):
        _refuse("portals")
    return _id(said["person_id"]), said["side"]


def _person(said: Row) -> Row:
    _id(said["id"])
    for name in ("name", "phone_sealed", "email_sealed", "language"):
        _text(said[name])
    return said


def _organisation(said: Row) -> Row:
    _id(said["id"])
    _text(said["name"])
    _text(said["uscc"] or "")
    Organisation.Kind(said["kind"])
    return said


def _each(said: Row, name: str, judged: Callable[[Row], T], *, most: int) -> tuple[T, ...]:
    rows = said.get(name)
    if not isinstance(rows, list) or len(rows) > most or not all(isinstance(row, dict) for row in rows):
        _refuse(name)
    try:
        return tuple(judged(row) for row in rows)
    except (KeyError, ValueError) as error:
        raise ArchiveUnreadable(fault=name) from error


def _text(said: object) -> str:
    """PostgreSQL keeps no NUL in a text."""
    if not isinstance(said, str) or "\0" in said:
        _refuse("text")
    return said


def _id(said: object) -> str:
    try:
        return str(UUID(_text(said)))
    except ValueError as error:
        raise ArchiveUnreadable(fault="id") from error


def _instant(said: object) -> datetime:
    try:
        found = datetime.fromisoformat(_text(said))
    except ValueError as error:
        raise ArchiveUnreadable(fault="created_at") from error
    if found.tzinfo is None:
        _refuse("created_at")
    return found
