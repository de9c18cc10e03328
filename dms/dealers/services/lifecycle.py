"""A dealer's life with the brand."""

from collections.abc import Mapping

from billing.ledger.selectors import is_settled
from core.db.acts import act
from core.db.locks import Rank, locked
from core.db.scopes import dealers_within
from core.events.services import record
from core.kernel.actor import Actor
from core.kernel.errors import Missing, NotPermitted
from core.kernel.text import normalised
from dms.dealers import errors, rules
from dms.dealers.events import DEALER, DEALER_STATUS_CHANGED
from dms.dealers.models import Dealer
from dms.dealers.permissions import Permission
from dms.dealers.rules import Status
from dms.dealers.services.creation import lock_tree


def activate(*, actor: Actor, code: str) -> Dealer:
    """Let a dealer trade. Raises ``Missing``, ``WrongStatus``, ``UsccMissing``."""
    return _change(actor, code, Status.ACTIVE, "")


def suspend(*, actor: Actor, code: str, reason: str) -> Dealer:
    """Stop a dealer from ordering; what is under way goes on.

    Raises ``Missing``, ``WrongStatus``, ``ReasonMissing``.
    """
    return _change(actor, code, Status.SUSPENDED, _reason(reason))


def close(*, actor: Actor, code: str, reason: str) -> Dealer:
    """End the trade with a dealer for good.

    Raises ``Missing``, ``WrongStatus``, ``ReasonMissing``, ``HasDealersBelow``, ``AccountNotSettled``.
    """
    return _change(actor, code, Status.CLOSED, _reason(reason))


def _reason(text: str) -> str:
    reason = normalised(text)[:200]
    if not reason:
        raise errors.ReasonMissing(field="reason")
    return reason


def _change(actor: Actor, code: str, to: Status, reason: str) -> Dealer:
    actor.require(Permission.EDIT)
    with act():
        lock_tree()
        dealer = _locked_dealer(actor, code)
        before = Status(dealer.status)
        if to not in rules.TRANSITIONS[before] or dealer.parent_id is None:
            raise errors.WrongStatus(status=before.value)
        if to is Status.ACTIVE and dealer.requires_uscc and not dealer.uscc:
            raise errors.UsccMissing(field="uscc")
        if to is Status.CLOSED:
            _refuse_open_ends(dealer)
        dealer.status = to.value
        dealer.version += 1
        dealer.save(update_fields=["status", "version"])
        payload = {"dealer_id": dealer.pk, "before": before.value, "after": to.value, "reason": reason}
        tell(DEALER_STATUS_CHANGED, dealer, actor, payload)
        return dealer


def _refuse_open_ends(dealer: Dealer) -> None:
    open_nodes = Dealer.objects.exclude(status=Status.CLOSED)
    below = (open_nodes.filter(parent=dealer) | open_nodes.filter(supplier=dealer)).distinct().count()
    if below:
        raise errors.HasDealersBelow(count=below)
    if dealer.party_id is not None and not is_settled(dealer.party_id):
        raise errors.AccountNotSettled


def _locked_dealer(actor: Actor, code: str) -> Dealer:
    """The dealer, locked; only the brand edits the tree, each seat inside its limits."""
    if not actor.is_brand_staff:
        raise NotPermitted(permission=Permission.EDIT)
    found = locked(Dealer.objects.filter(dealers_within(actor), code=normalised(code)), Rank.KEY)
    if not found:
        raise Missing
    return found[0]


def tell(kind: str, dealer: Dealer, actor: Actor, payload: Mapping[str, object]) -> None:
    """Record what became of a dealer. Inside the act."""
    record(
        kind=kind,
        aggregate_type=DEALER,
        aggregate_id=dealer.code,
        version=dealer.version,
        actor=actor,
        payload=dict(payload),
        seller_id=dealer.supplier_id or dealer.pk,
        buyer_id=dealer.pk,
    )
