"""Sales policies, what they gave, and coupons as spreadsheets."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext

from core.db.scopes import dealers_within
from core.jobs.exports import Asked, Cell, Column, Found, amount, flag, instant, list_export, text, words
from core.kernel.actor import Actor, Side
from core.kernel.text import N_
from ordering.promotions.models import Coupon, PolicyUse
from ordering.promotions.permissions import Permission
from ordering.promotions.resources import policies
from ordering.promotions.resources.words import in_words
from ordering.promotions.rules.facts import facts_of
from ordering.promotions.rules.life import FUNDING_WORDS, STATUS_WORDS, Funding, Status
from ordering.promotions.selectors import (
    PolicyFilter,
    ToldPolicy,
    coupons_visible_to,
    policies_visible_to,
    told_policies,
)

AT_A_TIME = 500


def _status(code: str) -> str:
    return gettext(STATUS_WORDS[Status(code)])


def _funding(code: str) -> str:
    return gettext(FUNDING_WORDS[Funding(code)])


_OWN = (
    words("status", N_("State"), _status),
    text("sentence", N_("What the policy does")),
    words("funding", N_("Who pays"), _funding),
    amount("used_amount", N_("Given so far")),
    text("used_bottles", N_("Bottles given so far")),
    text("written_by", N_("Written by")),
    text("decided_by", N_("Decided by")),
)
"""What only the list says; the facts beside it are those an import reads."""
_AMOUNTS = ("price", "limit_amount", "limit_dealer_amount")
_NUMBERS = ("buy", "give", "most", "limit_bottles", "limit_dealer_bottles", "rank")
_FACTS = tuple(name for name in policies.LABELS if name not in ("code", "currency"))


def _policy_columns() -> tuple[Column, ...]:
    facts = [Column(policies.LABELS[name], (name,), _cell_of(name)) for name in ("code", *_FACTS, "currency")]
    return (*facts[:2], *_OWN, *facts[2:])


def _cell_of(name: str) -> Callable[[str], Cell]:
    """Amounts and numbers as figures, codes in words: what the import reads again."""
    if name in _AMOUNTS:
        return lambda fact: Decimal(fact.replace(",", "")) if fact else None
    if name in _NUMBERS:
        return lambda fact: int(fact) if fact else None
    return lambda fact: in_words(name, fact) or None


_POLICY = (
    *("code", "status", "sentence", "funding", "used_amount", "used_bottles", "currency", "written_by", "decided_by"),
    *_FACTS,
)


@list_export(
    "promotions", side=Side.BRAND, title=N_("Promotion policies"), permission=Permission.READ, columns=_policy_columns
)
def promotions(actor: Actor, asked: Asked) -> Found:
    """The house's policies, narrowed as the page narrows them; some hundred at a time are said in words."""
    rows = policies_visible_to(actor, PolicyFilter.of(asked))
    ids = list(rows.order_by("-id").values_list("pk", flat=True))
    return Found(_POLICY, _told(actor, ids), len(ids))


def _told(actor: Actor, ids: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    for start in range(0, len(ids), AT_A_TIME):
        piece = policies_visible_to(actor).filter(pk__in=ids[start : start + AT_A_TIME])
        yield from map(_row, told_policies(actor, piece))


def _row(told: ToldPolicy) -> tuple[Any, ...]:
    row, version, facts = told.row, told.version, facts_of(told.terms, told.row.currency)
    return (
        *(row.code, row.status, told.sentence, row.funding, told.used_amount, told.used_bottles, row.currency),
        *(version.written_by_name, version.decided_by_name),
        *(facts[name] for name in _FACTS),
    )


def _use_columns() -> tuple[Column, ...]:
    return (
        text("policy__code", N_("Policy code")),
        text("policy__name", N_("Policy")),
        text("version__number", N_("Version")),
        text("order_number", N_("Order")),
        text("buyer__code", N_("Dealer code")),
        text("buyer__name", N_("Dealer")),
        amount("amount", N_("Given"), currency="policy__currency"),
        text("bottles", N_("Bottles")),
        text("policy__currency", N_("Currency")),
        text("coupon__code", N_("Coupon")),
        instant("at", N_("When")),
        instant("given_back_at", N_("Given back")),
    )


@list_export(
    "promotion_uses",
    side=Side.BRAND,
    title=N_("What promotions gave"),
    permission=Permission.READ,
    columns=_use_columns,
)
def promotion_uses(actor: Actor, asked: Asked) -> QuerySet[PolicyUse]:
    """What the policy ``policy``, or all of them, gave order by order, the newest first."""
    seen = policies_visible_to(actor).order_by().values("pk")
    found = PolicyUse.objects.filter(dealers_within(actor, "buyer__"), policy__in=seen)
    if wanted := asked.get("policy", ""):
        found = found.filter(policy__code=wanted)
    return found.order_by("-at", "-id")


def _coupon_columns() -> tuple[Column, ...]:
    return (
        text("code", N_("Coupon")),
        text("policy__code", N_("Policy code")),
        text("policy__name", N_("Policy")),
        text("dealer__code", N_("Dealer code")),
        text("dealer__name", N_("Dealer")),
        text("most_uses", N_("Uses at most")),
        text("most_each", N_("Uses of one dealer at most")),
        text("used", N_("Used")),
        Column(N_("Last day"), ("ends_at",), lambda at: in_words("ends_at", at.isoformat()) if at else None),
        flag("is_withdrawn", N_("Withdrawn")),
    )


@list_export("coupons", side=Side.BRAND, title=N_("Coupons"), permission=Permission.READ, columns=_coupon_columns)
def coupons(actor: Actor, asked: Asked) -> QuerySet[Coupon]:
    """The coupons of the policy ``policy``, or of all, the newest first."""
    found = coupons_visible_to(actor)
    if wanted := asked.get("policy", ""):
        found = found.filter(policy__code=wanted)
    return found
