"""One product: its facts, the dealer's own ladder, stock, licences, warnings, into the cart."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from core.catalogue.models import Sku
from core.catalogue.selectors import sku_by_code
from core.catalogue.selectors.twins import pictures_of
from core.kernel.actor import Side
from core.web.doors import page
from core.web.requests import SignedInRequest
from frontend.storefront.cards import card_of, steps_of
from frontend.storefront.shell import shown
from frontend.storefront.views.lists import own_lists
from frontend.ui.shapes import Crumb
from frontend.ui.vocabulary import term
from ordering.orders.permissions import Permission
from ordering.orders.selectors import Cart, cart_of
from ordering.pricing.permissions import Permission as PricePermission
from ordering.pricing.selectors import shelf_card


@page(permission=PricePermission.READ, side=Side.DEALER)
def product(request: SignedInRequest, code: str) -> HttpResponse:
    """A product on the shelf; any other is missing."""
    shelf = shelf_card(actor=request.actor, sku_code=code.upper())
    sku = sku_by_code(request.actor, shelf.sku_code)
    cart = cart_of(request.actor) if request.actor.can(Permission.PLACE) else Cart()
    lying = {(item.sku_code, item.unit.value): item.quantity for item in cart.items}
    card = card_of(shelf, lying.get((shelf.sku_code, shelf.unit), 0))
    return shown(
        request,
        "storefront/product.html",
        {
            "card": card,
            "steps": steps_of(shelf),
            "facts": _facts(sku),
            "licences": _licences(sku),
            "description": sku.spu.description,
            "pictures": pictures_of(request.actor, sku),
            "can_order": request.actor.can(Permission.PLACE),
            "own_lists": own_lists(request.actor),
            "crumbs": [Crumb(_("Products"), reverse("storefront:catalogue")), Crumb(card.look.name)],
            "cart_count": len(cart.items),
        },
        at="catalogue",
    )


def _facts(sku: Sku) -> list[tuple[str, str]]:
    """What the label says, as far as the brand has said it."""
    spu = sku.spu
    whole, rest = divmod(sku.abv_tenths, 10)
    pack = _("%(bottles)s bottles of %(volume)s ml") % {"bottles": sku.bottles_per_case, "volume": sku.volume_ml}
    rows = [
        (_("Aroma"), term("aroma", sku.aroma)),
        (_("Strength"), f"{whole}.{rest}%vol" if rest else f"{whole}%vol"),
        (_("Packed in"), pack),
        (_("Gift boxes of"), str(sku.inner_pack) if sku.inner_pack > 1 else ""),
        (_("Product line"), sku.product_line.name),
        (_("Process"), spu.process),
        (_("Grade"), spu.grade),
        (_("Ingredients"), spu.raw_materials),
        (_("Barcode of the bottle"), sku.gtin13),
        (_("Barcode of the case"), sku.gtin14),
        (_("Product code"), sku.code),
    ]
    return [(name, value) for name, value in rows if value]


def _licences(sku: Sku) -> list[tuple[str, str]]:
    """Who answers for it, under which licence and standard."""
    producer = sku.spu.producer
    rows = [
        (_("Producer"), producer.name if producer else ""),
        (_("Address"), producer.address if producer else ""),
        (_("Food production licence (SC)"), producer.sc_no if producer else ""),
        (_("Product standard"), sku.spu.exec_standard),
    ]
    return [(name, value) for name, value in rows if value]
