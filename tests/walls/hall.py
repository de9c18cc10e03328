"""The platform's host with people on it: each has a name, a sign-in, a second factor and a ticket no other may use."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import pyotp
from django.contrib.auth.hashers import make_password
from django.core.cache import caches

from core.db import sql
from core.db.acts import public
from core.kernel import clock
from core.kernel.operators import SECURITY
from core.messages.models import Message
from core.messages.selectors import secrets_of
from frontend.platform.crossing import COOKIE
from tenants.access.models import Seat
from tenants.brands.services import note_portal
from tenants.people.models import User
from tenants.people.pending import remember_claim
from tenants.people.rules import Means
from tenants.people.selectors import factor_state
from tenants.people.services import Bearer, begin_totp, claim_own_address, confirm_totp
from tenants.people.tickets import digest, issue_ticket
from tests.cast import PEOPLE, Cast
from tests.clients import PLATFORM, HostClient
from tests.factories.operators import make_operator
from tests.factories.people import make_person
from tests.factories.seats import make_seat
from tests.portals import XINGHE
from tests.sessions import note_signed_in

GUESTS = ("seatless", "dealer", "staff", "other_brand", "operator")
"""Whoever may be signed in on the platform, by what they are: 'other_brand' works for 赤水河, all else for 杏禾."""
ROWS = {
    "people_user": "id",
    "people_recoverycode": "person_id",
    "people_resetrequest": "person_id",
    "people_addressclaim": "person_id",
    "people_signin": "person_id",
    "people_operator": "person_id",
    "people_factorreset": "person_id",
    "brands_portal": "person_id",
}
"""Where the platform keeps something of a person, and the column that names them. A ticket is not among it: one shown
in the wrong place is used up, whoever shows it."""


@dataclass
class Guest:
    """Somebody signed in on the platform, and all by which a stranger might try to be them."""

    key: str
    user: User
    password: str
    secret: str
    recovery_codes: list[str]
    sign_in_id: UUID
    nonce: str
    ticket: str
    claim_id: UUID
    claim_code: str
    cookies: dict[str, str]
    seat: Seat | None = None

    @property
    def marks(self) -> list[str]:
        """What stands on pages of theirs only."""
        return [self.user.name, str(self.sign_in_id), f"{self.key[0]}***@{self.key}.example"]

    @property
    def code(self) -> str:
        """What their telephone shows now."""
        return pyotp.TOTP(self.secret).at(clock.now())

    @property
    def ids(self) -> dict[str, str]:
        """Their ids under every name a careless page might read."""
        seat = str(self.seat.pk) if self.seat else ""
        names = ("person", "person_id", "user", "user_id", "id", "pk", "account")
        return {**dict.fromkeys(names, str(self.user.pk)), "sign_in_id": str(self.sign_in_id), "seat_id": seat}

    def browser(self) -> HostClient:
        """Their browser as it was at first, whatever earlier requests have done."""
        client = HostClient(PLATFORM, raise_request_exception=False)
        for name, value in self.cookies.items():
            client.cookies[name] = value
        return client


@dataclass
class Hall:
    """Everybody, by key."""

    guests: dict[str, Guest] = field(default_factory=dict)

    @classmethod
    def build(cls, cast: Cast, other: Cast) -> "Hall":
        """The five of them, signed in."""
        hall = cls()
        seats = {
            "dealer": make_seat(cast.portal, "HALL-dealer", cast.c1, "dealer_buyer"),
            "staff": make_seat(cast.portal, "HALL-staff", cast.root, "brand_admin"),
        }
        with other.portal.inside():
            seats["other_brand"] = make_seat(other.portal, "HALL-other_brand", other.root, "brand_admin")
        make_operator("HALL-operator", SECURITY)
        make_person(PEOPLE["admin"][0])  # administers both brands too: whoever leaves leaves none of them alone
        for key in GUESTS:
            with public():
                hall.guests[key] = _guest(key, seats.get(key))
        for key, portal in (("dealer", cast.portal), ("staff", cast.portal), ("other_brand", other.portal)):
            side = "dealer" if key == "dealer" else "brand"
            note_portal(schema_name=portal.schema, person_id=hall.guests[key].user.pk, side=side)
        return hall

    def others(self, guest: Guest | None) -> Iterator[Guest]:
        """Everybody but one."""
        return (one for one in self.guests.values() if one is not guest)

    def rows(self) -> dict[str, str]:
        """A sum of all the platform keeps of each, by key; inside the public schema."""
        parts = " UNION ALL ".join(
            f"SELECT {column} AS whose, t::text AS said FROM {table} t" for table, column in ROWS.items()
        )
        statement = f"SELECT whose, md5(string_agg(said, '|' ORDER BY said)) FROM ({parts}) AS kept GROUP BY whose"
        kept: dict[UUID, str] = dict(sql.rows(statement, {}))
        return {key: kept.get(guest.user.pk, "") for key, guest in self.guests.items()}


def nobody() -> HostClient:
    """A browser of nobody."""
    return HostClient(PLATFORM, raise_request_exception=False)


def forget_tries() -> None:
    """Forget who has tried what how often, and every session that a request put into the cache."""
    for cache in caches.all(initialized_only=True):
        cache.clear()


def _guest(key: str, seat: Seat | None) -> Guest:
    user = make_person(f"HALL-{key}", email=f"{key}@{key}.example")
    password = f"the own password of {key}"
    user.password = make_password(password)
    user.save(update_fields=["password"])
    with clock.at(clock.now() - timedelta(minutes=5)):
        begin_totp(person_id=user.pk)
        secret = factor_state(user.pk).secret
        codes = confirm_totp(person_id=user.pk, code=pyotp.TOTP(secret).at(clock.now()))
    user.refresh_from_db()
    client, nonce = HostClient(PLATFORM), f"nonce-of-{key}".ljust(43, "-")
    session = client.session
    sign_in = note_signed_in(session, user, host=PLATFORM, has_second_factor=True)
    session["password_at"] = clock.now().timestamp()
    claim_id = claim_own_address(bearer=Bearer(user.pk, sign_in.pk, "::1"), means=Means.EMAIL)
    remember_claim(session, claim_id)
    claim_code = secrets_of(Message.objects.filter(template="people.address_code").latest("id"))["code"]
    session.save()
    elsewhere = note_signed_in(HostClient(XINGHE.host).session, user, host=XINGHE.host)  # where the ticket comes from
    ticket = issue_ticket(person_id=user.pk, sign_in_id=elsewhere.pk, host=PLATFORM, browser_digest=digest(nonce))
    cookies = {name: morsel.value for name, morsel in client.cookies.items()} | {COOKIE: nonce}
    return Guest(key, user, password, secret, codes, sign_in.pk, nonce, ticket, claim_id, claim_code, cookies, seat)
