"""The verbs of stock."""

from dms.stock.rules import Demand, Placement, RowPlacement, Taken
from dms.stock.services.allocation import move_reservation, move_to_rows
from dms.stock.services.changing import change_reservation
from dms.stock.services.counting import (
    EnterCounts,
    Entry,
    OpenCount,
    book_count,
    cancel_count,
    enter_counts,
    finish_count,
    open_count,
    reopen_count,
)
from dms.stock.services.levels import (
    AdjustStock,
    CountStock,
    adjust_stock,
    count_stock,
)
from dms.stock.services.postings import Counted, StockDocument
from dms.stock.services.reservations import Arrival, Take, receive, release, reserve, ship
from dms.stock.services.thresholds import SetThresholds, ThresholdLine, check_thresholds, set_thresholds
from dms.stock.services.transfers import (
    DraftTransfer,
    ReceiveTransfer,
    TransferStock,
    cancel_transfer,
    dispatch_transfer,
    draft_transfer,
    receive_transfer,
    send_transfer,
    transfer_stock,
)
from dms.stock.services.warehouses import (
    ChangeWarehouse,
    OpenWarehouse,
    change_warehouse,
    close_warehouse,
    open_warehouse,
    receiving_warehouse,
    reopen_warehouse,
)

__all__ = [
    "AdjustStock",
    "Arrival",
    "ChangeWarehouse",
    "CountStock",
    "Counted",
    "Demand",
    "DraftTransfer",
    "EnterCounts",
    "Entry",
    "OpenCount",
    "OpenWarehouse",
    "Placement",
    "ReceiveTransfer",
    "RowPlacement",
    "SetThresholds",
    "StockDocument",
    "Take",
    "Taken",
    "ThresholdLine",
    "TransferStock",
    "adjust_stock",
    "book_count",
    "cancel_count",
    "cancel_transfer",
    "change_reservation",
    "change_warehouse",
    "check_thresholds",
    "close_warehouse",
    "count_stock",
    "dispatch_transfer",
    "draft_transfer",
    "enter_counts",
    "finish_count",
    "move_reservation",
    "move_to_rows",
    "open_count",
    "open_warehouse",
    "receive",
    "receive_transfer",
    "receiving_warehouse",
    "release",
    "reopen_count",
    "reopen_warehouse",
    "reserve",
    "send_transfer",
    "set_thresholds",
    "ship",
    "transfer_stock",
]
