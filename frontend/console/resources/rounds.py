"""Price rounds and their lines as spreadsheets."""

from django.db.models import OuterRef, QuerySet, Subquery

from core.db.scopes import lines_within
from core.jobs.exports import Asked, Column, amount, instant, list_export, text, words
from core.kernel.actor import Actor, Side
from core.kernel.text import N_
from frontend.console.roundwords import state_word
from frontend.ui.format import unit_word
from ordering.pricing.models import PriceEntry
from ordering.pricing.permissions import Permission
from ordering.pricing.selectors import lists_visible_to
from ordering.rounds.models import PriceRound, PriceRoundLine
from ordering.rounds.selectors import RoundFilter, counted, rounds_visible_to


def _round_columns() -> tuple[Column, ...]:
    return (
        text("number", N_("Price round")),
        text("title", N_("What it is about")),
        words("status", N_("State"), state_word),
        instant("takes_effect_at", N_("New prices from")),
        instant("funded_until", N_("Old price if funded by")),
        text("line_count", N_("Prices")),
        text("drafted_by_name", N_("Written by")),
        text("submitted_by_name", N_("Submitted by")),
        text("decided_by_name", N_("Decided by")),
        instant("published_at", N_("Published")),
    )


@list_export(
    "price_rounds", side=Side.BRAND, title=N_("Price rounds"), permission=Permission.READ, columns=_round_columns
)
def price_rounds(actor: Actor, asked: Asked) -> QuerySet[PriceRound]:
    """The house's rounds, narrowed as the page narrows them."""
    return counted(rounds_visible_to(actor, RoundFilter.of(asked)))


def _line_columns() -> tuple[Column, ...]:
    return (
        text("round__number", N_("Price round")),
        text("price_list__code", N_("Price list")),
        text("sku__code", N_("SKU code")),
        text("sku__name", N_("Product name")),
        words("unit", N_("Unit"), unit_word),
        text("min_quantity", N_("From quantity")),
        amount("before", N_("Before"), currency="price_list__currency"),
        amount("amount", N_("Unit price"), currency="price_list__currency"),
        text("price_list__currency", N_("Currency")),
    )


@list_export(
    "price_round_lines",
    side=Side.BRAND,
    title=N_("Lines of price rounds"),
    permission=Permission.READ,
    columns=_line_columns,
)
def price_round_lines(actor: Actor, asked: Asked) -> QuerySet[PriceRoundLine]:
    """The lines of the round ``round``, or of all; ``before`` is what rules just before it begins."""
    inside = lines_within(actor, "sku__product_line__code")
    found = PriceRoundLine.objects.filter(
        inside, round__in=rounds_visible_to(actor).order_by(), price_list__in=lists_visible_to(actor).order_by()
    )
    if wanted := asked.get("round", ""):
        found = found.filter(round__number=wanted)
    key = ("price_list_id", "sku_id", "unit", "min_quantity")
    ruling = PriceEntry.objects.filter(**{name: OuterRef(name) for name in key})
    earlier = ruling.filter(valid_from__lt=OuterRef("round__takes_effect_at")).order_by("-valid_from")
    found = found.annotate(before=Subquery(earlier.values("amount")[:1]))
    return found.order_by("-round_id", "price_list__code", "sku__code", "-unit", "min_quantity")
