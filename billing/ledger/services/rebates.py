"""Rebates (返利) put into a buyer's pool by finance: the pool pays a part of orders where a policy lets it."""

from dataclasses import dataclass

from billing.ledger import errors
from billing.ledger.events import ACCOUNT, REBATE_ADDED, account_key
from billing.ledger.permissions import Permission
from billing.ledger.services.booking import Paper, booked
from core.db import scopes
from core.db.acts import act
from core.events.services import record
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.money import MAX_MINOR, vat_inside
from core.kernel.text import normalised

LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class AddRebate:
    """A rebate for a buyer of the actor's own house. ``amount`` in minor units, VAT inside at ``tax_rate_bp``.

    ``reference`` names the settlement it comes from; ``reason`` says what for.
    """

    buyer_dealer_id: int
    amount: int
    reference: str
    reason: str
    currency: str = "CNY"
    tax_rate_bp: int = 1300


@dataclass(frozen=True, slots=True)
class RebateAdded:
    """A booked rebate; ``is_repeated`` when the same reference had been booked before and nothing changed now."""

    journal_id: int
    is_repeated: bool


_REBATE = Paper(
    "REBATE",
    "REBATE",
    "rebate_balance",
    credit="2241.03",
    debits=(("6001.09", "%(amount)s::bigint - %(tax)s::bigint"), ("2221.09", "%(tax)s::bigint")),
)


def add_rebate(*, actor: Actor, command: AddRebate) -> RebateAdded:
    """Put a rebate into a buyer's pool: Dr 6001.09 and 2221.09 (the VAT inside), Cr 2241.03. Records ``REBATE_ADDED``.

    The same reference with the same buyer and amount answers the first booking; with another one it raises
    ``ReferenceUsed``. Raises ``AmountInvalid``, ``ReferenceMissing``, ``RebateReasonMissing``, ``AccountMissing``.
    """
    actor.require(Permission.PAY_IN)
    rebate = _rebate(actor, command)
    with act():
        made = booked(_REBATE, rebate)
        if made.version is None:
            return RebateAdded(made.journal_id, is_repeated=True)
        told = {name: rebate[name] for name in ("currency", "amount", "reference")}
        record(
            kind=REBATE_ADDED,
            aggregate_type=ACCOUNT,
            aggregate_id=account_key(actor.dealer_id, command.buyer_dealer_id),
            version=made.version,
            actor=actor,
            payload=told | {"reason": rebate["memo"], "journal_id": made.journal_id},
            seller_id=actor.dealer_id,
            buyer_id=command.buyer_dealer_id,
        )
        return RebateAdded(made.journal_id, is_repeated=False)


def _rebate(actor: Actor, command: AddRebate) -> dict[str, object]:
    """The rebate as parameters; raises what is wrong with it."""
    reference, reason = normalised(command.reference), normalised(command.reason)
    if not 0 < command.amount <= MAX_MINOR:
        raise errors.AmountInvalid(field="amount")
    if not 0 < len(reference) <= 64:
        raise errors.ReferenceMissing(errors.REBATE_REFERENCE, field="reference")
    if not reason:
        raise errors.RebateReasonMissing(field="reason")
    at = clock.now()
    return {
        "seller": actor.dealer_id,
        "buyer": command.buyer_dealer_id,
        "currency": command.currency,
        "amount": command.amount,
        "tax": vat_inside(command.amount, command.tax_rate_bp),
        "reference": reference,
        "memo": reason[:LONGEST_REASON],
        "person": actor.person_id,
        "booked_on": clock.business_day(at),
        "at": at,
        **scopes.parameters(actor),
    }
