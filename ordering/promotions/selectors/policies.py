"""What a house plans and gives: the list of its policies, one of them with its versions, use and neighbours."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from core.catalogue.models import Sku
from core.db.scopes import dealers_within
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import Missing
from core.kernel.text import normalised
from dms.dealers.models import Dealer
from ordering.promotions.models import APPROVED, Coupon, PolicyQuota, PolicyUse, PolicyVersion, PromotionPolicy
from ordering.promotions.permissions import Permission
from ordering.promotions.rules.life import Status
from ordering.promotions.rules.overlaps import GoodsFacts, Together, together
from ordering.promotions.rules.terms import KINDS, Terms, policy_of, terms_of
from ordering.promotions.selectors.live import lineage_of
from ordering.promotions.selectors.pauses import Pause, pauses_of
from ordering.promotions.selectors.telling import names_for, told, told_short


@dataclass(frozen=True, slots=True)
class PolicyFilter:
    """What the list is narrowed to; empty fields do not."""

    text: str = ""
    status: str = ""
    kind: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "PolicyFilter":
        """From the words of an address; what is no choice is left out."""
        status, kind = asked.get("status", ""), asked.get("kind", "")
        return cls(
            text=normalised(asked.get("q", ""))[:40],
            status=status if status in set(Status) else "",
            kind=kind if kind in KINDS else "",
        )


def policies_visible_to(actor: Actor, asked: PolicyFilter = PolicyFilter()) -> QuerySet[PromotionPolicy]:
    """The policies of the actor's own house that may give something within the seat's limits, the newest first.

    What another house gives its customers is not even the brand's to read. Raises ``NotPermitted``.
    """
    actor.require(Permission.READ, writes=False)
    rows = PromotionPolicy.objects.filter(seller_id=actor.dealer_id)
    if actor.scope.is_limited:
        rows = rows.filter(Exists(PolicyVersion.objects.filter(_in_sight(actor), policy_id=OuterRef("pk"))))
    if asked.text:
        rows = rows.filter(
            Q(code__icontains=asked.text) | Q(name__icontains=asked.text) | Q(name_en__icontains=asked.text)
        )
    if asked.status:
        rows = rows.filter(status=asked.status)
    if asked.kind:
        rows = rows.filter(versions__terms__reward__kind=asked.kind).distinct()
    return rows.select_related("current_version").order_by("-id")


def groups_in_use(actor: Actor) -> list[str]:
    """The groups policies in sight were put into, in their order."""
    rows = PolicyVersion.objects.filter(policy__in=policies_visible_to(actor).order_by())
    return list(
        rows.exclude(terms__group="").order_by("terms__group").values_list("terms__group", flat=True).distinct()
    )


def counts_by_status(actor: Actor, asked: PolicyFilter) -> dict[str, int]:
    """How many there are of each status under the other filters; one statement. Raises ``NotPermitted``."""
    rows = policies_visible_to(actor, replace(asked, status="")).order_by().values_list("status")
    return dict(rows.annotate(count=Count("id", distinct=True)))


def _in_sight(actor: Actor) -> Q:
    """Terms that name no regions (dealers, lines), or one of which some lies inside.

    What is for everybody is for the seat's dealers too. Of a part of the tree the regions are those its dealers lie in
    or have goods sent to.
    """
    seen = Q()
    if actor.scope.limits_dealers:
        customers = Dealer.objects.filter(dealers_within(actor), supplier_id=actor.dealer_id)
        own = sorted(customers.values_list("code", flat=True))
        seen &= Q(terms__audience__dealers=[]) | Q(terms__audience__dealers__has_any_keys=own)
        inside = set(actor.scope.met_region_codes) if actor.scope.limits_regions else _regions_of(customers)
        seen &= Q(terms__audience__regions=[]) | Q(terms__audience__regions__has_any_keys=sorted(inside))
    if actor.scope.product_lines:
        lines = sorted(actor.scope.product_lines)
        seen &= Q(terms__goods__product_lines=[]) | Q(terms__goods__product_lines__has_any_keys=lines)
    return seen


def _regions_of(customers: QuerySet[Dealer]) -> set[str]:
    """Where the customers lie and have goods sent to, and every region around that."""
    places = {
        *customers.values_list("region_code", flat=True),
        *customers.values_list("addresses__region_code", flat=True),
    }
    return {code for place in places if place for code in lineage_of(place)}


@dataclass(frozen=True, slots=True)
class ToldPolicy:
    """A policy as a list shows it: ``version`` is the one that rules; before any does, what is approved; else a draft.

    ``following``: the newest version, where that is another. What is used is that of the seat's dealers.
    """

    row: PromotionPolicy
    version: PolicyVersion
    following: PolicyVersion | None
    terms: Terms
    headline: str
    sentence: str
    used_amount: int
    used_bottles: int

    @property
    def is_over(self) -> bool:
        """Whether its days are over."""
        return self.version.ends_at <= clock.now()

    @property
    def is_coming(self) -> bool:
        """Whether its days have not come."""
        return self.version.starts_at > clock.now()


def _place_of_current(versions: Sequence[PolicyVersion]) -> int:
    """Which of a policy's versions, the newest first, is told: what rules, then what is approved, else the first.

    A draft rules nothing: it is told beside it.
    """
    now = clock.now()
    begun = (place for place, version in enumerate(versions) if version.has_begun(now))
    approved = (place for place, version in enumerate(versions) if version.status == APPROVED)
    return next(begun, next(approved, 0))


def told_policies(actor: Actor, rows: Iterable[PromotionPolicy], *, of_newest: bool = False) -> list[ToldPolicy]:
    """The policies with what they do, said in the reader's language; at most five statements for any number.

    ``of_newest``: told is the newest version of each, whatever rules.
    """
    kept = list(rows)
    versions: dict[int, list[PolicyVersion]] = {}
    for version in PolicyVersion.objects.filter(policy__in=kept).order_by("-number"):
        versions.setdefault(version.policy_id, []).append(version)
    current = {pk: them[0 if of_newest else _place_of_current(them)] for pk, them in versions.items()}
    uses = PolicyUse.objects.filter(dealers_within(actor, "buyer__"), policy__in=kept, given_back_at=None).order_by()
    given = {
        policy_id: (amount or 0, bottles or 0)
        for policy_id, amount, bottles in uses.values_list("policy_id").annotate(Sum("amount"), Sum("bottles"))
    }
    terms = {policy_id: terms_of(version.terms) for policy_id, version in current.items()}
    names = names_for(terms.values())
    return [
        ToldPolicy(
            row,
            current[row.pk],
            versions[row.pk][0] if versions[row.pk][0] != current[row.pk] else None,
            terms[row.pk],
            told_short(terms[row.pk], row.currency, names),
            told(terms[row.pk], row.currency, names),
            *given.get(row.pk, (0, 0)),
        )
        for row in kept
    ]


@dataclass(frozen=True, slots=True)
class ToldVersion:
    """One version with what it says."""

    row: PolicyVersion
    terms: Terms
    sentence: str


@dataclass(frozen=True, slots=True)
class LiveUse:
    """What a policy has given and not got back: minor units, bottles, orders, houses; and its limits (None: none).

    Of a limited seat what its dealers got; the limits are those that hold today.
    """

    amount: int
    bottles: int
    orders: int
    houses: int
    limit_amount: int | None
    limit_bottles: int | None


@dataclass(frozen=True, slots=True)
class Overlap:
    """Another policy that meets this one, and what then happens."""

    code: str
    name: str
    headline: str
    starts_at: datetime
    ends_at: datetime
    together: Together


@dataclass(frozen=True, slots=True)
class PolicyDetail:
    """A policy whole: its versions and its pauses, the newest first; its use; and the policies it meets."""

    row: PromotionPolicy
    versions: tuple[ToldVersion, ...]
    use: LiveUse
    overlaps: tuple[Overlap, ...]
    coupon_count: int
    pauses: tuple[Pause, ...]

    @property
    def newest(self) -> ToldVersion:
        """The one somebody works on, else the approved one."""
        return self.versions[0]

    @property
    def current(self) -> ToldVersion:
        """The one that rules; before any does, what is approved; else the newest."""
        return self.versions[_place_of_current([version.row for version in self.versions])]


def policy_detail(actor: Actor, code: str) -> PolicyDetail:
    """One policy of the actor's house. Raises ``Missing``."""
    row = policies_visible_to(actor).filter(code=normalised(code).upper()).first()
    if row is None:
        raise Missing(policy=code[:30])
    versions = list(row.versions.order_by("-number"))
    terms = [terms_of(version.terms) for version in versions]
    names = names_for(terms)
    return PolicyDetail(
        row,
        tuple(
            ToldVersion(version, said, told(said, row.currency, names))
            for version, said in zip(versions, terms, strict=True)
        ),
        _use_of(actor, row, versions),
        overlaps(actor, terms[0], own=row.code, currency=row.currency),
        coupons_visible_to(actor).filter(policy=row).count(),
        pauses_of(row),
    )


