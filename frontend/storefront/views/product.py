"""One product: its facts, the dealer's own ladder, stock, licences, warnings, into the cart."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from core.catalogue.models import Producer, Sku
from core.catalogue.selectors import sku_by_code, skus_visible_to
from core.catalogue.selectors.twins import pictures_of
from core.db.naming import called
from core.kernel import clock
from core.kernel.actor import Actor, Side
from core.kernel.errors import Missing
from core.kernel.ids import uuid7
from core.web.doors import page
from core.web.requests import SignedInRequest
from dms.dealers.selectors import TradingDealer, trading_dealer
from dms.stock.selectors.batches import batches_in_stock
from frontend.storefront.badges import badges_of
from frontend.storefront.cards import Card, cards_of
from frontend.storefront.shell import shown
from frontend.storefront.views.lists import own_lists
from frontend.ui.shapes import Crumb
from frontend.ui.vocabulary import term
from ordering.lists.selectors import reminders_of
from ordering.orders.permissions import Permission
from ordering.orders.selectors import Cart, cart_of
from ordering.orders.selectors.usual import UsualGoods, usual_goods
from ordering.pricing.permissions import Permission as PricePermission
from ordering.pricing.selectors import ComingPrice, coming_prices, shelf_cards

_MOST_PACKS = 8


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of the product; ``alt`` says what is to be seen."""

    url: str
    alt: str


@page(permission=PricePermission.READ, side=Side.DEALER)
def product(request: SignedInRequest, code: str) -> HttpResponse:
    """A product on the shelf; any other is missing. The same statements however much there is to say of it."""
    actor = request.actor
    sku = sku_by_code(actor, code.upper())
    cart = cart_of(actor) if actor.can(Permission.PLACE) else Cart()
    buyer = trading_dealer(buyer_id=actor.dealer_id, seller_id=None, day=clock.business_day())
    card, packs = _own_and_packs(actor, sku, cart, buyer)
    return shown(
        request,
        "storefront/product.html",
        {
            "card": card,
            "pictures": _pictures(actor, sku, card.look.name),
            "steps": card.steps,
            "coming": _coming(actor, sku, buyer),
            "facts": _facts(sku),
            "licences": _licences(sku),
            "batches": batches_in_stock(seller_id=buyer.supplier_id, sku_id=sku.pk),
            "packs": packs,
            "goods": _usual(actor, sku),
            "key": uuid7().hex,
            "description": sku.spu.description,
            "can_order": actor.can(Permission.PLACE),
            "own_lists": own_lists(actor),
            "is_asked": actor.can(Permission.PLACE) and reminders_of(actor).filter(sku_id=sku.pk).exists(),
            "crumbs": [Crumb(_("Products"), reverse("storefront:catalogue")), Crumb(card.look.name)],
            "cart_count": len(cart.items),
        },
        at="catalogue",
    )


def _own_and_packs(actor: Actor, sku: Sku, cart: Cart, buyer: TradingDealer) -> tuple[Card, list[Card]]:
    """The product's own card, and those of the other packs and strengths of its family."""
    family = skus_visible_to(actor).filter(spu_id=sku.spu_id, status=Sku.Status.ON).exclude(pk=sku.pk)
    codes = family.order_by("rank", "id").values_list("code", flat=True)[:_MOST_PACKS]
    found = shelf_cards(actor=actor, sku_codes=(sku.code, *codes), buyer=buyer)
    cards = cards_of(found, cart, badges_of(actor, found, buyer=buyer))
    own = next((one for one in cards if one.shelf.sku_code == sku.code), None)
    if own is None:
        raise Missing
    return own, [one for one in cards if one is not own]


def _pictures(actor: Actor, sku: Sku, name: str) -> list[Picture]:
    """Its pictures, the face first; none where it is drawn."""
    return [Picture(reverse("files:download", args=[one.file_id]), one.alt or name) for one in pictures_of(actor, sku)]


def _coming(actor: Actor, sku: Sku, buyer: TradingDealer) -> ComingPrice | None:
    """The price from a coming day on, where one is planned."""
    if not actor.can(PricePermission.PURCHASE):
        return None
    return coming_prices(actor=actor, sku_codes=[sku.code], buyer=buyer).get(sku.code)


def _usual(actor: Actor, sku: Sku) -> UsualGoods | None:
    """What the house usually orders of it at a time."""
    found = usual_goods(actor, most=1, sku_code=sku.code) if actor.can(Permission.READ) else ()
    return found[0] if found else None


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
        (_("Product line"), called(sku.product_line)),
        (_("Process"), spu.process),
        (_("Grade"), spu.grade),
        (_("Ingredients"), spu.raw_materials),
        (_("Barcode of the bottle"), sku.gtin13),
        (_("Barcode of the case"), sku.gtin14),
        (_("Product code"), sku.code),
    ]
    return [(name, value) for name, value in rows if value]


def _valid_until(producer: Producer | None) -> str:
    if producer is None or not producer.sc_no:
        return ""
    return f"{producer.sc_valid_to:%Y-%m-%d}" if producer.sc_valid_to else _("not noted")


def _licences(sku: Sku) -> list[tuple[str, str]]:
    """Who answers for it, under which licence and standard."""
    producer = sku.spu.producer
    rows = [
        (_("Producer"), producer.name if producer else ""),
        (_("Address"), producer.address if producer else ""),
        (_("Food production licence (SC)"), producer.sc_no if producer else ""),
        (_("Licence valid until"), _valid_until(producer)),
        (_("Product standard"), sku.spu.exec_standard),
    ]
    return [(name, value) for name, value in rows if value]
