"""What policies give in an order: agreed to, then spent, budgets locked in between. docs/algorithms/promotions.md.

Inside the act of the verb that places or changes the order, before its stock and its money (the order of ranks).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from core.db import sql
from core.db.locks import Rank, note_rank
from core.kernel.actor import Actor
from ordering.orders.errors import TotalChanged
from ordering.orders.selectors.checking import NOTHING_KEPT, Kept, check_question
from ordering.orders.selectors.evaluating import Evaluated, is_first_order
from ordering.orders.selectors.gate import Gate
from ordering.orders.services.refusing import Agreed, is_refused, refuse_everything
from ordering.promotions.rules.policies import Left
from ordering.promotions.services import give_back, lock_left, open_book, spend


@dataclass(frozen=True, slots=True)
class Question:
    """Whose order is asked about: at which gate, what was agreed to, and what it keeps already."""

    actor: Actor
    gate: Gate
    agreed: Agreed
    kept: Kept = NOTHING_KEPT


def agreed_to(question: Question, found: Evaluated) -> Evaluated:
    """``found`` when nothing stands in its way, with what is left of limited policies read again under their lock.

    No statement where no policy gives, one where none of those that give is counted. Raises every fault at once, and
    ``TotalChanged`` when what is left by now makes another sum than the one that was agreed to.
    """
    _refuse(question, found)
    found = _first_again(question, found)
    if not found.is_promoted:
        return found
    open_book()
    ids = found.limited_ids
    if not ids:
        return found
    at_gate = question.gate
    own = question.kept.number or None
    left = lock_left(live=found.live, ids=ids, buyer_id=at_gate.buyer.id, at=at_gate.at, own=own)
    again = found.again(left)
    _refuse(question, again)
    _refuse_unlocked(found, again, left)
    return again


_FIRST = "SELECT pg_advisory_xact_lock(hashtext(current_schema()), hashtext(%(pair)s))"


def _first_again(question: Question, found: Evaluated) -> Evaluated:
    """Of two first orders of one house at once only one is the first: the other waits for it and asks again.

    Two statements where a policy is for first orders and this may be one, none otherwise.
    """
    if not found.claims_first:
        return found
    at_gate = question.gate
    note_rank(Rank.QUOTA)
    sql.rows(_FIRST, {"pair": f"orders.first.{at_gate.seller_id}.{at_gate.buyer.id}"})
    if is_first_order(at_gate.buyer.id, at_gate.seller_id, question.kept.number):
        return found
    again = found.as_a_later_one()
    _refuse(question, again)
    return again


def _refuse(question: Question, found: Evaluated) -> None:
    if is_refused(question.agreed, question.gate, found):
        checked = check_question(actor=question.actor, gate=question.gate, found=found, kept=question.kept)
        refuse_everything(question.agreed, question.gate, checked)


def _refuse_unlocked(found: Evaluated, again: Evaluated, left: Mapping[str, Left]) -> None:
    """A limited policy that gives only now was not locked: nobody knows what is left of it. Looked at anew it is."""
    given = {use.policy for use in again.evaluation.uses}
    if given & (found.live.left.keys() - left.keys()):
        raise TotalChanged(seen=found.priced.total, total=again.priced.total, currency=again.cart.currency)


def spend_for(number: str, at_gate: Gate, found: Evaluated, *, is_again: bool = False) -> None:
    """Write down what the policies give in order ``number``; ``is_again``: what it used before is given back first."""
    if is_again:
        give_back(order_number=number, coupon_ids=found.live.coupon_ids.values())
    if found.is_promoted:
        uses = found.evaluation.uses
        spend(order_number=number, buyer_id=at_gate.buyer.id, uses=uses, live=found.live, at=at_gate.at)