def _use_of(actor: Actor, row: PromotionPolicy, versions: Iterable[PolicyVersion]) -> LiveUse:
    now = clock.now()
    ruling = next((version for version in versions if version.has_begun(now)), row.current_version)
    given = PolicyUse.objects.filter(dealers_within(actor, "buyer__"), policy=row, given_back_at=None).aggregate(
        amount=Sum("amount"),
        bottles=Sum("bottles"),
        orders=Count("order_number", distinct=True),
        houses=Count("buyer", distinct=True),
    )
    return LiveUse(
        given["amount"] or 0,
        given["bottles"] or 0,
        given["orders"],
        given["houses"],
        ruling.limit_amount if ruling else None,
        ruling.limit_bottles if ruling else None,
    )


def overlaps(actor: Actor, terms: Terms, *, own: str = "", currency: str = "CNY") -> tuple[Overlap, ...]:
    """Policies of the house that are approved or wait for it and meet these terms, the next to begin first.

    Raises ``NotPermitted``.
    """
    rows = policies_visible_to(actor).filter(currency=currency).exclude(code=own).exclude(status=Status.ENDED)
    others = PolicyVersion.objects.filter(
        policy__in=rows.order_by().values("pk"),
        starts_at__lt=terms.audience.ends_at,
        ends_at__gt=terms.audience.starts_at,
    ).exclude(status__in=("DRAFT", "REJECTED"))
    newest = {one.policy_id: one for one in others.select_related("policy").order_by("number")}
    if not newest:
        return ()
    skus = {code: GoodsFacts(*facts) for code, *facts in _shelf()}
    asked, found = policy_of(own, 0, terms), []
    for version in newest.values():
        said = terms_of(version.terms)
        how = together(asked, policy_of(version.policy.code, version.number, said), skus)
        if how is not None:
            found.append((version, said, how))
    names = names_for(said for _, said, _ in found)
    told_now = [
        Overlap(
            version.policy.code,
            said.name,
            told_short(said, currency, names),
            version.starts_at,
            version.ends_at,
            how,
        )
        for version, said, how in found
    ]
    return tuple(sorted(told_now, key=lambda one: (one.starts_at, one.code)))


def _shelf() -> Sequence[tuple[str, str, str]]:
    return list(Sku.objects.filter(status="ON").values_list("code", "product_line__code", "aroma"))


def coupons_visible_to(actor: Actor, code: str = "") -> QuerySet[Coupon]:
    """Coupons of one policy (of all without ``code``), the newest first: open ones, and those of the seat's dealers.

    Raises ``Missing``.
    """
    rows = policies_visible_to(actor)
    if code:
        rows = rows.filter(code=normalised(code).upper())
        if not rows.exists():
            raise Missing(policy=code[:30])
    found = Coupon.objects.filter(policy__in=rows.order_by().values("pk"))
    if actor.scope.limits_dealers:
        found = found.filter(Q(dealer=None) | dealers_within(actor, "dealer__"))
    return found.select_related("dealer").order_by("-id")


def quotas_of(actor: Actor, row: PromotionPolicy) -> QuerySet[PolicyQuota]:
    """What single dealers of the seat have got of a policy that limits that, the most first."""
    rows = row.quotas.exclude(dealer=None).filter(dealers_within(actor, "dealer__"))
    return rows.select_related("dealer").order_by("-used_amount", "id")
