"""Market quotes as a spreadsheet, in the columns an import reads."""

from django.db.models import QuerySet

from core.jobs.exports import Asked, Column, amount, day, flag, instant, list_export, text, words
from core.kernel.actor import Actor, Side
from core.kernel.text import N_
from dms.sellthrough.models import MarketQuote
from dms.sellthrough.permissions import Permission
from dms.sellthrough.selectors import QuoteFilter, quote_rows
from frontend.ui.format import unit_word


def _columns() -> tuple[Column, ...]:
    return (
        text("sku__code", N_("SKU code")),
        text("sku__name", N_("Product name")),
        text("region_code", N_("Division")),
        day("quoted_on", N_("Day")),
        words("unit", N_("Unit"), unit_word),
        amount("amount", N_("Market quote")),
        text("currency", N_("Currency")),
        text("source", N_("Source")),
        text("entered_by_name", N_("Entered by")),
        instant("entered_at", N_("Entered at")),
        flag("was_corrected", N_("Corrected since")),
    )


@list_export("quotes", side=Side.BRAND, title=N_("Market quotes"), permission=Permission.READ, columns=_columns)
def quotes(actor: Actor, asked: Asked) -> QuerySet[MarketQuote]:
    """The quotes the page finds."""
    return quote_rows(actor, QuoteFilter.of(asked))
