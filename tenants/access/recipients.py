"""How the people on seats are reached: the adapter behind the port of ``core.messages``."""

from collections.abc import Collection
from uuid import UUID

from django.conf import settings

from core.db.acts import current_schema, public
from core.messages.port import Recipient
from core.vault.services import unseal
from tenants.access.models import Seat
from tenants.brands.addresses import home_of
from tenants.brands.hosts import brand_in
from tenants.people.models import User


def recipients_of_seats(seat_ids: Collection[UUID]) -> dict[UUID, Recipient]:
    """Language and addresses of the active people on the open seats among ``seat_ids``; outside a transaction.

    The language is the person's own, else the brand's, else the product's. Three queries.
    """
    open_seats = Seat.objects.filter(pk__in=seat_ids, status=Seat.Status.ACTIVE)
    person_of = dict(open_seats.values_list("pk", "person_id"))
    brand = brand_in(current_schema())
    home = home_of(current_schema())
    fallback = brand.language if brand else settings.LANGUAGE_CODE
    with public():
        people = {person.pk: person for person in User.objects.filter(pk__in=person_of.values(), is_active=True)}
    found = {}
    for seat_id, person_id in person_of.items():
        if person := people.get(person_id):
            found[seat_id] = Recipient(
                language=person.language or fallback,
                email=unseal(person.email_sealed),
                home=home,
                phone=unseal(person.phone_sealed) if person.phone_sealed else "",
            )
    return found
