"""Products, families, stock and what moved."""

from django.db.models import Q, QuerySet

from core.catalogue.models import Producer, ProductLine, Spu
from core.catalogue.permissions import Permission
from core.catalogue.selectors import lines_visible_to, producers_visible_to, spus_visible_to
from core.jobs.exports import Asked, Column, Found, day, list_export, text, words
from core.kernel.actor import Actor, Side
from core.kernel.text import N_
from dms.stock.models import Movement
from dms.stock.permissions import Permission as StockPermission
from dms.stock.selectors import StockFilter
from dms.stock.tables import STOCK_COLUMNS, MovementFilter, movement_rows, stock_rows
from frontend.console.resources.places import place_name
from frontend.ui.stocklist import movement_columns, stock_columns
from frontend.ui.tables import term


def _family_columns() -> tuple[Column, ...]:
    return (
        text("code", N_("Family code")),
        text("name", N_("Name")),
        text("name_en", N_("English name")),
        words("aroma", N_("Aroma type"), term("aroma")),
        text("product_line__name", N_("Product line")),
        text("producer__name", N_("Producer")),
        text("exec_standard", N_("Standard")),
    )


@list_export("families", side=Side.BRAND, title=N_("Families"), permission=Permission.EDIT, columns=_family_columns)
def families(actor: Actor, asked: Asked) -> QuerySet[Spu]:
    """The families of the seat's product lines, by code."""
    said = asked.get("q", "").strip()
    fits = Q(name__icontains=said) | Q(name_en__icontains=said) | Q(code__icontains=said)
    return spus_visible_to(actor).filter(fits) if said else spus_visible_to(actor)


def _producer_columns() -> tuple[Column, ...]:
    return (
        text("name", N_("Name")),
        text("uscc", N_("Unified social credit code")),
        text("sc_no", N_("Food production licence (SC)")),
        day("sc_valid_to", N_("Licence valid until")),
        words("region_code", N_("Division"), place_name),
    )


@list_export("producers", side=Side.BRAND, title=N_("Producers"), permission=Permission.EDIT, columns=_producer_columns)
def producers(actor: Actor, _asked: Asked) -> QuerySet[Producer]:
    """Every producer, by name."""
    return producers_visible_to(actor)


def _line_columns() -> tuple[Column, ...]:
    return (
        text("code", N_("Code")),
        text("name", N_("Name")),
        text("name_en", N_("English name")),
        text("position", N_("Place in lists")),
    )


@list_export("lines", side=Side.BRAND, title=N_("Product lines"), permission=Permission.EDIT, columns=_line_columns)
def lines(actor: Actor, _asked: Asked) -> QuerySet[ProductLine]:
    """The product lines of the seat, in the brand's order."""
    return lines_visible_to(actor)


@list_export("stock", side=Side.BRAND, title=N_("Stock"), permission=StockPermission.READ, columns=stock_columns)
def stock(actor: Actor, asked: Asked) -> Found:
    """Every row of stock of the SKUs the page shows."""
    return Found(STOCK_COLUMNS, stock_rows(actor, StockFilter.of(asked)))


@list_export(
    "movements", side=Side.BRAND, title=N_("Movements"), permission=StockPermission.READ, columns=movement_columns
)
def movements(actor: Actor, asked: Asked) -> QuerySet[Movement]:
    """What moved in the house, the newest first; of the product ``sku`` where it is named."""
    return movement_rows(actor, MovementFilter.of(asked))
