"""How a portal shows itself: to its own people, and in the public directory."""

from dataclasses import dataclass
from functools import partial

from django.db import transaction

from core.db.acts import act, public
from core.kernel.actor import Actor
from core.kernel.regions import region
from core.kernel.text import normalised, prose
from tenants.brands import hosts
from tenants.brands.errors import BadBrand
from tenants.brands.events import BRAND_LISTED, BRAND_LOOK_CHANGED
from tenants.brands.models import Brand
from tenants.brands.rules import checked_accent
from tenants.brands.services.journal import may_edit, own_brand, why, written

MOST_AROMAS = 6


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
    may_edit(actor)
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
        brand = own_brand(actor)
        changed = [name for name, value in look.items() if getattr(brand, name) != value]
        for name in changed:
            setattr(brand, name, look[name])
        if changed:
            brand.save(update_fields=changed)
            written(BRAND_LOOK_CHANGED, brand, actor, {name: look[name] for name in changed})
            transaction.on_commit(partial(hosts.tell, brand))
    return brand


@dataclass(frozen=True, slots=True)
class PublishBrand:
    """What the public directory says of a brand; ``aromas`` are codes of ``core.catalogue`` (JIANG, NONG …)."""

    is_listed: bool
    introduction: str = ""
    introduction_en: str = ""
    region_code: str = ""
    aromas: tuple[str, ...] = ()


def publish_brand(*, actor: Actor | None, command: PublishBrand, slug: str = "", reason: str = "") -> Brand:
    """List a brand in the public directory, or take it out; for its own administrator, or an operator by ``slug``
    with a ``reason``.

    Raises ``BadBrand`` by field.
    """
    told = {
        "is_listed": command.is_listed,
        "introduction": prose(command.introduction)[:400],
        "introduction_en": prose(command.introduction_en)[:400],
        "region_code": region(command.region_code).code if command.region_code else "",
        "aromas": sorted(set(command.aromas)),
    }
    if len(command.aromas) > MOST_AROMAS:
        raise BadBrand(value=str(len(command.aromas)), field="aromas")
    if command.is_listed and not told["introduction"]:
        raise BadBrand(value="", field="introduction")
    with public(), act():
        brand = own_brand(actor, slug)
        changed = [name for name, value in told.items() if getattr(brand, name) != value]
        for name in changed:
            setattr(brand, name, told[name])
        brand.save(update_fields=changed)
        if "is_listed" in changed or (changed and reason):
            written(BRAND_LISTED, brand, actor, {"is_listed": brand.is_listed, **why(reason)})
    return brand
