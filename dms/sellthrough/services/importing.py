"""Quotes from a file: good rows are written, bad ones answered; what stands already is not written again."""

import hashlib
from dataclasses import dataclass

from core.db import sql
from core.db.acts import act
from core.db.locks import Rank, note_rank
from core.events.models import Event
from core.jobs.importing import SAME, Judged
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.money import money_text
from dms.sellthrough.errors import BatchReused
from dms.sellthrough.events import MARKET_QUOTES_RECORDED, QUOTES
from dms.sellthrough.permissions import Permission
from dms.sellthrough.rules import Heard
from dms.sellthrough.services.judging import Good, judged, written


@dataclass(frozen=True, slots=True)
class ImportQuotes:
    """Rows of a file under the number of their batch: sent again with the same figures it changes nothing."""

    number: str
    rows: tuple[Heard, ...]


def import_quotes(*, actor: Actor, command: ImportQuotes, is_dry_run: bool = False) -> Judged:
    """Judge every row and write the good ones; a dry run writes nothing. Faults by line as ``record_quotes`` raises.

    Raises ``BatchReused``.
    """
    actor.require(Permission.IMPORT)
    with act():
        said = hashlib.sha256(repr(command.rows).encode()).hexdigest()
        if not is_dry_run and _is_repeated(actor, command.number, said):
            return Judged(dict.fromkeys(range(1, len(command.rows) + 1), SAME), {})
        good, faults = judged(actor, command.rows)
        if not is_dry_run:
            new = [row for row in good if row.is_new]
            written(actor, new, now=clock.now(), number=command.number, said=said)
    fates = {row.place: _fate(row) for row in good}
    changes = {
        row.place: {
            "amount": (_words(row.before.amount, row.before.currency), _words(row.heard.amount, row.heard.currency))
        }
        for row in good
        if row.is_new
    }
    return Judged(fates, changes, faults)


def _fate(row: Good) -> str:
    if not row.is_new:
        return SAME
    return "new" if row.before.amount is None else "changed"


def _words(amount: int | None, currency: str) -> str | None:
    return None if amount is None else money_text(amount, currency)


def _is_repeated(actor: Actor, number: str, said: str) -> bool:
    """Whether the batch was taken in before; the same sent twice at once: the second waits. Raises ``BatchReused``."""
    note_rank(Rank.KEY)
    sql.rows("SELECT pg_advisory_xact_lock(hashtext(current_schema()), hashtext(%(number)s))", {"number": number})
    of_batch = Event.objects.filter(aggregate_type=QUOTES, aggregate_id=number, kind=MARKET_QUOTES_RECORDED)
    earlier = of_batch.filter(seller_id=actor.dealer_id).values_list("payload", flat=True).first()
    if earlier is not None and earlier["said"] != said:
        raise BatchReused(number=number)
    return earlier is not None
