"""Who may, and what is written down: shared by the verbs of the room."""

from collections.abc import Mapping

from core.events.services import record
from core.kernel.actor import Actor, Side
from core.kernel.errors import Missing, NotPermitted
from core.kernel.operators import Ops
from core.kernel.text import normalised
from tenants.brands.models import Brand
from tenants.brands.permissions import Permission


def required(actor: Actor | None, code: Ops) -> None:
    """Let an operator with ``code`` through; None is the product itself (seeds, the command line)."""
    if actor is not None:
        actor.require(code)
        if actor.side is not Side.PLATFORM:
            raise NotPermitted(permission=code)


def own_brand(actor: Actor | None, slug: str = "") -> Brand:
    """The brand whose settings the actor edits, locked until the caller's act ends.

    A seat's own brand (``slug`` says nothing then), or the one an operator names. Raises ``NotPermitted``, ``Missing``.
    """
    if actor is None or actor.side is Side.PLATFORM:
        required(actor, Ops.EDIT_BRANDS)
        return locked_brand(slug)
    may_edit(actor)
    return Brand.objects.select_for_update().get(schema_name=actor.brand_schema)


def may_edit(actor: Actor) -> None:
    """Let brand staff who edit settings through. One for the whole house: a limited seat is refused.

    Raises ``NotPermitted`` or ``OutOfScope``.
    """
    actor.require(Permission.SETTINGS_EDIT)
    if not actor.is_brand_staff:
        raise NotPermitted(permission=Permission.SETTINGS_EDIT)
    actor.require_unlimited()


def locked_brand(slug: str) -> Brand:
    """The brand that is not deleted, locked until the caller's act ends. Raises ``Missing``."""
    brand = Brand.objects.select_for_update().filter(slug=slug).exclude(state=Brand.State.DELETED).first()
    if brand is None:
        raise Missing
    return brand


def written(kind: str, brand: Brand, actor: Actor | None, payload: Mapping[str, object]) -> None:
    """Record what happened to a brand, inside the caller's act."""
    record(
        kind=kind,
        aggregate_type="brand",
        aggregate_id=brand.slug,
        version=0,
        actor=actor,
        payload=dict(payload),
    )


def why(reason: str) -> dict[str, object]:
    """The reason as a part of a payload; nothing where none was given (a brand's own people give none)."""
    words = normalised(reason)[:200]
    return {"reason": words} if words else {}
