"""Closing and opening a portal, with a reason."""

from functools import partial

from django.db import transaction

from core.db.acts import act, public
from core.kernel.actor import Actor
from core.kernel.operators import Ops
from core.kernel.text import normalised
from tenants.brands import hosts, rules
from tenants.brands.errors import ReasonMissing
from tenants.brands.events import BRAND_STATE_CHANGED, SECOND_FACTOR_REQUIRED
from tenants.brands.models import Brand
from tenants.brands.services.journal import locked_brand, own_brand, required, written


def suspend(*, actor: Actor | None, slug: str, reason: str) -> Brand:
    """Close a portal for now; whoever comes reads ``reason``. Raises ``ReasonMissing``, ``WrongState``, ``Missing``."""
    return change_state(actor=actor, slug=slug, state=Brand.State.SUSPENDED, reason=reason)


def make_read_only(*, actor: Actor | None, slug: str, reason: str) -> Brand:
    """Let a portal be read and nothing be written. Raises ``ReasonMissing``, ``WrongState``, ``Missing``."""
    return change_state(actor=actor, slug=slug, state=Brand.State.READ_ONLY, reason=reason)


def resume(*, actor: Actor | None, slug: str, reason: str = "") -> Brand:
    """Open a portal again; the reason it was closed for is forgotten. Raises ``WrongState``, ``Missing``."""
    return change_state(actor=actor, slug=slug, state=Brand.State.ACTIVE, reason=reason)


def change_state(*, actor: Actor | None = None, slug: str, state: str, reason: str = "") -> Brand:
    """Open, freeze (read-only) or suspend a brand; every web process follows at once.

    An operator says why when closing. Raises ``ReasonMissing``, ``WrongState``, ``Missing``.
    """
    required(actor, Ops.EDIT_BRANDS)
    words = normalised(reason)[:200]
    if actor is not None and state != Brand.State.ACTIVE and not words:
        raise ReasonMissing(field="reason")
    with public(), act():
        return moved(locked_brand(slug), state=Brand.State(state), reason=words, actor=actor)


def moved(brand: Brand, *, state: Brand.State, reason: str, actor: Actor | None) -> Brand:
    """Change the state of a locked brand inside the caller's act. Raises ``WrongState``."""
    shown = "" if state == Brand.State.ACTIVE else reason
    if (brand.state, brand.state_reason) == (state, shown):
        return brand
    if brand.state != state:
        rules.check_move(brand.state, state)
    before, brand.state, brand.state_reason = brand.state, state, shown
    brand.save(update_fields=["state", "state_reason"])
    written(BRAND_STATE_CHANGED, brand, actor, {"from": str(before), "to": str(state), "reason": reason})
    transaction.on_commit(partial(hosts.tell, brand))
    return brand


def require_second_factor(*, actor: Actor | None, on: bool, slug: str = "", reason: str = "") -> Brand:
    """Ask a second factor of the brand's own staff from their next request on, or no longer.

    The brand's administrator decides for his own brand (``settings.edit``); an operator names it by ``slug`` and says
    why. Raises ``ReasonMissing``.
    """
    words = normalised(reason)[:200]
    if slug and actor is not None and not words:
        raise ReasonMissing(field="reason")
    with public(), act():
        brand = own_brand(actor, slug)
        if brand.requires_second_factor != on:
            brand.requires_second_factor = on
            brand.save(update_fields=["requires_second_factor"])
            written(SECOND_FACTOR_REQUIRED, brand, actor, {"on": on, **({"reason": words} if words else {})})
            transaction.on_commit(partial(hosts.tell, brand))
    return brand
