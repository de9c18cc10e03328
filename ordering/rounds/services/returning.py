"""Putting one list back to what it said on an earlier day, by a round that somebody agrees to."""

from datetime import datetime

from core.db.acts import act
from core.kernel.actor import Actor
from ordering.pricing.permissions import Permission
from ordering.rounds import errors, events
from ordering.rounds.models import PriceRound
from ordering.rounds.rules import MOST_LINES
from ordering.rounds.selectors.ruling import ruling_of_lists
from ordering.rounds.services.drafting import Head, changeable_lists, opened, write_lines
from ordering.rounds.services.locking import saved

MOST_COMPARED = 100_000
"""Prices of one list that are held against each other."""
_Prices = dict[tuple[int, str, int], int]
"""By SKU, unit and quantity: minor units."""


def return_list(*, actor: Actor, list_code: str, as_of: datetime, head: Head) -> PriceRound:
    """A draft with every price that would differ when it begins from what the list said at ``as_of``.

    What it did not say then ends. Raises ``Missing``, ``OutOfScope``, ``NothingToRevert``, ``TooManyLines`` and what
    ``draft_round`` raises.
    """
    actor.require(Permission.EDIT)
    with act():
        (listed,) = changeable_lists(actor, [list_code]).values()
        then, now = (_prices(actor, listed.pk, at) for at in (as_of, head.takes_effect_at))
        keys = sorted(key for key in then.keys() | now.keys() if then.get(key) != now.get(key))
        if not keys:
            raise errors.NothingToRevert
        if len(keys) > MOST_LINES:
            raise errors.TooManyLines(most=MOST_LINES)
        row = opened(actor, head)
        write_lines(row, [(listed.pk, *key, then.get(key)) for key in keys])
        saved(row, actor, events.ROUND_CHANGED)
    return row


def _prices(actor: Actor, list_id: int, at: datetime) -> _Prices:
    """Every price that ruled; cut off, whatever is missing on one side would end. Raises ``TooManyLines``."""
    found = ruling_of_lists(actor, [list_id], at=at, most=MOST_COMPARED + 1)
    if len(found) > MOST_COMPARED:
        raise errors.TooManyLines(most=MOST_LINES)
    return {(one.sku_id, one.unit, one.min_quantity): one.amount for one in found}
