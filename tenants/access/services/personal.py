"""A person's own data over all brands: read out for themselves, or taken away with the person.

The public schema is one act, every brand's another: the event ``people.person_erased.v1`` joins them.
"""

from collections.abc import Collection
from uuid import UUID

from core.db.acts import act, brand_schema, public
from core.events.services import record
from core.messages.services import forget_addresses
from core.web.sessions import bury
from core.web.throttling import Throttle
from tenants.access.errors import SoleAdministrator
from tenants.access.models import ApiToken, Invitation, Seat
from tenants.access.services.seats import end_seat
from tenants.brands.selectors import brands_with_people, open_brands
from tenants.brands.services.portals import forget_portals_of
from tenants.organisations.services.members import leave_all, membership_facts
from tenants.people.erasing import NAMELESS, account_facts, scrub, sign_in_facts
from tenants.people.errors import TooManyTries
from tenants.people.events import DATA_READ_OUT, PERSON_ERASED
from tenants.people.services import prove_password

ADMINISTRATOR = "brand_admin"
READINGS = Throttle("people.read-out", limit=5, window_s=3600)
"""By person: each asks every brand."""

Facts = dict[str, object]


def personal_data(*, person_id: UUID, password: str) -> dict[str, object]:
    """Everything known of a person by name of its file, as plain values. Asks for the password once more.

    Raises ``WrongPassword`` or ``TooManyTries``.
    """
    prove_password(person_id=person_id, password=password)
    wait = READINGS.try_once(str(person_id))
    if wait:
        raise TooManyTries(minutes=-(-wait // 60))
    with public(), act():
        _record(DATA_READ_OUT, person_id)
    found: dict[str, object] = {
        "account.json": account_facts(person_id),
        "sign-ins.json": sign_in_facts(person_id),
        "organisations.json": membership_facts(person_id),
    }
    for brand in brands_with_people():
        with brand_schema(brand.schema_name):
            seats = _seat_facts(person_id)
        if seats:
            found[f"brands/{brand.slug}.json"] = {"brand": brand.name, "seats": seats}
    return found


def erase_person(*, person_id: UUID, password: str) -> None:
    """Forget a person: at once in the public schema, and in every brand as soon as its event is heard.

    Raises ``WrongPassword``, ``TooManyTries``, ``SoleAdministrator`` where an open brand would be left with nobody who
    can let anybody in, or ``StillOperator``.
    """
    prove_password(person_id=person_id, password=password)
    left_alone = brands_left_alone(person_id)
    if left_alone:
        raise SoleAdministrator(brands="、".join(left_alone))
    schemas = [brand.schema_name for brand in brands_with_people()]
    with public():
        with act():
            keys = scrub(person_id)
            leave_all(person_id)
            forget_portals_of(person_id)
            forget_addresses(person_id=person_id)
            _record(PERSON_ERASED, person_id, brand_schemas=schemas)
        bury(keys)


def brands_left_alone(person_id: UUID, *, only: Collection[str] | None = None) -> tuple[str, ...]:
    """Names of the open brands (of these schemas) whose only administrator the person is. One query a brand."""
    asked = [brand for brand in open_brands() if only is None or brand.schema_name in only]
    return tuple(brand.name for brand in asked if _is_alone(brand.schema_name, person_id))


def forget_person(person_id: UUID) -> None:
    """The brand's side of erasing, inside the act of its handler: seats end, and the name goes where law allows.

    Names on orders and shipments stay for the three years of a transaction record; rooms above take them away then.
    """
    open_seats = Seat.objects.select_for_update().filter(person_id=person_id, status=Seat.Status.ACTIVE)
    for seat in open_seats.filter(is_acting=False).order_by("pk"):
        end_seat(seat, None)
    seats = Seat.objects.filter(person_id=person_id)
    seat_ids = list(seats.values_list("pk", flat=True))
    Invitation.objects.filter(seat__in=seat_ids).update(identifier_sealed="", identifier_index="", name=NAMELESS)
    Invitation.objects.filter(invited_by_id__in=seat_ids).update(invited_by_name=NAMELESS)
    forget_addresses(person_id=person_id, seat_ids=seat_ids)
    seats.update(person_name=NAMELESS)


def _record(kind: str, person_id: UUID, **more: object) -> None:
    record(
        kind=kind,
        aggregate_type="person",
        aggregate_id=str(person_id),
        version=0,
        actor=None,
        payload={"person_id": str(person_id), **more},
    )


def _is_alone(schema_name: str, person_id: UUID) -> bool:
    with brand_schema(schema_name):
        seats = Seat.objects.filter(status=Seat.Status.ACTIVE, side=Seat.Side.BRAND, roles__contains=[ADMINISTRATOR])
        holders = set(seats.values_list("person_id", flat=True))
    return holders == {person_id}


def _seat_facts(person_id: UUID) -> list[Facts]:
    seats = Seat.objects.filter(person_id=person_id).order_by("created_at", "pk")
    tokens: dict[UUID, list[Facts]] = {}
    for token in ApiToken.objects.filter(seat__in=seats).order_by("created_at"):
        facts: Facts = {
            "name": token.name,
            "key": token.key,
            "created_at": token.created_at,
            "expires_at": token.expires_at,
            "revoked_at": token.revoked_at,
        }
        tokens.setdefault(token.seat_id, []).append(facts)
    return [
        {
            "name": seat.person_name,
            "house": seat.dealer_name,
            "side": seat.side,
            "roles": seat.roles,
            "regions": seat.scope_regions,
            "product_lines": seat.scope_product_lines,
            "status": seat.status,
            "opened_at": seat.created_at,
            "closed_at": seat.closed_at,
            "tokens": tokens.get(seat.pk, []),
        }
        for seat in seats
    ]
