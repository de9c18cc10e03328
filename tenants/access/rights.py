"""What a seat may do right now, asked in one statement: its roles, custom ones too, or what was lent to it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from core.db import sql
from core.kernel import clock
from core.kernel.actor import Scope
from tenants.access import rules
from tenants.access.models import ApiToken, Seat
from tenants.access.roles import ROLE_WORDS


@dataclass(frozen=True, slots=True)
class Rights:
    """A seat one may sit in, with what it may do.

    ``role_words`` are msgids of roles and names of custom roles. ``acting_for`` is the person whose rights an acting
    seat has until ``until``. ``seat_count``: how many seats the person may choose from here.
    """

    seat: Seat
    codes: frozenset[str]
    scope: Scope
    role_words: tuple[str, ...]
    seat_count: int
    acting_for: UUID | None = None
    acting_for_name: str = ""
    until: datetime | None = None


_TOKEN_COLUMNS = [field.attname for field in ApiToken._meta.concrete_fields]
_SEAT_COLUMNS = [field.attname for field in Seat._meta.concrete_fields]
_IN_FORCE = "{0}.ended_at IS NULL AND {0}.from_at <= %(now)s AND {0}.until_at > %(now)s"
_MORE = (
    *("giver_person_id", "giver_name", "roles", "regions", "product_lines", "subtree"),
    *("lent_codes", "until", "custom", "seat_count"),
)
_RIGHTS = f"""
    {", ".join(f"seat.{name}" for name in _SEAT_COLUMNS)},
    giver.person_id, giver.person_name, coalesce(giver.roles, seat.roles),
    coalesce(giver.scope_regions, seat.scope_regions), coalesce(giver.scope_product_lines, seat.scope_product_lines),
    CASE WHEN giver.id IS NULL THEN seat.scope_dealer_id ELSE giver.scope_dealer_id END,
    lent.codes, lent.until_at,
    (SELECT jsonb_object_agg(own.code, jsonb_build_object('name', own.name, 'codes', own.codes))
       FROM access_customrole AS own
      WHERE own.code = ANY (coalesce(giver.roles, seat.roles)) AND own.retired_at IS NULL),
    (SELECT count(*) FROM access_seat AS other
      WHERE other.person_id = seat.person_id AND other.status = 'ACTIVE'
        AND (NOT other.is_acting
             OR EXISTS (SELECT FROM access_delegation AS theirs
                         WHERE theirs.seat_id = other.id AND {_IN_FORCE.format("theirs")})))
"""
_SITTING = f"""
    access_seat AS seat
    LEFT JOIN access_delegation AS lent ON lent.seat_id = seat.id AND {_IN_FORCE.format("lent")}
    LEFT JOIN access_seat AS giver ON giver.id = lent.giver_id AND giver.status = 'ACTIVE'
    LEFT JOIN access_seat AS receiver ON receiver.id = lent.receiver_id AND receiver.status = 'ACTIVE'
"""
_MAY_SIT = "seat.status = 'ACTIVE' AND (NOT seat.is_acting OR (giver.id IS NOT NULL AND receiver.id IS NOT NULL))"

_OF_SEAT = f"SELECT {_RIGHTS} FROM {_SITTING} WHERE seat.id = %(seat_id)s AND {_MAY_SIT}"
_OF_PERSON = f"{_OF_SEAT} AND seat.person_id = %(person_id)s"
_ALL_OF_PERSON = f"""
SELECT {_RIGHTS} FROM {_SITTING} WHERE seat.person_id = %(person_id)s AND {_MAY_SIT}
ORDER BY seat.is_acting, seat.side, seat.dealer_name, seat.id
"""
_OF_TOKEN = f"""
SELECT {", ".join(f"token.{name}" for name in _TOKEN_COLUMNS)}, {_RIGHTS}
FROM access_apitoken AS token JOIN ({_SITTING}) ON seat.id = token.seat_id WHERE token.key = %(key)s AND {_MAY_SIT}
"""


def rights_on(seat_id: UUID, *, person_id: UUID | None = None) -> Rights | None:
    """The rights on an open seat (of this person, where told), or None. One query; asked anew for every request."""
    asked = {"seat_id": seat_id, "person_id": person_id, "now": clock.now()}
    found = sql.row(_OF_SEAT if person_id is None else _OF_PERSON, asked)
    return _rights(found) if found else None


def rights_of_person(person_id: UUID) -> list[Rights]:
    """Every seat the person may sit in here, lent ones last. One query."""
    return [_rights(row) for row in sql.rows(_ALL_OF_PERSON, {"person_id": person_id, "now": clock.now()})]


def rights_by_token(key: str) -> tuple[ApiToken, Rights] | None:
    """The token with this key, whatever its state, and the rights of its seat, which is open. One query."""
    found = sql.row(_OF_TOKEN, {"key": key, "now": clock.now()})
    if found is None:
        return None
    token = ApiToken.from_db("default", _TOKEN_COLUMNS, found[: len(_TOKEN_COLUMNS)])
    rights = _rights(found[len(_TOKEN_COLUMNS) :])
    token.seat = rights.seat
    return token, rights


def _rights(row: tuple[Any, ...]) -> Rights:
    seat = Seat.from_db("default", _SEAT_COLUMNS, row[: len(_SEAT_COLUMNS)])
    more = dict(zip(_MORE, row[len(_SEAT_COLUMNS) :], strict=True))
    custom: Mapping[str, Mapping[str, Any]] = json.loads(more["custom"] or "{}")  # Django leaves jsonb to its fields
    held = rules.effective_codes(
        more["roles"], seat.side, {code: role["codes"] for code, role in custom.items()}, lent=more["lent_codes"]
    )
    words = {**ROLE_WORDS, **{code: role["name"] for code, role in custom.items()}}
    return Rights(
        seat=seat,
        codes=held,
        scope=Scope(tuple(more["regions"]), tuple(more["product_lines"]), more["subtree"]),
        role_words=tuple(words[role] for role in more["roles"] if role in words),
        seat_count=more["seat_count"],
        acting_for=more["giver_person_id"],
        acting_for_name=more["giver_name"] or "",
        until=more["until"],
    )
