"""The policies that rule for a buyer at an instant, as the engine takes them, and what is left to give.

Read docs/algorithms/promotions.md first. One statement; the terms of a version never change once it is approved, so
each process reads and compiles them once.
"""

from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

import orjson

from core.db import sql
from core.db.acts import current_schema
from core.kernel import regions
from core.kernel.errors import DomainError
from dms.dealers.selectors import TradingDealer
from ordering.promotions.errors import CouponOver, CouponRefused, CouponUsedUp
from ordering.promotions.rules.policies import Left, Policy
from ordering.promotions.rules.terms import Terms, policy_of, terms_of

KEPT_VERSIONS = 8_192
"""Compiled versions a process keeps, of all brands together."""


@dataclass(frozen=True, slots=True)
class LivePolicies:
    """What ``evaluate`` needs of this room. ``left`` names every policy that is counted, ``ids`` all, by code.

    ``gift_skus``: goods that policies may add although nobody ordered them. ``coupons``: what goes into
    ``Context.coupons``; ``coupon_ids``: the coupon that opens a policy, by its code; ``refused``: a fault for every
    coupon that opens nothing (``field`` is ``coupons``, ``line`` its place). ``terms`` by code.
    """

    policies: tuple[Policy, ...] = ()
    left: Mapping[str, Left] = field(default_factory=dict)
    ids: Mapping[str, int] = field(default_factory=dict)
    gift_skus: frozenset[str] = frozenset()
    coupons: frozenset[str] = frozenset()
    coupon_ids: Mapping[str, int] = field(default_factory=dict)
    refused: tuple[DomainError, ...] = ()
    terms: Mapping[str, Terms] = field(default_factory=dict)

    def limited_ids(self, codes: Iterable[str]) -> tuple[int, ...]:
        """Ids of those of ``codes`` of which is counted what they give: what ``lock_left`` is asked for."""
        return tuple(sorted(self.ids[code] for code in codes if code in self.left))


RULING = """
SELECT DISTINCT ON (policy.id) policy.id, policy.code, policy.is_counted, version.id AS version_id, version.number,
       version.decided_at, version.starts_at, version.ends_at, version.limit_amount, version.limit_bottles,
       version.each_amount, version.each_bottles
FROM promotions_promotionpolicy AS policy
JOIN promotions_policyversion AS version
  ON version.policy_id = policy.id AND version.status = 'APPROVED' AND version.rules_from <= %(at)s
WHERE {which} AND policy.status IN ('LIVE', 'PAUSED', 'ENDED')
  AND (policy.stopped_at IS NULL OR policy.stopped_at > %(at)s)
ORDER BY policy.id, version.number DESC
"""
"""The version of each policy that rules ``at`` an instant, whether or not its days have come: the newest begun one."""
LEFT = """
least(ruling.limit_amount - coalesce(whole.used_amount, 0),
      CASE WHEN ruling.each_amount IS NOT NULL THEN ruling.each_amount - coalesce(own.used_amount, (
          SELECT sum(use.amount)::bigint FROM promotions_policyuse AS use
          WHERE use.policy_id = ruling.id AND use.buyer_id = %(buyer)s AND use.given_back_at IS NULL), 0) END),
least(ruling.limit_bottles - coalesce(whole.used_bottles, 0),
      CASE WHEN ruling.each_bottles IS NOT NULL THEN ruling.each_bottles - coalesce(own.used_bottles, (
          SELECT sum(use.bottles)::bigint FROM promotions_policyuse AS use
          WHERE use.policy_id = ruling.id AND use.buyer_id = %(buyer)s AND use.given_back_at IS NULL), 0) END)
"""
"""Minor units and bottles left to the buyer (the lesser limit; NULL: none).

A dealer whom no limit counted yet has no row: what it used of earlier versions is summed up from the uses.
"""
_LIVE = f"""
WITH ruling AS ({RULING.format(which="policy.seller_id = %(seller)s AND policy.currency = %(currency)s")})
SELECT json_agg(json_build_array(
           ruling.id, ruling.code, ruling.is_counted, ruling.version_id, ruling.number, ruling.decided_at, {LEFT})
       ORDER BY ruling.code)::text
FROM ruling
LEFT JOIN promotions_policyquota AS whole ON whole.policy_id = ruling.id AND whole.dealer_id IS NULL
LEFT JOIN promotions_policyquota AS own ON own.policy_id = ruling.id AND own.dealer_id = %(buyer)s
WHERE ruling.starts_at <= %(at)s AND ruling.ends_at > %(at)s
"""
"""One row: two hundred policies as rows of their own would take longer to read than to find."""
_TERMS = "SELECT id, terms::text FROM promotions_policyversion WHERE id = ANY(%(ids)s::bigint[])"
_COUPONS = """
SELECT coupon.code, coupon.id, policy.code, coupon.dealer_id IS NOT NULL AND coupon.dealer_id <> %(buyer)s,
       coupon.is_withdrawn OR (coupon.ends_at IS NOT NULL AND coupon.ends_at <= %(at)s),
       (coupon.most_uses IS NOT NULL AND coupon.most_uses <= coupon.used - (
           SELECT count(*) FROM promotions_policyuse AS use
           WHERE use.coupon_id = coupon.id AND use.given_back_at IS NULL AND use.order_number = %(own)s))
       OR (coupon.most_each IS NOT NULL AND coupon.most_each <= (
           SELECT count(*) FROM promotions_policyuse AS use
           WHERE use.coupon_id = coupon.id AND use.buyer_id = %(buyer)s AND use.given_back_at IS NULL
             AND use.order_number <> %(own)s))
FROM promotions_coupon AS coupon JOIN promotions_promotionpolicy AS policy ON policy.id = coupon.policy_id
WHERE coupon.seller_id = %(seller)s AND coupon.code = ANY(%(codes)s::text[])
"""


