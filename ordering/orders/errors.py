"""What an order refuses, by line and as a whole."""

from core.kernel.errors import DomainError, Kind
from core.kernel.text import N_


class SkuUnknown(DomainError):
    """No such SKU, or none the buyer may know of."""

    code = "order.sku_unknown"
    text = N_("“%(sku)s” is not a product code.")


class NameUnclear(DomainError):
    """The words fit several products, or none exactly; the candidates stand beside it."""

    code = "order.sku_unclear"
    text = N_("“%(text_read)s” may mean several products. Choose one.")


class SupplierChanged(DomainError):
    """Another dealer supplies the house since the cart was filled."""

    code = "order.supplier_changed"
    kind = Kind.CONFLICT
    text = N_("Your supplier has just changed. Look at the cart and its prices again, then order.")


class NotOnShelf(DomainError):
    """The SKU exists but is not for sale at the moment."""

    code = "order.not_on_shelf"
    text = N_("%(sku)s is not for sale at the moment.")


class NotGranted(DomainError):
    """No grant covers the product line in the buyer's channel and the region the goods go to, or the seller supplies
    the buyer with goods of that line no more.
    """

    code = "order.not_granted"
    text = N_("Your authorisation does not cover %(sku)s in this region and channel.")


class UnitNotSold(DomainError):
    """The SKU is not sold in the unit asked for."""

    code = "order.unit"
    text = N_("%(sku)s is not sold in this unit.")


class NotAMultiple(DomainError):
    """The SKU is ordered in multiples."""

    code = "order.multiple"
    text = N_("%(sku)s is ordered in multiples of %(multiple)s.")


class QuantityInvalid(DomainError):
    """Zero, negative, or more than anybody ever means."""

    code = "order.quantity"
    text = N_("Enter a whole quantity of 1 or more.")


class LineChanged(DomainError):
    """The line was changed in another window since the buyer saw it; ``now`` and ``wanted`` in the line's unit."""

    code = "order.line_changed"
    kind = Kind.CONFLICT
    text = N_("This line was changed in another window: it holds %(now)s by now. Nothing was overwritten.")


class NothingMissing(DomainError):
    """The account covers the cart, so there is nothing to ask for."""

    code = "order.nothing_missing"
    kind = Kind.CONFLICT
    text = N_("The account covers this order by now. Nobody was asked.")


class NothingToUndo(DomainError):
    """There is no change to take back, or it is too long ago."""

    code = "order.nothing_to_undo"
    kind = Kind.CONFLICT
    text = N_("There is nothing left to undo.")


class OrderEmpty(DomainError):
    """An order needs a line."""

    code = "order.empty"
    text = N_("The order has no lines.")


class CartEmpty(DomainError):
    """There is no cart to place (any more)."""

    code = "order.cart_empty"
    kind = Kind.CONFLICT
    text = N_("The cart is empty. It may have been ordered already; look at your orders.")


class CartChanged(DomainError):
    """Another window has changed the cart since it was looked at."""

    code = "order.cart_changed"
    kind = Kind.CONFLICT
    text = N_("The cart was changed in another window since. Look at it as it is now, then order.")


class TooManyLines(DomainError):
    """More lines than one order takes."""

    code = "order.too_many_lines"
    text = N_("An order has at most %(most)s lines.")


class DealerInactive(DomainError):
    """Buyer or seller may not trade at the moment."""

    code = "order.dealer_inactive"
    text = N_("This dealer account is not active. Ask your sales contact.")


class LicenceMissing(DomainError):
    """A paper the buyer needs for trading liquor is missing or has ended (``day``); the text names which."""

    code = "order.licence"
    text = N_("The licence to trade liquor is missing or has expired. Send the renewed licence first.")


LICENCE_ABSENT = {
    "BUSINESS": N_(
        "No business licence is on file. Upload it under “My licences”; ordering opens as soon as it is accepted."
    ),
    "FOOD": N_(
        "No food business licence or prepackaged food filing is on file. Upload it under “My licences”;"
        " ordering opens as soon as it is accepted."
    ),
    "WHOLESALE": N_(
        "This province asks for a liquor wholesale licence, and none is on file. Upload it under “My licences”;"
        " ordering opens as soon as it is accepted."
    ),
}
"""By need of the order gate: what is missing and the way out."""
LICENCE_ENDED = {
    "BUSINESS": N_(
        "The business licence ended on %(day)s. Upload the renewed one under “My licences”; ordering opens as soon as"
        " it is accepted. Orders placed before are still delivered."
    ),
    "FOOD": N_(
        "The food business licence or filing ended on %(day)s. Upload the renewed one under “My licences”; ordering"
        " opens as soon as it is accepted. Orders placed before are still delivered."
    ),
    "WHOLESALE": N_(
        "The liquor wholesale licence ended on %(day)s. Upload the renewed one under “My licences”; ordering opens as"
        " soon as it is accepted. Orders placed before are still delivered."
    ),
}


