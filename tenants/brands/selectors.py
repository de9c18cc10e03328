"""Questions about brands and portals (public schema)."""

from dataclasses import dataclass
from uuid import UUID

from core.db.acts import public
from tenants.brands.models import Brand, Portal


@dataclass(frozen=True, slots=True)
class PortalCard:
    """A portal a person may enter, as the platform shows it; ``sides`` are brand, dealer or both."""

    name: str
    name_en: str
    seal: str
    host: str
    schema_name: str
    is_read_only: bool
    sides: tuple[str, ...]


_CARD = ("brand__name", "brand__name_en", "brand__seal", "brand__domains__domain", "brand__schema_name")


def portals_of(person_id: UUID) -> tuple[PortalCard, ...]:
    """The person's portals that are open, by name. One query."""
    with public():
        rows = list(
            Portal.objects.filter(
                person_id=person_id,
                brand__state__in=[Brand.State.ACTIVE, Brand.State.READ_ONLY],
                brand__domains__is_primary=True,
            )
            .order_by("brand__name", "side")
            .values_list(*_CARD, "brand__state", "side")
        )
    cards: dict[str, PortalCard] = {}
    for name, name_en, seal, host, schema_name, state, side in rows:
        before = cards[host].sides if host in cards else ()
        is_read_only = state == Brand.State.READ_ONLY
        cards[host] = PortalCard(name, name_en, seal, host, schema_name, is_read_only, (*before, side))
    return tuple(cards.values())


def open_brands() -> tuple[Brand, ...]:
    """Brands whose portal answers, by name."""
    with public():
        return tuple(Brand.objects.filter(state__in=[Brand.State.ACTIVE, Brand.State.READ_ONLY]).order_by("name"))


def brands_with_people() -> tuple[Brand, ...]:
    """Brands whose schema holds data of people: in service or suspended, by name."""
    states = [Brand.State.ACTIVE, Brand.State.READ_ONLY, Brand.State.SUSPENDED]
    with public():
        return tuple(Brand.objects.filter(state__in=states).order_by("name"))
