"""How a portal shows itself: to its own people, and in the public directory."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import IO

from django.db import transaction

from core.db.acts import act, public
from core.files.rules import Purpose, Type
from core.files.services import keep_produced
from core.kernel.actor import Actor
from core.kernel.errors import VersionConflict
from core.kernel.regions import region
from core.kernel.text import normalised, prose
from tenants.brands import hosts
from tenants.brands.errors import BadBrand
from tenants.brands.events import BRAND_LISTED, BRAND_LOOK_CHANGED
from tenants.brands.logos import checked_shape, drawn_logo
from tenants.brands.models import Brand
from tenants.brands.rules import PORTAL_TEXTS, checked_accent, checked_texts
from tenants.brands.services.journal import may_edit, own_brand, why, written

MOST_AROMAS = 6


@dataclass(frozen=True, slots=True)
class ChangeLook:
    """How a portal shows itself: names, one character as its seal, accent ``#rrggbb`` or empty."""

    name: str
    name_en: str
    seal: str
    accent: str
    version: int | None = None


def change_look(*, actor: Actor, command: ChangeLook) -> Brand:
    """Rename a portal or give it another accent; every web process follows at once. Whether words in the accent can
    be read is the faces' to check before.

    ``version``: the look as it was shown; None asks for no check. Raises ``BadBrand`` by field, ``VersionConflict``.
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
    return _shown_as(actor, look, command.version)


@dataclass(frozen=True, slots=True)
class ChangeTexts:
    """What a portal says of itself: beside its name, on the sign-in page, at its foot; English may be left out."""

    tagline: str = ""
    tagline_en: str = ""
    welcome: str = ""
    welcome_en: str = ""
    contact: str = ""
    contact_en: str = ""
    version: int | None = None


def change_texts(*, actor: Actor, command: ChangeTexts) -> Brand:
    """Write other words; every web process follows at once. Raises ``TextTooLong`` by field, ``VersionConflict``."""
    may_edit(actor)
    texts = {name: getattr(command, name) for name in PORTAL_TEXTS}
    return _shown_as(actor, checked_texts(texts), command.version)


def set_logo(*, actor: Actor, shape: str, upload: IO[bytes], name: str) -> Brand:
    """Take a picture as the portal's logo: ``square`` (icons) or ``wide`` (beside the navigation).

    It is drawn anew as PNG, so that nothing but the picture is kept. Raises what ``core.files`` says of pictures,
    ``LogoTooHeavy`` or ``LogoShape``.
    """
    may_edit(actor)
    content = drawn_logo(upload, name=name, shape=shape)
    stored = keep_produced(
        name=f"logo-{shape}.png",
        content=content,
        content_type=Type.PNG,
        dealer_id=actor.dealer_id,
        seat_id=actor.seat_id,
        purpose=Purpose.PICTURE,
    )
    return _shown_as(actor, {f"logo_{shape}": stored.pk}, None)


def drop_logo(*, actor: Actor, shape: str) -> Brand:
    """Show the seal again. Twice is once."""
    may_edit(actor)
    return _shown_as(actor, {f"logo_{checked_shape(shape)}": None}, None)


def _shown_as(actor: Actor, look: Mapping[str, object], version: int | None) -> Brand:
    """Write what differs, and tell it."""
    with public(), act():
        brand = own_brand(actor)
        changed = [name for name, value in look.items() if getattr(brand, name) != value]
        if changed and version is not None and version != brand.look_version:
            raise VersionConflict(version=brand.look_version)
        for name in changed:
            setattr(brand, name, look[name])
        if changed:
            brand.look_version += 1
            brand.save(update_fields=[*changed, "look_version"])
            told = {name: str(look[name] or "") for name in changed}
            written(BRAND_LOOK_CHANGED, brand, actor, told)
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
