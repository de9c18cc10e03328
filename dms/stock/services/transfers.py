"""Transfers (调拨单) between two warehouses of one house: drafted, sent, received. docs/algorithms/stock.md."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.db.acts import act
from core.db.locks import Rank, locked
from core.db.scopes import lines_within
from core.events.services import record
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import OutOfScope, refuse_all
from core.kernel.text import normalised
from dms.stock import errors
from dms.stock.events import COUNT, STOCK_TRANSFERRED, TRANSFER_MOVED_ON
from dms.stock.models import Movement, Transfer, TransferLine, Warehouse
from dms.stock.permissions import Permission
from dms.stock.rules import TRANSFER_MOVES
from dms.stock.selectors.transfers import transfers_visible_to
from dms.stock.services.postings import (
    Counted,
    Key,
    Posting,
    StockDocument,
    change_levels,
    checked_skus,
    levels_of,
    new_number,
    own_warehouse,
    short_lines,
    told_lines,
)

Status = Transfer.Status


@dataclass(frozen=True, slots=True)
class TransferStock:
    """Bottles carried from one warehouse of the actor's house to another."""

    from_code: str
    to_code: str
    lines: tuple[Counted, ...]
    reason: str = ""


def transfer_stock(*, actor: Actor, command: TransferStock) -> StockDocument:
    """Carry free bottles from one warehouse to another at once: out here and in there in one act.

    Raises ``SameWarehouse``, ``WarehouseMissing`` and by line ``SkuMissing``, ``QuantityInvalid``, ``LineTwice``,
    ``InsufficientStock``.
    """
    actor.require(Permission.TRANSFER)
    with act():
        source, target, skus = _judged(actor, command)
        from_keys, to_keys = _keys(source, command.lines, skus), _keys(target, command.lines, skus)
        levels = levels_of(actor.dealer_id, [*from_keys, *to_keys], to_keys)
        refuse_all(short_lines(command.lines, [levels.get(key) for key in from_keys]))
        changes: dict[int, int] = {}
        for line, from_key, to_key in zip(command.lines, from_keys, to_keys, strict=True):
            changes[levels[from_key].stock_id] = -line.bottles
            changes[levels[to_key].stock_id] = line.bottles
        transfer = _written(actor, command, source, target)
        transfer.status = Status.RECEIVED
        transfer.sent_at = transfer.ended_at = transfer.made_at
        transfer.sent_by_name = transfer.ended_by_name = transfer.made_by_name
        transfer.save()
        TransferLine.objects.bulk_create(_lines(transfer, command.lines, skus, is_received=True))
        change_levels(changes, _posting(transfer), actor)
        payload = {"from": source.code, "to": target.code, "lines": told_lines(command.lines)}
        _tell(STOCK_TRANSFERRED, transfer, actor, payload)
        return StockDocument(transfer.number, len(command.lines))


@dataclass(frozen=True, slots=True)
class DraftTransfer:
    """A transfer as it is prepared; ``number`` names the draft that is changed, and ``version`` what was seen of it."""

    goods: TransferStock
    number: str = ""
    version: int | None = None


def draft_transfer(*, actor: Actor, command: DraftTransfer) -> Transfer:
    """Write a draft, or write it anew. Nothing moves.

    Raises ``SameWarehouse``, ``WarehouseMissing``, ``TransferMissing``, ``TransferMovedOn`` and by line ``SkuMissing``,
    ``QuantityInvalid``, ``LineTwice``.
    """
    actor.require(Permission.TRANSFER)
    with act():
        return _drafted(actor, command)


def _drafted(actor: Actor, command: DraftTransfer) -> Transfer:
    transfer = _moving(actor, command.number, Status.SENT, command.version) if command.number else None
    source, target, skus = _judged(actor, command.goods)
    if transfer is None:
        transfer = _written(actor, command.goods, source, target)
    else:
        transfer.source, transfer.target = source, target
        transfer.reason, transfer.version = normalised(command.goods.reason)[:200], transfer.version + 1
        transfer.lines.all().delete()
    transfer.save()
    TransferLine.objects.bulk_create(_lines(transfer, command.goods.lines, skus))
    _tell(TRANSFER_MOVED_ON, transfer, actor, _facts(transfer, told_lines(command.goods.lines)))
    return transfer


