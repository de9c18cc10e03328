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


class PriceDoubtful(DomainError):
    """A price that is probably a slip; it is taken once somebody says that it is meant. Amounts in minor units."""

    code = "price.doubtful"
    kind = Kind.CONFLICT
    text = N_("The price of %(sku)s looks like a slip. Send it again as meant, if it is.")


class LadderRises(PriceDoubtful):
    """Whoever orders more would pay more a unit than whoever orders less."""

    code = "price.ladder_rises"
    text = N_("%(sku)s would cost more a unit for a larger quantity. Send the price again as meant, if it is.")


class PriceLeaps(PriceDoubtful):
    """The price at least doubles, or falls to half or less."""

    code = "price.leaps"
    text = N_("The price of %(sku)s at least doubles or halves. Send it again as meant, if it is.")


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


class ListChannelUnknown(DomainError):
    """A list names a way to the drinker that there is not."""

    code = "price_list.channel"
    text = N_("“%(value)s” is not a sales channel.")


class ListKindUnknown(DomainError):
    """A list is for sale, a floor or a guide."""

    code = "price_list.kind"
    text = N_("“%(value)s” is not a kind of price list.")


class ParentUnknown(DomainError):
    """A list is derived from another one of the same house."""

    code = "price_list.parent_unknown"
    text = N_("“%(list)s” is not one of your price lists. Choose the list the prices come from.")


class ParentInOtherCurrency(DomainError):
    """Prices are derived within one currency."""

    code = "price_list.parent_currency"
    text = N_("%(list)s is in %(currency)s. Derive from a list of the same currency.")


class DerivedLoop(DomainError):
    """A list would be derived from itself, over others perhaps."""

    code = "price_list.derived_loop"
    text = N_("%(list)s is itself derived from this list. Choose another one.")


class DerivedTooDeep(DomainError):
    """A chain of derived lists nobody could follow."""

    code = "price_list.derived_too_deep"
    text = N_("At most %(most)s lists may stand above one another. Derive from a list nearer the top.")


class FactorInvalid(DomainError):
    """A factor between a millionth and ten."""

    code = "price_list.factor"
    text = N_("The factor must lie between 0.0001 % and 1,000 %.")


class RoundingUnknown(DomainError):
    """Prices are rounded to 1, 10, 100 or 1,000 minor units, half-up, up or down."""

    code = "price_list.rounding"
    text = N_("Choose how the derived prices are rounded.")


class ChoiceUnknown(DomainError):
    """Which list prices a line: the first, or the lowest."""

    code = "pricing_settings.choice"
    text = N_("“%(value)s” is not a way to choose a price.")


class BelowFloor(DomainError):
    """An amount under the red line (红线价); both in minor units."""

    code = "price.below_floor"
    text = N_("%(sku)s may not be sold below the floor price. An approved price round may go below it.")


class NeedsRound(DomainError):
    """The house changes prices by approved rounds only."""

    code = "price.needs_round"
    kind = Kind.FORBIDDEN
    text = N_("Prices change by approved price rounds only. Open a price round with these prices.")


class ListUnknown(DomainError):
    """A row of a file names a price list the seat does not have."""

    code = "price.list_unknown"
    text = N_("“%(list)s” is not one of your price lists.")


class CurrencyDiffers(DomainError):
    """A row gives its price in another currency than its list."""

    code = "price.currency"
    text = N_("List %(list)s is in %(currency)s, not in %(value)s.")


class PriceUnsaid(DomainError):
    """A row of a file has no price: nobody ends a price by forgetting a cell."""

    code = "price.unsaid"
    text = N_("Enter a price. To end it, write “end” there.")


class UnitUnread(DomainError):
    """A cell that is neither case nor bottle."""

    code = "price.unit_unread"
    text = N_("“%(value)s” is no unit. Write case or bottle.")


class UnitMissing(DomainError):
    """The SKU is sold by the case and by the bottle: the row must say which."""

    code = "price.unit_unsaid"
    text = N_("%(sku)s is sold by the case and by the bottle. Say which of them the price is for.")


class StepUnread(DomainError):
    """A cell that is no whole number of units."""

    code = "price.step_unread"
    text = N_("“%(value)s” is not a whole number from 1 on.")


class DayUnread(DomainError):
    """A cell that is no day and no instant."""

    code = "price.day_unread"
    text = N_("“%(value)s” is not a date. Write it like 2026-01-31.")


class CodeMangled(DomainError):
    """A spreadsheet rounded a code (6.9E+12)."""

    code = "price.code_mangled"
    text = N_("“%(value)s” was rounded by the spreadsheet. Format the column as text and enter it again.")


class PriceTwice(DomainError):
    """The same key stands in two rows of a file."""

    code = "price.row_twice"
    text = N_("The same price of %(sku)s stands in row %(other)s already.")


class BatchReused(DomainError):
    """A batch of prices was sent again with other figures."""

    code = "price.batch_reused"
    kind = Kind.CONFLICT
    text = N_("Batch %(number)s was taken in already, with other prices.")


class ChangedMeanwhile(DomainError):
    """Another price rules by now than the one the preview showed; nobody has seen old beside new."""

    code = "price.changed_meanwhile"
    kind = Kind.CONFLICT
    text = N_(
        "The price of %(sku)s was changed since the preview. Import this row again, and look at what it says now."
    )
