"""How an order is paid: what was paid in, then credit, and what both together lack. Amounts in minor units."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from billing.ledger.errors import AccountMissing
from billing.ledger.selectors import AccountLine, account_line
from core.kernel.actor import Actor
from core.kernel.text import N_
from frontend.ui import format as words
from ordering.orders.rules.states import WAITING
from ordering.orders.selectors import OrderDetail

ENDED_EARLY = frozenset({"REJECTED", "CANCELLED", "EXPIRED"})
_WILL_BE = {
    "both": N_(
        "Once approved, %(prepaid)s is taken from the prepayment and %(credit)s goes on credit, due by your terms."
        " Nothing has to be transferred now."
    ),
    "credit": N_("Once approved, %(credit)s goes on credit, due by your terms. Nothing has to be transferred now."),
    "prepaid": N_("Once approved, %(prepaid)s is taken from the prepayment. Nothing has to be transferred."),
}
_IS = {
    "both": N_("%(prepaid)s comes from the prepayment, %(credit)s goes on credit, due by your terms."),
    "credit": N_("%(credit)s goes on credit, due by your terms."),
    "prepaid": N_("%(prepaid)s comes from the prepayment. Nothing has to be transferred."),
}
_CLOSED_SHORT = "CLOSED_SHORT"
"""Of such an order less was taken than was kept: the account tells how much."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where the money comes from: ``amount`` of what is ``available``."""

    label: str
    available: int
    amount: int

    @property
    def left(self) -> int:
        """What remains after this order, never less than nothing."""
        return self.available - self.amount


@dataclass(frozen=True, slots=True)
class Paying:
    """What pays, in its order. ``missing``: what the account lacks, for a seat that may see the account."""

    sources: tuple[Source, ...] = ()
    missing: int = 0


NOT_TO_SEE = Paying()


def paying(actor: Actor, total: int) -> Paying:
    """What pays ``total``; nothing where the seat may not see the account, or there is none. One statement."""
    account = _account(actor)
    if account is None:
        return NOT_TO_SEE
    available = max(0, account.available)
    prepay, credit = max(0, account.prepay_available), max(0, account.credit_available)
    from_prepay = min(prepay, total, available)
    from_credit = min(credit, total - from_prepay)
    label = _("Credit, due in %(days)s days") % {"days": account.terms_days} if account.terms_days else _("Credit")
    return Paying(
        (Source(_("Prepayment"), prepay, from_prepay), Source(label, credit, from_credit)),
        total - from_prepay - from_credit,
    )


def _account(actor: Actor) -> AccountLine | None:
    if not actor.can("ledger.read"):
        return None
    try:
        return account_line(actor, buyer_dealer_id=actor.dealer_id)
    except AccountMissing:
        return None


def paid_how(detail: OrderDetail) -> str:
    """What happens with the buyer's money and whether anything is left to do; empty for other readers."""
    order, hold = detail.order, detail.order.hold
    if hold is None or not detail.is_buyer or order.status == _CLOSED_SHORT:
        return ""
    if order.status in ENDED_EARLY:
        return _("The money kept for this order is free again.")
    if not hold.prepay_part and not hold.credit_part:
        return ""
    sort = "both" if hold.prepay_part and hold.credit_part else "prepaid" if hold.prepay_part else "credit"
    text = _((_WILL_BE if order.status in WAITING else _IS)[sort])
    return text % {
        "prepaid": words.money(hold.prepay_part, order.currency),
        "credit": words.money(hold.credit_part, order.currency),
    }
