"""Market quotes as a spreadsheet, in the columns an import reads; and where they invert a price."""

from django.db.models import QuerySet

from core.jobs.exports import Asked, Column, Found, amount, day, flag, instant, list_export, text, words
from core.kernel.actor import Actor, Side
from core.kernel.text import N_
from dms.sellthrough.models import MarketQuote
from dms.sellthrough.permissions import Permission
from dms.sellthrough.selectors import QuoteFilter, quote_rows
from frontend.console.inversionwords import fits, names_of
from frontend.ui.format import unit_word
from frontend.ui.vocabulary import term
from ordering.promotions.selectors.inversions import Inversion, InversionFilter, market_inversions


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


def _inversion_columns() -> tuple[Column, ...]:
    return (
        text("sku_code", N_("SKU code")),
        text("region_code", N_("Division")),
        words("tier", N_("Tier"), lambda code: term("tier", code)),
        text("quantity", N_("Quantity")),
        words("unit", N_("Unit"), unit_word),
        day("quoted_on", N_("Day")),
        text("source", N_("Source")),
        amount("listed", N_("List price")),
        amount("landed", N_("Landed price")),
        amount("bottle_quote", N_("Market quote a bottle")),
        amount("bottle_landed", N_("Landed price a bottle")),
        text("currency", N_("Currency")),
        text("permille", N_("Market ÷ landed, in thousandths")),
    )


@list_export(
    "inversions",
    side=Side.BRAND,
    title=N_("Price inversions"),
    permission=Permission.READ,
    columns=_inversion_columns,
)
def inversions(actor: Actor, asked: Asked) -> Found:
    """What the page finds, by code."""
    wanted = InversionFilter.of(asked)
    found = market_inversions(actor, wanted)
    names = names_of(actor, found)
    rows = [_inversion(one) for one in found if fits(one, names, wanted.text)]
    return Found(_INVERSION, rows, len(rows))


_INVERSION = (
    *("sku_code", "region_code", "tier", "quantity", "unit", "quoted_on", "source", "listed", "landed"),
    *("bottle_quote", "bottle_landed", "currency", "permille"),
)


def _inversion(one: Inversion) -> tuple[object, ...]:
    quote, net = one.quote, one.net
    return (
        quote.sku_code,
        quote.region_code,
        net.tier,
        net.quantity,
        net.unit.value,
        quote.quoted_on,
        quote.source,
        net.a_unit(net.listed),
        net.landed_amount,
        quote.bottle_amount,
        net.bottle_amount,
        net.currency,
        one.ratio_permille,
    )
