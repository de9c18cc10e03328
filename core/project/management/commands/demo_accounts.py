"""``manage.py demo_accounts``: where the demo is and who may sign in."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pyotp
from django.conf import settings
from django.core.management.base import BaseCommand

from core.db.acts import brand_schema
from core.kernel import clock
from core.kernel.actor import Side
from core.project.demo import marks, people
from core.project.demo.accounts import (
    INVITED_AT,
    INVITED_NAME,
    INVITED_PHONE,
    TOKEN_BUYER,
    Site,
    desk,
    invitation,
    table,
)
from core.project.demo.channel import DEALERS
from core.project.demo.platform import FACTOR_SECRET
from core.project.demo.seats import LIMITED
from core.project.demo.world import BRANDS
from tenants.access.actors import actor_of_seat
from tenants.access.models import ApiToken, Seat
from tenants.access.selectors import invitations_visible_to
from tenants.access.services import Invite, invite, issue_token, renew_invitation, revoke_token
from tenants.brands.hosts import brand_in
from tenants.brands.rules import schema_of
from tenants.people.rules import account_name
from tenants.people.selectors import person_named

TOKEN_NAME = "demo"
TOKEN_DAYS = 30


class Command(BaseCommand):
    """Prints the table and gives one buyer a fresh API token."""

    help = "Print the demo's addresses and accounts by role, and a fresh API token of one buyer."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what really exists."""
        seated = frozenset(_seated())
        if not seated:
            self.stdout.write("There is no demo world yet: `manage.py seed_demo` makes it.")
            return
        site = Site(settings.SCHEME, settings.BASE_DOMAIN, settings.PORT)
        for line in table(site, seated, _fresh_token()):
            self.stdout.write(line)
        for line in invitation(site, _fresh_invitation()):
            self.stdout.write(line)
        for line in desk(site, _code()):
            self.stdout.write(line)


def _seated() -> Iterator[tuple[str, str]]:
    for slug in BRANDS:
        if not marks.is_seeded(slug):
            continue
        with brand_schema(schema_of(slug)):
            sitting = set(Seat.objects.filter(status=Seat.Status.ACTIVE).values_list("person_id", flat=True))
        limited = (one.person for one in LIMITED[slug])
        for one in (*people.staff(slug), *limited, *people.dealer_people(slug, DEALERS[slug])):
            person = person_named(account_name(one.phone))
            if person is not None and person.pk in sitting:
                yield slug, one.phone


def _code() -> str:
    """The code of the moment of the demo operators' second factor."""
    return pyotp.TOTP(FACTOR_SECRET).at(clock.now())


def _fresh_token() -> str:
    """A new token of the sample buyer's seat; the one printed before ends. Empty when there is no such seat."""
    slug, dealer_code = TOKEN_BUYER
    buyer = next(one for one in people.dealer_people(slug, DEALERS[slug]) if one.dealer_code == dealer_code)
    person = person_named(account_name(buyer.phone))
    brand = brand_in(schema_of(slug))
    if person is None or brand is None:
        return ""
    with brand_schema(brand.schema_name):
        seat = _own_seat(person.pk)
        if seat is None:
            return ""
        actor = actor_of_seat(seat, brand)
        for token in ApiToken.objects.filter(seat=seat, name=TOKEN_NAME, revoked_at__isnull=True):
            revoke_token(actor=actor, key=token.key)
        return issue_token(actor=actor, seat_id=seat.pk, name=TOKEN_NAME, codes=(), days=TOKEN_DAYS)[1]


def _fresh_invitation() -> str:
    """The token of an open invitation's new link; the one printed before ends. Empty once somebody has accepted it."""
    admin = next(one for one in people.staff(INVITED_AT) if one.role == "brand_admin")
    person, newcomer = person_named(account_name(admin.phone)), person_named(account_name(INVITED_PHONE))
    brand = brand_in(schema_of(INVITED_AT))
    if person is None or brand is None:
        return ""
    with brand_schema(brand.schema_name):
        seat = _own_seat(person.pk)
        if seat is None or (newcomer is not None and _own_seat(newcomer.pk)):
            return ""
        actor = actor_of_seat(seat, brand)
        for offer in invitations_visible_to(actor).filter(name=INVITED_NAME):
            return renew_invitation(actor=actor, invitation_id=offer.pk)[1]
        command = Invite(
            account=INVITED_PHONE,
            name=INVITED_NAME,
            side=Side.BRAND,
            dealer_id=actor.dealer_id,
            dealer_name=actor.dealer_name,
            roles=["brand_rep"],
        )
        return invite(actor=actor, command=command)[1]


def _own_seat(person_id: UUID) -> Seat | None:
    """The person's open seat that nobody lent them."""
    return Seat.objects.filter(person_id=person_id, status=Seat.Status.ACTIVE, is_acting=False).first()
