"""What somebody who writes down a market quote is refused."""

from core.kernel.errors import DomainError, Kind
from core.kernel.text import N_


class SkuUnknown(DomainError):
    """The brand has no such SKU, or it is of no line of the seat."""

    code = "market.sku_unknown"
    text = N_("“%(sku)s” is not a product code.")


class RegionUnsaid(DomainError):
    """A quote was heard somewhere."""

    code = "market.region_unsaid"
    text = N_("Say where it was heard: a division, or the whole country.")


class RegionUnread(DomainError):
    """A cell that names no single division."""

    code = "market.region_unread"
    text = N_("“%(value)s” names no single division. Write its province in front, or its six digits.")


class DayUnsaid(DomainError):
    """A row of a file without a day."""

    code = "market.day_unsaid"
    text = N_("Enter the day on which it was heard.")


class DayUnread(DomainError):
    """A cell that is no day."""

    code = "market.day_unread"
    text = N_("“%(value)s” is not a date. Write it like 2026-01-31.")


class DayAhead(DomainError):
    """Nobody has heard tomorrow's quote."""

    code = "market.day_ahead"
    text = N_("%(day)s has not come yet: only what was heard is entered.")


class NotAQuote(DomainError):
    """A quote is a positive whole number of minor units."""

    code = "market.not_positive"
    text = N_("A quote must be more than zero.")


class QuoteUnsaid(DomainError):
    """A row of a file without an amount: nobody takes a quote back by forgetting a cell."""

    code = "market.amount_unsaid"
    text = N_("Enter the quote. To take one back, write “back” there.")


class UnitUnsaid(DomainError):
    """Whether the amount is for a bottle or for a case must be said: the two differ by the pack."""

    code = "market.unit_unsaid"
    text = N_("Say whether the quote is for a bottle or for a case.")


class UnitUnread(DomainError):
    """A cell that is neither case nor bottle."""

    code = "market.unit_unread"
    text = N_("“%(value)s” is no unit. Write case or bottle.")


class CurrencyUnknown(DomainError):
    """A currency nothing is counted in here."""

    code = "market.currency"
    text = N_("“%(value)s” is no currency that is known here.")


class SourceTooLong(DomainError):
    """More words than there is room for."""

    code = "market.source_too_long"
    text = N_("The source has at most %(most)s characters.")


class CodeMangled(DomainError):
    """A spreadsheet rounded a code (6.9E+12)."""

    code = "market.code_mangled"
    text = N_("“%(value)s” was rounded by the spreadsheet. Format the column as text and enter it again.")


class QuoteTwice(DomainError):
    """The same key stands twice in one act."""

    code = "market.row_twice"
    text = N_("The quote of %(sku)s for this place, day and source stands in row %(other)s already.")


class TooManyQuotes(DomainError):
    """More rows than one act takes."""

    code = "market.too_many"
    text = N_("At most %(most)s quotes can be entered at once.")


class NothingToEnter(DomainError):
    """A form without a row."""

    code = "market.nothing"
    text = N_("Fill in at least one row.")


class BatchReused(DomainError):
    """A batch was sent again with other figures."""

    code = "market.batch_reused"
    kind = Kind.CONFLICT
    text = N_("Batch %(number)s was taken in already, with other quotes.")


class QuoteCorrected(DomainError):
    """Another row of the same key has taken its place since."""

    code = "market.corrected"
    kind = Kind.CONFLICT
    text = N_("This quote has been corrected since. Look at the list again.")
