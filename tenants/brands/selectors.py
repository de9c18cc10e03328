"""Questions about brands and portals (public schema)."""

from dataclasses import dataclass
from uuid import UUID

from core.db import replay
from core.db.acts import public
from core.kernel.actor import Actor
from tenants.brands.models import Brand, Domain, Portal, SchemaState


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


_TABLELESS = (Brand.State.PROVISIONING, Brand.State.DELETING, Brand.State.DELETED)


@dataclass(frozen=True, slots=True)
class SchemaRow:
    """How far one brand's tables are; ``seconds`` is how long the last migration took, ``error`` its fault."""

    slug: str
    state: str
    schema_name: str
    status: str
    fingerprint: str
    seconds: float | None
    error: str
    has_tables: bool

    @property
    def is_current(self) -> bool:
        """Whether no migration is missing."""
        return self.status == SchemaState.Status.CURRENT


def schema_states() -> tuple[SchemaRow, ...]:
    """Every brand that is not deleted, by slug; current is what has these migrations' fingerprint. Two queries."""
    ours = replay.fingerprint()
    with public():
        noted = {state.schema_name: state for state in SchemaState.objects.all()}
        brands = list(Brand.objects.exclude(state=Brand.State.DELETED).order_by("slug"))
    return tuple(_schema_row(brand, noted.get(brand.schema_name), ours) for brand in brands)


def _schema_row(brand: Brand, noted: SchemaState | None, ours: str) -> SchemaRow:
    known = noted or SchemaState(schema_name=brand.schema_name)
    is_outdated = known.status == SchemaState.Status.CURRENT and known.fingerprint != ours
    return SchemaRow(
        slug=brand.slug,
        state=brand.state,
        schema_name=brand.schema_name,
        status=SchemaState.Status.BEHIND if is_outdated else known.status,
        fingerprint=known.fingerprint,
        seconds=known.seconds,
        error=known.error,
        has_tables=brand.state not in _TABLELESS,
    )


def own_brand(actor: Actor) -> Brand:
    """The seat's own brand as it stands in the register. One query. The door asks for the permission."""
    with public():
        return Brand.objects.get(schema_name=actor.brand_schema)


def domains_of(actor: Actor) -> tuple[Domain, ...]:
    """The hosts of the seat's own brand, the first one first. One query. The door asks for the permission."""
    with public():
        hosts = Domain.objects.filter(tenant__schema_name=actor.brand_schema)
        return tuple(hosts.order_by("-is_primary", "domain"))
