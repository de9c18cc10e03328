"""Quotes written down by a person or a program: all of them, or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from core.db.acts import act
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import OutOfScope, refuse_all
from core.kernel.quantity import Unit
from dms.sellthrough.errors import NothingToEnter, QuoteCorrected, TooManyQuotes
from dms.sellthrough.models import MarketQuote
from dms.sellthrough.permissions import Permission
from dms.sellthrough.rules import MOST_ROWS, Heard
from dms.sellthrough.selectors import quote_in_sight, quotes_visible_to
from dms.sellthrough.services.judging import judged, written


@dataclass(frozen=True, slots=True)
class QuotesRecorded:
    """How many rows were written, and how many said what stood already."""

    written: int
    same: int


def record_quotes(*, actor: Actor, rows: Sequence[Heard]) -> QuotesRecorded:
    """Write down what was heard; of a key that stands already, the new row corrects it.

    Said again it writes nothing. Raises NothingToEnter, TooManyQuotes, or every fault by line: SkuUnknown,
    RegionUnsaid, UnknownRegion, OutOfScope, DayAhead, NotAQuote, CurrencyUnknown, SourceTooLong, QuoteTwice.
    """
    actor.require(Permission.WRITE)
    if not rows:
        raise NothingToEnter
    if len(rows) > MOST_ROWS:
        raise TooManyQuotes(most=MOST_ROWS)
    with act():
        good, faults = judged(actor, rows)
        refuse_all(faults)
        new = [row for row in good if row.is_new]
        if new:
            written(actor, new, now=clock.now(), number=uuid4().hex)
    return QuotesRecorded(len(new), len(good) - len(new))


def withdraw_quote(*, actor: Actor, quote_id: int) -> None:
    """Take back a quote that stands, by a later row without an amount; one that was taken back stays so.

    Raises ``Missing`` for one out of sight, ``OutOfScope`` for one heard beyond the seat's regions, and
    ``QuoteCorrected`` where another row has taken its place since.
    """
    actor.require(Permission.WRITE)
    row = quote_in_sight(actor, quote_id)
    if not actor.scope.covers_region(row.region_code):
        raise OutOfScope
    if row.amount is None:
        return
    if vars(row)["was_corrected"]:
        if _is_back(actor, row):
            return
        raise QuoteCorrected
    heard = Heard(row.sku.code, row.region_code, row.quoted_on, Unit(row.unit), None, row.source, row.currency)
    record_quotes(actor=actor, rows=[heard])


def _is_back(actor: Actor, row: MarketQuote) -> bool:
    """Whether what stands for the row's key is that it was taken back."""
    of_key = quotes_visible_to(actor).filter(
        sku_id=row.sku_id, region_code=row.region_code, quoted_on=row.quoted_on, source=row.source
    )
    return of_key.order_by("-pk").values_list("amount", flat=True).first() is None
