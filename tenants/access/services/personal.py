"""A person's own data over all brands: read out for themselves, or taken away with the person.

The public schema is one act, every brand's another: the event ``people.person_erased.v1`` joins them.
"""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import Q

from core.db.acts import act, brand_schema, public
from core.events.services import record
from core.messages.services import forget_addresses, forget_letters_to
from core.vault.services import unseal
from core.web.sessions import bury
from core.web.throttling import Throttle
from tenants.access.errors import SoleAdministrator
from tenants.access.models import ApiToken, Invitation, SavedView, Seat
from tenants.access.selectors import is_pending
from tenants.access.services.copied import forget_copies
from tenants.access.services.ended import scrub_offer
from tenants.access.services.invitations import withdraw
from tenants.access.services.seats import end_seat
from tenants.brands.models import Brand, Portal
from tenants.brands.selectors import brands_with_people, open_brands
from tenants.brands.services.portals import forget_portals_of
from tenants.people.erasing import NAMELESS, account_facts, look_again_for, scrub, sign_in_facts
from tenants.people.errors import TooManyTries
from tenants.people.events import DATA_READ_OUT, PERSON_ERASED
from tenants.people.models import User
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
    fellows = _fellows(person_id)
    with public():
        with act():
            if left_alone := _left_alone(fellows, person_id, is_locking=True):
                raise SoleAdministrator(brands="、".join(left_alone))
            keys = scrub(person_id)
            forget_portals_of(person_id)
            forget_addresses(person_id=person_id)
            # Asked after the person's row is locked: a brand that comes in now finds them erased (``forget_arrived``).
            schemas = [brand.schema_name for brand in brands_with_people()]
            _record(PERSON_ERASED, person_id, brand_schemas=schemas)
        bury(keys)


def brands_left_alone(person_id: UUID, *, only: Collection[str] | None = None) -> tuple[str, ...]:
    """Names of the open brands (of these schemas) whose only administrator the person is. One query a brand."""
    fellows = _fellows(person_id, only)
    with public():
        return _left_alone(fellows, person_id)


def _fellows(person_id: UUID, only: Collection[str] | None = None) -> dict[str, set[UUID]]:
    """By name of each open brand (of these schemas) the person administers: who else does."""
    found = {}
    for brand in open_brands():
        if only is None or brand.schema_name in only:
            with brand_schema(brand.schema_name):
                holders = _administrators()
            if person_id in holders:
                found[brand.name] = holders - {person_id}
    return found


def _left_alone(fellows: Mapping[str, set[UUID]], person_id: UUID, *, is_locking: bool = False) -> tuple[str, ...]:
    """The brands none of whose other administrators has an open account. In the public schema.

    ``is_locking``: none of them is erased or locked out until the act is over, so that of two who go one stays.
    """
    asked = {person_id}.union(*fellows.values())
    accounts = User.objects.filter(pk__in=asked, is_active=True).order_by("pk")
    there = set((accounts.select_for_update() if is_locking else accounts).values_list("pk", flat=True))
    return tuple(name for name, others in fellows.items() if there.isdisjoint(others))


def forget_arrived(slug: str) -> None:
    """A brand has come from another server: who was erased here is forgotten there too.

    The inner piece of a handler, inside its act in the public schema.
    """
    brand = Brand.objects.get(slug=slug)
    arrived = Portal.objects.filter(brand=brand).values("person_id")
    people = list(User.objects.select_for_update().filter(pk__in=arrived).order_by("pk"))  # whoever erases one is done
    for person in people:
        if person.erased_at is not None:
            look_again_for(person)
            forget_portals_of(person.pk)
            _record(PERSON_ERASED, person.pk, brand_schemas=[brand.schema_name])


def forget_person(person_id: UUID) -> None:
    """The brand's side of erasing, inside the act of its handler: seats end, and the name goes where law allows.

    Names on orders and shipments stay for the three years of a transaction record; rooms above take them away then.
    """
    open_seats = Seat.objects.select_for_update().filter(person_id=person_id, status=Seat.Status.ACTIVE)
    for seat in open_seats.filter(is_acting=False).order_by("pk"):
        end_seat(seat, None)
    seats = Seat.objects.filter(person_id=person_id)
    seat_ids = list(seats.values_list("pk", flat=True))
    _forget_offers(seat_ids)
    Invitation.objects.filter(invited_by_id__in=seat_ids).update(invited_by_name=NAMELESS)
    forget_addresses(person_id=person_id, seat_ids=seat_ids)
    SavedView.objects.filter(seat__in=seat_ids).delete()
    forget_copies(person_id)
    seats.update(person_name=NAMELESS)


def _forget_offers(seat_ids: Collection[UUID]) -> None:
    """Every offer to the account names these seats were taken by, whatever became of it, and the letters with links."""
    taken = Invitation.objects.filter(seat__in=list(seat_ids)).exclude(identifier_index="")
    names = {offer.identifier_index: offer.identifier_sealed for offer in taken}
    offers = Invitation.objects.select_for_update().filter(Q(seat__in=list(seat_ids)) | Q(identifier_index__in=names))
    for offer in offers.order_by("pk"):
        if is_pending(offer):
            withdraw(offer, None)
        scrub_offer(offer)
    forget_letters_to({unseal(sealed) for sealed in names.values()})


def _record(kind: str, person_id: UUID, **more: object) -> None:
    record(
        kind=kind,
        aggregate_type="person",
        aggregate_id=str(person_id),
        version=0,
        actor=None,
        payload={"person_id": str(person_id), **more},
    )


def _administrators() -> set[UUID]:
    seats = Seat.objects.filter(status=Seat.Status.ACTIVE, side=Seat.Side.BRAND, roles__contains=[ADMINISTRATOR])
    return set(seats.values_list("person_id", flat=True))


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
    views: dict[UUID, list[Facts]] = {}
    for view in SavedView.objects.filter(seat__in=seats).order_by("list_name", "position"):
        views.setdefault(view.seat_id, []).append({"list": view.list_name, "name": view.name, "query": view.query})
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
            "views": views.get(seat.pk, []),
        }
        for seat in seats
    ]
