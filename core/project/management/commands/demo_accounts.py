"""``manage.py demo_accounts``: where the demo is and who may sign in."""

from collections.abc import Iterator
from typing import Any

import pyotp
from django.conf import settings
from django.core.management.base import BaseCommand

from core.db.acts import brand_schema
from core.kernel import clock
from core.project.demo import marks, people
from core.project.demo.accounts import TOKEN_BUYER, Site, desk, table
from core.project.demo.channel import DEALERS
from core.project.demo.platform import FACTOR_SECRET
from core.project.demo.world import BRANDS
from tenants.access.actors import actor_of_seat
from tenants.access.models import ApiToken, Seat
from tenants.access.services import issue_token, revoke_token
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
        for line in desk(site, _code()):
            self.stdout.write(line)


def _seated() -> Iterator[tuple[str, str]]:
    for slug in BRANDS:
        if not marks.is_seeded(slug):
            continue
        with brand_schema(schema_of(slug)):
            sitting = set(Seat.objects.filter(status=Seat.Status.ACTIVE).values_list("person_id", flat=True))
        for one in (*people.staff(slug), *people.dealer_people(slug, DEALERS[slug])):
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
        seat = Seat.objects.filter(person_id=person.pk, status=Seat.Status.ACTIVE).first()
        if seat is None:
            return ""
        actor = actor_of_seat(seat, brand)
        for token in ApiToken.objects.filter(seat=seat, name=TOKEN_NAME, revoked_at__isnull=True):
            revoke_token(actor=actor, key=token.key)
        return issue_token(actor=actor, seat_id=seat.pk, name=TOKEN_NAME, codes=(), days=TOKEN_DAYS)[1]
