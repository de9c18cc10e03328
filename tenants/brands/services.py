"""Verbs of brands: open one with its schema, change its state, give it hosts. All act in the public schema."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from core.db.acts import act, public
from core.db.schemas import build_schema
from core.events.services import record
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import NotPermitted
from core.kernel.text import normalised
from tenants.brands import hosts
from tenants.brands.errors import BadBrand, SlugTaken
from tenants.brands.events import (
    BRAND_CREATED,
    BRAND_LOOK_CHANGED,
    BRAND_STATE_CHANGED,
    DOMAIN_ADDED,
    DOMAIN_REMOVED,
)
from tenants.brands.models import Brand, Domain, Portal
from tenants.brands.rules import checked_accent, checked_currency, checked_host, checked_slug, schema_of

SETTINGS_EDIT = "settings.edit"


def create_brand(
    *,
    slug: str,
    name: str,
    name_en: str = "",
    seal: str = "",
    currency: str = "CNY",
    language: str = "zh-hans",
    time_zone: str = "Asia/Shanghai",
    accent: str = "",
    organisation_id: UUID | None = None,
) -> Brand:
    """Open a brand: its row, the host ``<slug>.<base domain>``, its schema with all tables. Takes seconds.

    A brand whose provisioning broke off is taken up again. Raises ``BadSlug``, ``BadBrand`` or ``SlugTaken``.
    """
    brand = Brand(
        slug=checked_slug(slug),
        schema_name=schema_of(slug),
        name=name,
        name_en=name_en,
        seal=(seal or name)[:1],
        currency=checked_currency(currency),
        language=language,
        time_zone=time_zone,
        accent=checked_accent(accent),
        organisation_id=organisation_id,
        created_at=clock.now(),
    )
    with public():
        brand = _written_down(brand)
    build_schema(brand.schema_name)
    return change_state(slug=brand.slug, state=Brand.State.ACTIVE)


def _written_down(brand: Brand) -> Brand:
    there = Brand.objects.filter(slug=brand.slug).first()
    if there is not None:
        if there.state != Brand.State.PROVISIONING:
            raise SlugTaken(slug=brand.slug)
        return there
    try:
        with act():
            brand.save(force_insert=True)
            own = f"{brand.slug}.{settings.BASE_DOMAIN}"
            Domain.objects.create(tenant=brand, domain=own, is_primary=True, verified_at=brand.created_at)
            _record(BRAND_CREATED, brand, {"slug": brand.slug, "currency": brand.currency})
    except IntegrityError:
        raise SlugTaken(slug=brand.slug) from None
    return brand


def change_state(*, slug: str, state: str) -> Brand:
    """Open, freeze (read-only) or suspend a brand; every web process follows at once."""
    with public(), act():
        brand = Brand.objects.select_for_update().get(slug=slug)
        if brand.state != state:
            before, brand.state = brand.state, Brand.State(state)
            brand.save(update_fields=["state"])
            _record(BRAND_STATE_CHANGED, brand, {"from": before, "to": str(brand.state)})
            transaction.on_commit(partial(hosts.tell, brand))
    return brand


@dataclass(frozen=True, slots=True)
class ChangeLook:
    """How a portal shows itself: names, one character as its seal, accent ``#rrggbb`` or empty."""

    name: str
    name_en: str
    seal: str
    accent: str


def change_look(*, actor: Actor, command: ChangeLook) -> Brand:
    """Rename a portal or give it another accent; every web process follows at once. Whether words in the accent can
    be read is the faces' to check before.

    Raises ``BadBrand`` by field.
    """
    actor.require(SETTINGS_EDIT)
    if not actor.is_brand_staff:
        raise NotPermitted(permission=SETTINGS_EDIT)
    look = {
        "name": normalised(command.name)[:80],
        "name_en": normalised(command.name_en)[:80],
        "seal": normalised(command.seal)[:1],
        "accent": checked_accent(command.accent),
    }
    for name in ("name", "seal"):
        if not look[name]:
            raise BadBrand(value="", field=name)
    with public(), act():
        brand = Brand.objects.select_for_update().get(schema_name=actor.brand_schema)
        changed = [name for name, value in look.items() if getattr(brand, name) != value]
        for name in changed:
            setattr(brand, name, look[name])
        if changed:
            brand.save(update_fields=changed)
            _record(BRAND_LOOK_CHANGED, brand, {name: look[name] for name in changed})
            transaction.on_commit(partial(hosts.tell, brand))
    return brand


def add_domain(*, slug: str, host: str) -> Domain:
    """Let the brand answer on a further host. Raises ``BadHost`` or ``SlugTaken``."""
    bare = checked_host(host)
    try:
        with public(), act():
            brand = Brand.objects.select_for_update().get(slug=slug)
            domain = Domain(tenant=brand, domain=bare, is_primary=False)
            domain.save(force_insert=True)
            _record(DOMAIN_ADDED, brand, {"host": bare})
            transaction.on_commit(partial(hosts.tell, brand))
    except IntegrityError:
        raise SlugTaken(slug=bare) from None
    return domain


def remove_domain(*, slug: str, host: str) -> None:
    """Let the brand no longer answer on a host; its primary host stays."""
    with public(), act():
        brand = Brand.objects.select_for_update().get(slug=slug)
        removed, _ = Domain.objects.filter(tenant=brand, domain=host, is_primary=False).delete()
        if removed:
            _record(DOMAIN_REMOVED, brand, {"host": host})
            transaction.on_commit(partial(hosts.tell, brand, gone=(host,)))


def note_portal(*, schema_name: str, person_id: UUID, side: str) -> None:
    """Remember that the person has a seat on this side, only to show them the way."""
    with public(), act():
        brand = Brand.objects.get(schema_name=schema_name)
        Portal.objects.get_or_create(brand=brand, person_id=person_id, side=side)


def forget_portal(*, schema_name: str, person_id: UUID, side: str) -> None:
    """The person's last seat on this side was closed."""
    with public(), act():
        Portal.objects.filter(brand__schema_name=schema_name, person_id=person_id, side=side).delete()


def _record(kind: str, brand: Brand, payload: dict[str, str]) -> None:
    record(kind=kind, aggregate_type="brand", aggregate_id=brand.slug, version=0, actor=None, payload=payload)
