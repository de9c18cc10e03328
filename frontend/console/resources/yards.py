"""Where goods lie and move inside the house: warehouses, counts on a sheet, transfers."""

from django.db.models import QuerySet

from core.jobs.exports import Asked, Column, Found, flag, instant, list_export, text, words
from core.kernel.actor import Actor, Side
from core.kernel.text import N_
from dms.stock.models import StockCount, Transfer
from dms.stock.permissions import Permission
from dms.stock.selectors import warehouse_sums
from dms.stock.selectors.counts import CountFilter, count_rows
from dms.stock.selectors.transfers import TransferFilter, transfer_rows
from frontend.console.resources.places import place_name
from frontend.ui.tables import status, term


def _warehouse_columns() -> tuple[Column, ...]:
    return (
        text("code", N_("Code")),
        text("name", N_("Name")),
        words("kind", N_("Kind"), term("warehouse")),
        words("region_code", N_("Division"), place_name),
        text("priority", N_("Priority")),
        text("skus", N_("Products")),
        text("on_hand", N_("On hand (bottles)")),
        text("reserved", N_("Reserved (bottles)")),
        flag("is_active", N_("In use")),
    )


@list_export(
    "warehouses", side=Side.BRAND, title=N_("Warehouses"), permission=Permission.READ, columns=_warehouse_columns
)
def warehouses(actor: Actor, _asked: Asked) -> Found:
    """The house's warehouses with what lies there, those drawn from first in front."""
    facts = ("code", "name", "kind", "region_code", "priority", "is_active")
    sums = ("skus", "on_hand", "reserved")
    rows = [
        [*(getattr(one.warehouse, name) for name in facts), *(getattr(one, name) for name in sums)]
        for one in warehouse_sums(actor)
    ]
    return Found((*facts, *sums), rows, len(rows))


def _count_columns() -> tuple[Column, ...]:
    return (
        text("number", N_("Number")),
        text("warehouse__name", N_("Warehouse")),
        words("status", N_("State"), status("stock_count")),
        text("line_count", N_("Lines")),
        text("counted_count", N_("Counted")),
        text("difference_count", N_("Differences")),
        instant("opened_at", N_("Opened")),
        text("opened_by_name", N_("Opened by")),
        text("counted_by_name", N_("Counted by")),
        text("ended_by_name", N_("Booked by")),
        text("note", N_("Note")),
    )


@list_export("counts", side=Side.BRAND, title=N_("Stock counts"), permission=Permission.READ, columns=_count_columns)
def counts(actor: Actor, asked: Asked) -> QuerySet[StockCount]:
    """The sheets the page finds, the newest first."""
    return count_rows(actor, CountFilter.of(asked))


def _transfer_columns() -> tuple[Column, ...]:
    return (
        text("number", N_("Number")),
        text("source__name", N_("From warehouse")),
        text("target__name", N_("To warehouse")),
        words("status", N_("State"), status("transfer")),
        text("line_count", N_("Lines")),
        text("bottles", N_("Bottles")),
        instant("made_at", N_("Made")),
        text("made_by_name", N_("Made by")),
        instant("sent_at", N_("Sent")),
        instant("ended_at", N_("Ended")),
        text("reason", N_("Reason")),
    )


@list_export("transfers", side=Side.BRAND, title=N_("Transfers"), permission=Permission.READ, columns=_transfer_columns)
def transfers(actor: Actor, asked: Asked) -> QuerySet[Transfer]:
    """The transfers the page finds, the newest first."""
    return transfer_rows(actor, TransferFilter.of(asked))
