"""What stock refuses. Quantities in the fields are bottles."""

from core.kernel.errors import DomainError, Kind
from core.kernel.text import N_


class InsufficientStock(DomainError):
    """Less is free than wanted; fields ``sku``, ``wanted`` and ``free`` of the whole SKU, ``free`` never negative."""

    code = "stock.insufficient"
    text = N_("Not enough of %(sku)s: %(wanted)s bottles wanted, %(free)s free.")


class NotReserved(DomainError):
    """More is to be shipped or moved than is reserved there for the line."""

    code = "stock.not_reserved"
    kind = Kind.CONFLICT
    text = N_("Less is reserved for this line than is to be taken. Reload and look again.")


class BelowReserved(DomainError):
    """A count, adjustment or transfer would leave less than is reserved; field ``reserved``."""

    code = "stock.below_reserved"
    text = N_("%(reserved)s bottles of %(sku)s are reserved for orders. Release an order first.")


class WarehouseMissing(DomainError):
    """No such active warehouse of the actor."""

    code = "stock.warehouse_missing"
    kind = Kind.MISSING
    text = N_("There is no warehouse “%(warehouse)s”.")


class WarehouseInvalid(DomainError):
    """A warehouse needs a short code without spaces, a name and a known kind."""

    code = "stock.warehouse_invalid"
    text = N_("A warehouse needs a code of at most 20 signs without spaces, a name and a kind.")


class WarehouseCodeTaken(DomainError):
    """Warehouse codes are unique in a brand."""

    code = "stock.warehouse_code_taken"
    kind = Kind.CONFLICT
    text = N_("A warehouse with the code “%(warehouse)s” exists already.")


class WarehouseChanged(DomainError):
    """Somebody changed it since it was shown."""

    code = "stock.warehouse_changed"
    kind = Kind.CONFLICT
    text = N_("“%(warehouse)s” was changed meanwhile. Reload and look again.")


class WarehouseInUse(DomainError):
    """A warehouse is closed empty: fields ``bottles``, ``transfers`` and ``counts`` that are still open."""

    code = "stock.warehouse_in_use"
    kind = Kind.CONFLICT
    text = N_(
        "“%(warehouse)s” is still in use: %(bottles)s bottles lie there, %(transfers)s transfers and %(counts)s counts"
        " are open. Carry the goods away and finish those first."
    )


class SkuMissing(DomainError):
    """No such SKU in the catalogue."""

    code = "stock.sku_missing"
    text = N_("There is no product “%(sku)s”.")


class QuantityInvalid(DomainError):
    """A count is negative, not whole or beyond reason."""

    code = "stock.quantity_invalid"
    text = N_("“%(value)s” is no quantity. Write a whole number from 0 to %(most)s.")


class CountUnread(QuantityInvalid):
    """What stands on a line of a sheet is no quantity; field ``sku`` is its name."""

    text = N_("%(sku)s: “%(value)s” is no quantity. Write a whole number.")


class NothingToDo(DomainError):
    """An act without lines or with a zero."""

    code = "stock.nothing_to_do"
    text = N_("Enter at least one line with a quantity.")


class ReasonMissing(DomainError):
    """An adjustment needs a reason that can be read later."""

    code = "stock.reason_missing"
    text = N_("Say why the stock is adjusted.")


class LineTwice(DomainError):
    """One stock key stands twice in the same act."""

    code = "stock.line_twice"
    text = N_("%(sku)s stands twice for the same warehouse and batch. Add the lines up.")


class ThresholdTwice(DomainError):
    """One SKU has two thresholds in the same act."""

    code = "stock.threshold_twice"
    text = N_("%(sku)s stands twice. Enter one threshold for it.")


class CountMissing(DomainError):
    """No such sheet of the actor's house."""

    code = "stock.count_missing"
    kind = Kind.MISSING
    text = N_("There is no count “%(number)s”.")


class CountNotOpen(DomainError):
    """The sheet is in a state that does not allow this."""

    code = "stock.count_not_open"
    kind = Kind.CONFLICT
    text = N_("Count %(number)s has moved on meanwhile. Reload and look again.")


class CountedMeanwhile(DomainError):
    """Somebody has entered another figure since the page was shown; fields ``by`` and ``counted`` (bottles)."""

    code = "stock.counted_meanwhile"
    kind = Kind.CONFLICT
    text = N_("%(by)s has entered %(counted)s bottles of %(sku)s meanwhile. Look which figure is right, then enter it.")


class RefusedBefore(DomainError):
    """A row its preview refused could come in now; nobody has looked at it."""

    code = "stock.refused_before"
    text = N_("The preview refused %(sku)s. Import this row again, and look at what it says now.")


class NothingCounted(DomainError):
    """A sheet without a figure cannot be finished."""

    code = "stock.nothing_counted"
    text = N_("Nothing is counted yet. Enter at least one figure.")


class TransferMissing(DomainError):
    """No such transfer of the actor's house."""

    code = "stock.transfer_missing"
    kind = Kind.MISSING
    text = N_("There is no transfer “%(number)s”.")


class TransferMovedOn(DomainError):
    """The transfer is in a state that does not allow this, or was changed since it was seen."""

    code = "stock.transfer_moved_on"
    kind = Kind.CONFLICT
    text = N_("Transfer %(number)s has moved on meanwhile. Reload and look again.")


class ReceivedTooMuch(DomainError):
    """More came in than was sent; field ``sent`` (bottles)."""

    code = "stock.received_too_much"
    text = N_("%(sent)s bottles of %(sku)s were sent; more cannot come in. Adjust the stock where more was found.")


class RowTwice(DomainError):
    """One stock key stands in two rows of a file."""

    code = "stock.row_twice"
    text = N_("%(sku)s stands in row %(other)s already, for the same batch. Add the two rows up.")


class SameWarehouse(DomainError):
    """A transfer needs two places."""

    code = "stock.same_warehouse"
    text = N_("Choose two different warehouses.")


class BatchReused(DomainError):
    """A count batch was sent again with other figures."""

    code = "stock.batch_reused"
    kind = Kind.CONFLICT
    text = N_("Count %(number)s was booked already, with other figures.")


class QuantityMissing(DomainError):
    """A row of a count says neither cases nor bottles."""

    code = "stock.quantity_missing"
    text = N_("Enter how many cases or bottles were counted; 0 when there are none.")


class CodeMissing(DomainError):
    """A row of a count names no product."""

    code = "stock.code_missing"
    text = N_("Enter the product's code or barcode.")


class NumberMangled(DomainError):
    """A spreadsheet rounded a barcode (6.9E+12)."""

    code = "stock.number_mangled"
    text = N_("“%(value)s” was rounded by the spreadsheet. Format the column as text and enter it again.")