def live_policies(
    *,
    seller_id: int,
    buyer: TradingDealer,
    region_code: str | None,
    at: datetime,
    coupons: Sequence[str] = (),
    own: str = "",
) -> LivePolicies:
    """The seller's policies in the buyer's currency whose days hold ``at``; one statement warm, two cold, one more
    with coupons.

    A policy that is not public and not for this buyer is left out: nobody is told of it. ``region_code`` None: those
    of every division, which the engine asks each for its own. ``own``: an order that is
    changed, whose coupons do not count as used by it.
    """
    asked = {"seller": seller_id, "buyer": buyer.id, "currency": buyer.currency, "at": at}
    ((found_rows,),) = sql.rows(_LIVE, asked)
    rows = orjson.loads(found_rows) if found_rows else []
    compiled = _compiled([(row[3], row[5], row[1], row[4]) for row in rows])
    lineage = None if region_code is None else lineage_of(region_code)
    opened, coupon_ids, refused = _opened(coupons, asked, own) if coupons else ({}, {}, ())
    found = [
        (row, compiled[row[3]])
        for row in rows
        if compiled[row[3]][1].is_public or _is_for(compiled[row[3]], buyer, lineage, opened.keys())
    ]
    return LivePolicies(
        policies=tuple(policy for _, (policy, _) in found),
        left={row[1]: Left(row[6], row[7]) for row, _ in found if row[2]},
        ids={row[1]: row[0] for row, _ in found},
        gift_skus=frozenset(terms.gift_sku for _, (_, terms) in found if terms.gift_sku),
        coupons=frozenset(opened),
        coupon_ids=coupon_ids,
        refused=refused,
        terms={row[1]: terms for row, (_, terms) in found},
    )


def _is_for(
    found: tuple[Policy, Terms], buyer: TradingDealer, lineage: Sequence[str] | None, opened: Collection[str]
) -> bool:
    """Whether the audience may hold the buyer; days and first orders apart, which the engine asks."""
    policy, audience = found[0], found[0].audience
    return (
        (not audience.tiers or buyer.tier in audience.tiers)
        and (lineage is None or not audience.regions or not audience.regions.isdisjoint(lineage))
        and (not audience.channels or buyer.channel in audience.channels)
        and (not audience.labels or not audience.labels.isdisjoint(buyer.labels))
        and (not audience.dealers or buyer.code in audience.dealers)
        and (not audience.coupon or policy.code in opened)
    )


def lineage_of(region_code: str) -> tuple[str, ...]:
    """Every region that holds the place, the narrowest first; an unknown code lies in the country only."""
    try:
        return regions.lineage(region_code)
    except regions.UnknownRegion:
        return (region_code, regions.COUNTRY)


def _opened(
    codes: Sequence[str], asked: Mapping[str, object], own: str
) -> tuple[dict[str, str], dict[str, int], tuple[DomainError, ...]]:
    """Policies that coupons open (by code the coupon's), the coupons' ids by policy, and what is wrong with others."""
    wanted = [code.strip().upper() for code in codes]
    rows = {row[0]: row for row in sql.rows(_COUPONS, {**asked, "codes": sorted(set(wanted)), "own": own})}
    opened: dict[str, str] = {}
    ids: dict[str, int] = {}
    refused: list[DomainError] = []
    for place, code in enumerate(wanted, start=1):
        row = rows.get(code)
        if row is None or row[3]:
            refused.append(CouponRefused(line=place, field="coupons", coupon=code[:30]))
        elif row[4]:
            refused.append(CouponOver(line=place, field="coupons", coupon=code))
        elif row[5]:
            refused.append(CouponUsedUp(line=place, field="coupons", coupon=code))
        elif row[2] not in opened:
            opened[row[2]], ids[row[2]] = code, row[1]
    return opened, ids, tuple(refused)


_Key = tuple[str, int, str]
_kept: OrderedDict[_Key, tuple[Policy, Terms]] = OrderedDict()
_keeping = Lock()


def _compiled(asked: Sequence[tuple[int, str, str, int]]) -> dict[int, tuple[Policy, Terms]]:
    """Policies by version id; those this process does not hold yet are read in one statement.

    ``asked``: version id, when it was approved, policy code, number. The instant is part of the key: a schema that
    was restored may use an id again.
    """
    schema = current_schema()
    keys = {one[0]: (schema, one[0], one[1]) for one in asked}
    found = {version_id: kept for version_id, key in keys.items() if (kept := _kept.get(key)) is not None}
    missing = {one[0]: one for one in asked if one[0] not in found}
    if missing:
        for version_id, document in sql.rows(_TERMS, {"ids": sorted(missing)}):
            terms = terms_of(orjson.loads(document))
            found[version_id] = (policy_of(missing[version_id][2], missing[version_id][3], terms), terms)
            _keep(keys[version_id], found[version_id])
    return found


def _keep(key: _Key, compiled: tuple[Policy, Terms]) -> None:
    with _keeping:
        _kept[key] = compiled
        while len(_kept) > KEPT_VERSIONS:
            _kept.popitem(last=False)