class BelowMinimum(DomainError):
    """The seller's smallest order is larger; ``minimum`` and ``total`` in minor units."""

    code = "order.below_minimum"
    text = N_("The order is below the minimum order amount.")


class AddressUnknown(DomainError):
    """The address is none of the buyer's."""

    code = "order.address"
    text = N_("Choose one of your addresses.")


class WishedDayPast(DomainError):
    """The wished day of delivery is over."""

    code = "order.wished_on"
    text = N_("The wished day is in the past.")


class TotalChanged(DomainError):
    """Prices changed between what the buyer saw and the order; both totals in minor units."""

    code = "order.total_changed"
    kind = Kind.CONFLICT
    text = N_("Prices have changed since you looked. Check the new total and order again.")


class CurrencyForeign(DomainError):
    """An amount in another currency than the order's."""

    code = "order.currency"
    text = N_("This order is in %(currency)s. Say the amount in it.")


class RebateNegative(DomainError):
    """Less than nothing out of the rebate pool."""

    code = "order.rebate_negative"
    text = N_("What the rebate pool pays cannot be less than zero.")


class ManualPriceRefused(DomainError):
    """Only the seller's side sets a line's price by hand."""

    code = "order.manual_price"
    kind = Kind.FORBIDDEN
    text = N_("Only the seller can set a price by hand.")


class StateRefused(DomainError):
    """The order's status does not allow the step; fields: which status, what it is, what was wanted."""

    code = "order.state"
    kind = Kind.CONFLICT
    text = N_("The order has moved on in the meantime, so this can no longer be done. Reload to see where it stands.")


class NotTheSeller(DomainError):
    """Only the seller's side decides."""

    code = "order.not_the_seller"
    kind = Kind.FORBIDDEN
    text = N_("Only the seller decides about this order.")


class BuyerMoved(DomainError):
    """The seller no longer supplies the buyer: what policies would make of its order is not known any more."""

    code = "order.buyer_moved"
    kind = Kind.CONFLICT
    text = N_("Another seller supplies this buyer by now, so the order cannot be evaluated again.")


class OwnApproval(DomainError):
    """Who places an order does not approve it."""

    code = "order.own_approval"
    kind = Kind.FORBIDDEN
    text = N_("You placed this order yourself; someone else has to approve it.")


CHANGED_BY_YOU = N_("You changed this order yourself; someone else has to approve it.")
"""``OwnApproval`` of whoever changed an order before it."""


class FloorBroken(DomainError):
    """A line lies under its red line: only who may break floors approves it."""

    code = "order.floor_broken"
    kind = Kind.FORBIDDEN
    text = N_("A line of this order lies below its floor price. Someone who may approve prices has to approve it.")


class PriceRaised(DomainError):
    """A price rose since the order came in, and the time to fund it at the old one is over; ``sku`` names the first."""

    code = "order.price_raised"
    kind = Kind.CONFLICT
    text = N_(
        "The price of %(sku)s has risen, and the time to confirm orders at the old one is over. Change the order: it"
        " then takes the prices of now."
    )


class GiftsShort(DomainError):
    """The goods a policy would give are out of stock; ``wanted`` and ``free`` in bottles."""

    code = "order.gifts_short"
    text = N_(
        "The gift %(sku)s is short: %(wanted)s bottles would be given, %(free)s are free. Order without gifts, or less."
    )


class NotAmendable(DomainError):
    """An order is changed before it is approved, not after; ``status`` is where it stands by now."""

    code = "order.not_amendable"
    kind = Kind.CONFLICT
    text = N_("The order no longer waits for approval, so it can no longer be changed. Nothing was changed.")


class DeadlinePassed(DomainError):
    """The order was to be approved by an instant that is over."""

    code = "order.deadline_passed"
    kind = Kind.CONFLICT
    text = N_("The time to approve this order is over; it is about to expire.")


class ReasonMissing(DomainError):
    """A refusal without a reason helps nobody."""

    code = "order.reason"
    text = N_("Give a reason.")


class ConsentMissing(DomainError):
    """The rest of an order is closed with its buyer, not behind the buyer's back."""

    code = "order.consent"
    text = N_("Write down who of the buyer agreed, and how.")


class NoteEmpty(DomainError):
    """A note without words."""

    code = "order.note"
    text = N_("Write something first.")


class SettingsInvalid(DomainError):
    """A setting lies outside its bounds."""

    code = "ordering.settings"
    text = N_("This value is outside its bounds.")
