"""Sales policies, what they gave, and coupons as spreadsheets."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext

from core.db.scopes import dealers_within
from core.jobs.exports import Asked, Column, Found, amount, flag, instant, list_export, text, words
from core.kernel.actor import Actor, Side
from core.kernel.text import N_
from ordering.promotions.models import Coupon, PolicyUse
from ordering.promotions.permissions import Permission
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


def _policy_columns() -> tuple[Column, ...]:
    return (
        text("code", N_("Policy code")),
        text("name", N_("Policy")),
        words("status", N_("State"), _status),
        text("sentence", N_("What the policy does")),
        instant("starts_at", N_("Valid from")),
        instant("ends_at", N_("Until")),
        words("funding", N_("Who pays"), _funding),
        amount("limit_amount", N_("Budget")),
        amount("used_amount", N_("Given so far")),
        text("limit_bottles", N_("Budget in bottles")),
        text("used_bottles", N_("Bottles given so far")),
        text("currency", N_("Currency")),
        text("written_by", N_("Written by")),
        text("decided_by", N_("Decided by")),
    )


_POLICY = (
    *("code", "name", "status", "sentence", "starts_at", "ends_at", "funding", "limit_amount", "used_amount"),
    *("limit_bottles", "used_bottles", "currency", "written_by", "decided_by"),
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
    row, version, limits = told.row, told.version, told.limits
    return (
        *(row.code, row.name, row.status, told.sentence, version.starts_at, version.ends_at, row.funding),
        *(limits.limit_amount, told.used_amount, limits.limit_bottles, told.used_bottles, row.currency),
        *(version.written_by_name, version.decided_by_name),
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
        instant("ends_at", N_("Until")),
        flag("is_withdrawn", N_("Withdrawn")),
    )


@list_export("coupons", side=Side.BRAND, title=N_("Coupons"), permission=Permission.READ, columns=_coupon_columns)
def coupons(actor: Actor, asked: Asked) -> QuerySet[Coupon]:
    """The coupons of the policy ``policy``, or of all, the newest first."""
    found = coupons_visible_to(actor)
    if wanted := asked.get("policy", ""):
        found = found.filter(policy__code=wanted)
    return found