def send_transfer(*, actor: Actor, number: str) -> Transfer:
    """The goods leave: they lie in neither warehouse until they are received.

    Raises ``TransferMissing``, ``TransferMovedOn`` and by line ``InsufficientStock``.
    """
    actor.require(Permission.TRANSFER)
    with act():
        return _sent(actor, _moving(actor, number, Status.SENT))


def _sent(actor: Actor, transfer: Transfer) -> Transfer:
    own_warehouse(actor, transfer.source.code)
    lines, skus = _goods(transfer)
    keys = _keys(transfer.source, lines, skus)
    levels = levels_of(actor.dealer_id, keys, ())
    refuse_all(short_lines(lines, [levels.get(key) for key in keys]))
    changes = {levels[key].stock_id: -line.bottles for key, line in zip(keys, lines, strict=True)}
    change_levels(changes, _posting(transfer), actor)
    transfer.sent_at, transfer.sent_by_name = clock.now(), actor.person_name[:80]
    return _moved_on(transfer, Status.SENT, actor, told_lines(lines))


def dispatch_transfer(*, actor: Actor, command: DraftTransfer) -> Transfer:
    """Write the draft and send it in one act, all or nothing. Raises what the two steps raise."""
    actor.require(Permission.TRANSFER)
    with act():
        return _sent(actor, _drafted(actor, command))


@dataclass(frozen=True, slots=True)
class ReceiveTransfer:
    """What came in; ``received`` by position of the line, bottles; a line not named came in whole."""

    number: str
    received: Mapping[int, int] = field(default_factory=dict)


def receive_transfer(*, actor: Actor, command: ReceiveTransfer) -> Transfer:
    """The goods are in; what is missing of them lies nowhere and stands on the document.

    Raises ``TransferMissing``, ``TransferMovedOn``, ``WarehouseMissing`` and by line ``ReceivedTooMuch``.
    """
    actor.require(Permission.TRANSFER)
    with act():
        transfer = _moving(actor, command.number, Status.RECEIVED)
        own_warehouse(actor, transfer.target.code)
        rows = list(transfer.lines.select_related("sku").order_by("position"))
        refuse_all(
            errors.ReceivedTooMuch(line=row.position, sku=row.sku.code, sent=row.bottles)
            for row in rows
            if not 0 <= command.received.get(row.position, row.bottles) <= row.bottles
        )
        for row in rows:
            row.received = command.received.get(row.position, row.bottles)
        TransferLine.objects.bulk_update(rows, ["received"])
        came = [Counted(row.sku.code, row.received or 0, row.batch) for row in rows if row.received]
        _put(transfer, transfer.target, came, actor)
        transfer.ended_at, transfer.ended_by_name = clock.now(), actor.person_name[:80]
        transfer.status, transfer.version = Status.RECEIVED, transfer.version + 1
        transfer.save()
        missing = [Counted(row.sku.code, row.bottles - (row.received or 0), row.batch) for row in rows]
        payload = {"from": transfer.source.code, "to": transfer.target.code, "lines": told_lines(came)}
        lost = told_lines(line for line in missing if line.bottles)
        _tell(STOCK_TRANSFERRED, transfer, actor, {**payload, "missing": lost})
        return transfer


def cancel_transfer(*, actor: Actor, number: str) -> Transfer:
    """A draft is dropped; goods on the road go back to where they came from.

    Raises ``TransferMissing``, ``TransferMovedOn``, ``WarehouseMissing``.
    """
    actor.require(Permission.TRANSFER)
    with act():
        transfer = _moving(actor, number, Status.CANCELLED)
        lines, _skus = _goods(transfer)
        if transfer.status == Status.SENT:
            own_warehouse(actor, transfer.source.code)
            _put(transfer, transfer.source, lines, actor)
        transfer.ended_at, transfer.ended_by_name = clock.now(), actor.person_name[:80]
        return _moved_on(transfer, Status.CANCELLED, actor, told_lines(lines))


def _judged(actor: Actor, goods: TransferStock) -> tuple[Warehouse, Warehouse, dict[str, int]]:
    source, target = own_warehouse(actor, goods.from_code), own_warehouse(actor, goods.to_code)
    if source.pk == target.pk:
        raise errors.SameWarehouse(field="to_code")
    return source, target, checked_skus(actor, goods.lines, least=1)


