"""From an approved round to prices that rule, and back."""

from collections import defaultdict
from datetime import datetime

from core.db import sql
from core.db.acts import act
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import refuse_all
from core.kernel.quantity import Unit
from ordering.pricing.permissions import Permission
from ordering.pricing.services import Planned, PriceChange, SetPrices, take_back_entries, write_entries
from ordering.rounds import errors, events
from ordering.rounds.models import PriceRound, PriceRoundLine
from ordering.rounds.rules import Status
from ordering.rounds.selectors.ruling import RULING_BEFORE
from ordering.rounds.services.drafting import Head, opened, write_lines
from ordering.rounds.services.locking import locked_round, saved

_BEFORE = f"""
SELECT line.price_list_id, line.sku_id, line.unit, line.min_quantity, ruling.amount
FROM rounds_priceroundline AS line JOIN rounds_priceround AS round ON round.id = line.round_id
{RULING_BEFORE}
WHERE line.round_id = %(round)s AND ruling.amount IS DISTINCT FROM line.amount
ORDER BY line.id
"""
LOCK_LISTS = """
SELECT list.id FROM pricing_pricelist AS list
WHERE list.id IN (SELECT price_list_id FROM rounds_priceroundline WHERE round_id = %(round)s)
ORDER BY list.id FOR UPDATE
"""
_TAKEN = """
SELECT sku.code, list.code FROM rounds_priceroundline AS line
JOIN pricing_priceentry AS entry ON entry.price_list_id = line.price_list_id AND entry.sku_id = line.sku_id
     AND entry.unit = line.unit AND entry.min_quantity = line.min_quantity AND entry.valid_from = %(at)s
JOIN catalogue_sku AS sku ON sku.id = line.sku_id JOIN pricing_pricelist AS list ON list.id = line.price_list_id
WHERE line.round_id = %(round)s ORDER BY list.code, sku.code LIMIT 50
"""


def publish_round(*, actor: Actor, number: str, version: int) -> PriceRound:
    """Let the prices rule from the round's instant on; one version and one event a list.

    Raises ``Missing``, ``RoundState``, ``VersionConflict``, ``TakesEffectTooEarly``, by line ``InstantTaken``, and what
    ``write_entries`` refuses.
    """
    actor.require(Permission.EDIT if actor.can(Permission.EDIT) else Permission.APPROVE)
    with act():
        row = locked_round(actor, number, step="publish", version=version)
        now = clock.now()
        if row.takes_effect_at <= now:
            raise errors.TakesEffectTooEarly(field="takes_effect_at")
        asked = {"round": row.pk, "at": row.takes_effect_at}
        # Before anything is read of them: another round for the same instant waits here, and finds it taken.
        sql.rows(LOCK_LISTS, asked)
        refuse_all(errors.InstantTaken(sku=sku, list=code) for sku, code in sql.rows(_TAKEN, asked))
        for code, changes in _changes(row).items():
            planned = Planned(row.pk, row.funded_until, above_floor=not row.allows_floor)
            write_entries(actor=actor, command=SetPrices(code, changes), planned=planned)
        row.status, row.published_at = Status.PUBLISHED, now
        saved(row, actor, events.ROUND_PUBLISHED)
    return row


def withdraw_round(*, actor: Actor, number: str, version: int) -> PriceRound:
    """Let it be; of a published one that does not rule yet the prices are taken away again. Twice is once.

    Raises ``Missing``, ``VersionConflict``, or ``RoundState`` once it rules: then ``revert_round`` is the way.
    """
    actor.require(Permission.EDIT if actor.can(Permission.EDIT) else Permission.APPROVE)
    with act():
        row = locked_round(actor, number, step="withdraw", version=version)
        now = clock.now()
        if row.status == Status.PUBLISHED:
            actor.require(Permission.APPROVE)
            if row.takes_effect_at <= now:
                raise errors.RoundState(number=row.number, status=row.status)
            take_back_entries(actor=actor, round_id=row.pk, after=now)
        row.status, row.withdrawn_at = Status.WITHDRAWN, now
        saved(row, actor, events.ROUND_WITHDRAWN)
    return row


def revert_round(*, actor: Actor, number: str, takes_effect_at: datetime) -> PriceRound:
    """A new draft that puts back what ruled before a published round; it walks the same way.

    Raises ``Missing``, ``RoundState``, ``TakesEffectTooEarly`` or ``NothingToRevert``.
    """
    actor.require(Permission.EDIT)
    with act():
        row = locked_round(actor, number, step="revert", version=None)
        puts = [tuple(line) for line in sql.rows(_BEFORE, {"round": row.pk})]
        if not puts:
            raise errors.NothingToRevert
        draft = opened(actor, Head(f"↩ {row.number} {row.title}", takes_effect_at, row.reason), reverts=row)
        write_lines(draft, puts)
    return draft


def _changes(row: PriceRound) -> dict[str, tuple[PriceChange, ...]]:
    """The lines as changes by list code, in the order of codes."""
    found: dict[str, list[PriceChange]] = defaultdict(list)
    lines = PriceRoundLine.objects.filter(round=row).order_by("price_list__code", "sku__code", "unit", "min_quantity")
    for code, sku, unit, step, amount in lines.values_list(
        "price_list__code", "sku__code", "unit", "min_quantity", "amount"
    ):
        found[code].append(PriceChange(sku, Unit(unit), amount, step, row.takes_effect_at, is_meant=True))
    return {code: tuple(changes) for code, changes in found.items()}
