"""Refusals of the room: what a price list will not take, and what it has no price for."""

from core.kernel.errors import DomainError, Kind
from core.kernel.text import N_


class PriceMissing(DomainError):
    """No list of the buyer's chain prices this SKU in this unit: it is not sellable, never free."""

    code = "price.missing"
    text = N_("%(sku)s has no price for you. Ask your sales contact.")


class UnitUnpriced(PriceMissing):
    """The ruling list prices the SKU, but in the other unit only."""

    code = "price.unit_missing"
    text = N_("%(sku)s is priced by another unit for you.")


class BelowFirstStep(DomainError):
    """The ladder begins at a larger quantity."""

    code = "price.below_first_step"
    text = N_("%(sku)s is sold from %(from_quantity)s on.")


class SkuUnknown(DomainError):
    """The brand has no such SKU."""

    code = "price.sku_unknown"
    text = N_("“%(sku)s” is not a product code.")


class UnitNotSold(DomainError):
    """The SKU is not sold in this unit."""

    code = "price.unit_not_sold"
    text = N_("%(sku)s is not sold in this unit.")


class NotAPrice(DomainError):
    """A price is a positive whole number of minor units; the end of a price is an empty amount."""

    code = "price.not_positive"
    text = N_("A price must be more than zero. Leave it empty to end the price.")


class StepTooLow(DomainError):
    """A step begins at one unit or more."""

    code = "price.min_quantity"
    text = N_("The quantity a price begins at must be 1 or more.")


class ChangedTwice(DomainError):
    """One act names the same key twice."""

    code = "price.changed_twice"
    text = N_("The same price of %(sku)s stands here twice.")


class PriceInThePast(DomainError):
    """Orders were priced by that day's list: it is not rewritten."""

    code = "price.past"
    text = N_("Prices cannot be changed for a day that is over.")


class TooManyChanges(DomainError):
    """More changes than one act takes."""

    code = "price.too_many_changes"
    text = N_("At most %(most)s prices can be changed at once.")


class ListCodeTaken(DomainError):
    """The seller already has a list of this code."""

    code = "price_list.code_taken"
    kind = Kind.CONFLICT
    text = N_("There is already a price list with the code %(list)s.")


class ListScopeIncomplete(DomainError):
    """The scope names nobody, or names what does not belong to it."""

    code = "price_list.scope"
    text = N_("Say for whom the list is: a dealer, a price group, a tier or everybody.")