def _keys(warehouse: Warehouse, lines: Sequence[Counted], skus: Mapping[str, int]) -> list[Key]:
    return [(warehouse.pk, skus[line.sku_code], line.batch) for line in lines]


def _written(actor: Actor, goods: TransferStock, source: Warehouse, target: Warehouse) -> Transfer:
    """A new document, not saved yet."""
    return Transfer(
        number=new_number("TR"),
        owner_id=actor.dealer_id,
        source=source,
        target=target,
        reason=normalised(goods.reason)[:200],
        made_at=clock.now(),
        made_by_id=actor.person_id,
        made_by_name=actor.person_name[:80],
    )


def _lines(
    transfer: Transfer, lines: Sequence[Counted], skus: Mapping[str, int], *, is_received: bool = False
) -> list[TransferLine]:
    return [
        TransferLine(
            transfer=transfer,
            position=place,
            sku_id=skus[line.sku_code],
            batch=line.batch,
            bottles=line.bottles,
            received=line.bottles if is_received else None,
        )
        for place, line in enumerate(lines, start=1)
    ]


def _goods(transfer: Transfer) -> tuple[list[Counted], dict[str, int]]:
    rows = list(transfer.lines.select_related("sku").order_by("position"))
    return [Counted(row.sku.code, row.bottles, row.batch) for row in rows], {row.sku.code: row.sku_id for row in rows}


def _put(transfer: Transfer, warehouse: Warehouse, lines: Sequence[Counted], actor: Actor) -> None:
    """Let ``lines`` lie in ``warehouse``."""
    if not lines:
        return
    skus = {row.sku.code: row.sku_id for row in transfer.lines.select_related("sku")}
    keys = _keys(warehouse, lines, skus)
    levels = levels_of(actor.dealer_id, keys, keys)
    changes = {levels[key].stock_id: line.bottles for key, line in zip(keys, lines, strict=True)}
    change_levels(changes, _posting(transfer), actor)


def _moving(actor: Actor, number: str, to: str, version: int | None = None) -> Transfer:
    """The document locked for its next state (a draft written anew leads where a sent one would).

    Raises ``OutOfScope`` to a seat that does not see all of its lines: what becomes of it becomes of them too.
    """
    wanted = normalised(number)
    found = transfers_visible_to(actor).filter(number=wanted).values_list("pk", flat=True).first()
    if found is None:
        raise errors.TransferMissing(number=wanted[:30])
    (transfer,) = locked(Transfer.objects.filter(pk=found).select_related("source", "target"), Rank.ORDER)
    if to not in TRANSFER_MOVES[transfer.status] or version not in (None, transfer.version):
        raise errors.TransferMovedOn(number=transfer.number)
    within = lines_within(actor, "sku__product_line__code")
    if within and TransferLine.objects.filter(transfer=transfer).exclude(within).exists():
        raise OutOfScope
    return transfer


def _moved_on(transfer: Transfer, to: str, actor: Actor, lines: Sequence[Mapping[str, object]]) -> Transfer:
    transfer.status, transfer.version = to, transfer.version + 1
    transfer.save()
    _tell(TRANSFER_MOVED_ON, transfer, actor, _facts(transfer, lines))
    return transfer


def _facts(transfer: Transfer, lines: Sequence[Mapping[str, object]]) -> dict[str, object]:
    return {
        "status": transfer.status,
        "from": transfer.source.code,
        "to": transfer.target.code,
        "lines": list(lines),
    }


def _posting(transfer: Transfer) -> Posting:
    kinds = Movement.Kind.TRANSFER_OUT.value, Movement.Kind.TRANSFER_IN.value
    return Posting("TRANSFER", transfer.number, transfer.reason, *kinds)


def _tell(kind: str, transfer: Transfer, actor: Actor, payload: Mapping[str, object]) -> None:
    record(
        kind=kind,
        aggregate_type=COUNT,
        aggregate_id=transfer.number,
        version=transfer.version,
        actor=actor,
        payload=dict(payload),
        seller_id=transfer.owner_id,
    )
