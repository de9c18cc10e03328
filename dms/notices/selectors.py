"""What a house is told, what the brand has written, and who has read it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from core.catalogue.models import ProductLine
from core.db import sql
from core.db.scopes import dealers_within
from core.kernel import clock, regions
from core.kernel.actor import Actor
from core.kernel.errors import Missing
from core.kernel.text import normalised
from dms.dealers.models import Dealer
from dms.notices.models import Notice, NoticeRead, NoticeSettings, NoticeTold
from dms.notices.permissions import Permission
from dms.notices.rules import AUDIENCE, Audience

MOST_SHOWN = 100
"""Notices one house is told at a time, the newest."""
OPEN = (Dealer.Status.ACTIVE, Dealer.Status.SUSPENDED)
"""Houses that read notices."""
STATES = ("live", "draft", "planned", "ended", "withdrawn")

_HOUSES_OF_LINES = """
SELECT DISTINCT held.dealer_id, line.code
FROM territories_grant AS held
LEFT JOIN catalogue_sku AS sku ON sku.id = ANY(held.sku_ids)
JOIN catalogue_productline AS line
  ON line.id = coalesce(held.product_line_id, sku.product_line_id)
  OR (held.product_line_id IS NULL AND held.sku_ids = '{}')
WHERE held.kind <> 'RESERVED' AND held.valid_from <= %(day)s AND (held.valid_to IS NULL OR held.valid_to > %(day)s)
  AND (%(houses)s::bigint[] IS NULL OR held.dealer_id = ANY(%(houses)s::bigint[]))
  AND (%(lines)s::text[] IS NULL OR line.code = ANY(%(lines)s::text[]))
"""


@dataclass(frozen=True, slots=True)
class ToldNotice:
    """A notice as one reader meets it, in ``version``; ``read_at`` None: this seat has not read it as it stands."""

    id: int
    title: str
    title_en: str
    body: str
    body_en: str
    tone: str
    needs_receipt: bool
    published_at: datetime
    until_at: datetime | None
    version: int
    read_at: datetime | None

    @property
    def is_read(self) -> bool:
        """Whether this seat has read it."""
        return self.read_at is not None


@dataclass(frozen=True, slots=True)
class NoticeFilter:
    """What the brand's list is narrowed to; ``state`` is one of STATES or empty."""

    text: str = ""
    state: str = ""

    @classmethod
    def of(cls, params: Mapping[str, str]) -> "NoticeFilter":
        """From the words of an address; what is no choice is left out."""
        state = params.get("state", "")
        return cls(normalised(params.get("q", ""))[:80], state if state in STATES else "")


@dataclass(frozen=True, slots=True)
class Receipts:
    """How far a notice has come: houses it is for, houses that have read it. Both within the asker's limits."""

    houses: int
    read: int

    @property
    def unread(self) -> int:
        """Houses that have not."""
        return self.houses - self.read


def notices_for(actor: Actor, *, only_unread: bool = False) -> tuple[ToldNotice, ...]:
    """What the actor's house is told now, the newest first, at most MOST_SHOWN. Three queries, none for the brand."""
    rows = _told(actor, only_unread=only_unread)
    if rows is None:
        return ()
    names = (
        "id",
        "title",
        "title_en",
        "body",
        "body_en",
        "tone",
        "needs_receipt",
        "published_at",
        "until_at",
        "version",
    )
    found = rows.order_by("-published_at", "-id").values_list(*names, "seat_read_at")
    return tuple(ToldNotice(*row) for row in found[:MOST_SHOWN])


def unread_notices(actor: Actor) -> int:
    """How many of them the seat has not read. Three queries, none for the brand."""
    rows = _told(actor, only_unread=True)
    return 0 if rows is None else rows.count()


def _told(actor: Actor, *, only_unread: bool) -> QuerySet[Notice, Any] | None:
    """Live notices for the actor's house, with when this seat read them as they stand."""
    if actor.is_brand_staff:
        return None
    names = ("pk", "code", "tier", "region_code", "supplier_id", "labels")
    house = Dealer.objects.filter(pk=actor.dealer_id).only(*names).first()
    if house is None:
        return None
    lines = _lines_of(house)
    if actor.scope.product_lines:
        lines &= set(actor.scope.product_lines)
    own = NoticeRead.objects.filter(notice=OuterRef("pk"), seat_id=actor.seat_id, version__gte=OuterRef("read_from"))
    rows: QuerySet[Notice, Any] = Notice.objects.filter(_is("live", clock.now()), _for_house(house, lines))
    if only_unread:
        rows = rows.filter(~Exists(own))
    return rows.annotate(seat_read_at=Subquery(own.order_by("read_at").values("read_at")[:1]))


def notices_to(actor: Actor, house: Dealer) -> list[Notice]:
    """What the brand tells ``house`` now, with ``house_read_at`` (its first reader); the newest first, MOST_SHOWN.

    For the house's file. Two queries. Raises ``NotPermitted``.
    """
    read = NoticeRead.objects.filter(notice=OuterRef("pk"), dealer=house, version__gte=OuterRef("read_from"))
    rows = notices_visible_to(actor).filter(_is("live", clock.now()), _for_house(house, _lines_of(house)))
    first = read.order_by("read_at").values("read_at")[:1]
    return list(rows.annotate(house_read_at=Subquery(first))[:MOST_SHOWN])


def _lines_of(house: Dealer) -> set[str]:
    """Codes of the lines a house, or its supplier, holds ground for. One query."""
    return {code for _, code in _grounds(houses=[house.pk, *([house.supplier_id] if house.supplier_id else [])])}


def _for_house(house: Dealer, lines: set[str]) -> Q:
    """The condition of a notice whose audience holds ``house``."""
    held = {*regions.lineage(house.region_code), house.region_code} if house.region_code else set()
    return (
        (Q(tiers=[]) | Q(tiers__contains=[house.tier]))
        & (Q(region_codes=[]) | Q(region_codes__overlap=sorted({*held, regions.COUNTRY})))
        & (Q(line_codes=[]) | Q(line_codes__overlap=sorted(lines)))
        & (Q(labels=[]) | Q(labels__overlap=house.labels))
        & (Q(dealer_codes=[]) | Q(dealer_codes__contains=[house.code]))
    )


def _grounds(*, houses: Sequence[int] | None = None, lines: Sequence[str] | None = None) -> list[tuple[int, str]]:
    """Which house holds ground for goods of which line today. One query."""
    parameters = {
        "day": clock.business_day(),
        "houses": list(houses) if houses is not None else None,
        "lines": list(lines) if lines is not None else None,
    }
    return [(int(row[0]), str(row[1])) for row in sql.rows(_HOUSES_OF_LINES, parameters)]


def _is(state: str, now: datetime) -> Q:
    """The condition of a state of STATES."""
    if state == "withdrawn":
        return Q(withdrawn_at__isnull=False)
    standing, out = Q(withdrawn_at__isnull=True), Q(published_at__lte=now)
    match state:
        case "draft":
            return standing & Q(published_at__isnull=True)
        case "planned":
            return standing & Q(published_at__gt=now)
        case "ended":
            return standing & out & Q(until_at__lte=now)
    return standing & out & (Q(until_at__isnull=True) | Q(until_at__gt=now))


def is_live(notice: Notice, now: datetime) -> bool:
    """Whether those it is for see it now."""
    return state_of(notice, now) == "live"


def untold(now: datetime) -> list[int]:
    """Ids of live notices about which somebody may not have been written to, the oldest first. One query."""
    rows = Notice.objects.filter(_is("live", now), told_at__isnull=True)
    return list(rows.order_by("published_at", "pk").values_list("pk", flat=True))


def state_of(notice: Notice, now: datetime) -> str:
    """One of STATES."""
    if notice.withdrawn_at is not None:
        return "withdrawn"
    if notice.published_at is None:
        return "draft"
    if notice.published_at > now:
        return "planned"
    return "ended" if notice.until_at is not None and notice.until_at <= now else "live"


def notices_visible_to(actor: Actor, asked: NoticeFilter = NoticeFilter()) -> QuerySet[Notice]:
    """The brand's notices that reach into the seat's limits; the newest first.

    With ``read_houses`` and ``named_codes``: of the houses named one by one those inside the seat's limits.
    """
    actor.require(Permission.READ, writes=False)
    if not actor.is_brand_staff:
        raise Missing
    rows = Notice.objects.filter(_within(actor))
    if asked.text:
        words = Q()
        for name in ("title", "title_en", "body", "body_en"):
            words |= Q(**{f"{name}__icontains": asked.text})
        rows = rows.filter(words)
    if asked.state:
        rows = rows.filter(_is(asked.state, clock.now()))
    read = NoticeRead.objects.filter(
        dealers_within(actor, "dealer__"), notice=OuterRef("pk"), version__gte=OuterRef("read_from")
    )
    counted = read.order_by().values("notice").annotate(n=Count("dealer", distinct=True)).values("n")
    houses = Coalesce(Subquery(counted, output_field=IntegerField()), 0)
    rows = rows.annotate(read_houses=houses, named_codes=_named_codes(actor))
    return rows.order_by(F("published_at").desc(nulls_first=True), "-id")


def _within(actor: Actor) -> Q:
    limits = Q()
    if actor.scope.limits_regions:
        limits &= Q(region_codes=[]) | Q(region_codes__overlap=sorted(actor.scope.met_region_codes))
    if actor.scope.product_lines:
        limits &= Q(line_codes=[]) | Q(line_codes__overlap=list(actor.scope.product_lines))
    if actor.scope.limits_dealers:
        limits &= Q(dealer_codes=[]) | Q(Exists(_named(actor)))
    return limits


def _named(actor: Actor) -> QuerySet[Dealer]:
    """Of the houses the outer notice names one by one those inside the seat's limits."""
    place = Func(OuterRef("dealer_codes"), F("code"), function="array_position", output_field=IntegerField())
    return Dealer.objects.annotate(place=place).filter(dealers_within(actor), place__isnull=False)


def _named_codes(actor: Actor) -> F | ArraySubquery:
    return (
        ArraySubquery(_named(actor).order_by("code").values("code"))
        if actor.scope.limits_dealers
        else F("dealer_codes")
    )


def notice(actor: Actor, notice_id: int) -> Notice:
    """One of them. Raises ``Missing``."""
    found = notices_visible_to(actor).filter(pk=notice_id).first()
    if found is None:
        raise Missing
    return found


def state_counts(actor: Actor) -> dict[str, int]:
    """How many there are of each state, and of all (``""``). One query."""
    actor.require(Permission.READ, writes=False)
    now = clock.now()
    counted: dict[str, Any] = {state: Count("pk", filter=_is(state, now)) for state in STATES}
    found = Notice.objects.filter(_within(actor)).aggregate(all=Count("pk"), **counted)
    return {"": found.pop("all"), **found}


def audience_of(row: Notice) -> Audience:
    """Whom it is for, as a value."""
    return Audience(**{name: tuple(getattr(row, name)) for name in AUDIENCE})


def houses_addressed(actor: Actor, asked: Audience) -> QuerySet[Dealer]:
    """The open houses a notice of this audience reaches, within the actor's limits. A query for the lines first."""
    actor.require(Permission.READ, writes=False)
    return _addressed(Dealer.objects.filter(dealers_within(actor)), asked)


def houses_to_tell(told: Notice, most: int) -> list[int]:
    """Ids of houses a notice is for whose people were not written to yet as it asks now. Two queries at most."""
    written_to = NoticeTold.objects.filter(notice=told, asked=told.read_from, dealer=OuterRef("pk"))
    rows = _addressed(Dealer.objects.all(), audience_of(told))
    return list(rows.filter(~Exists(written_to)).order_by("pk").values_list("pk", flat=True)[:most])


def _addressed(inside: QuerySet[Dealer], asked: Audience) -> QuerySet[Dealer]:
    rows = inside.filter(status__in=OPEN).exclude(tier=Dealer.Tier.BRAND)
    if asked.tiers:
        rows = rows.filter(tier__in=asked.tiers)
    if asked.region_codes:
        rows = rows.filter(region_code__in=sorted(frozenset().union(*map(regions.within, asked.region_codes))))
    if asked.line_codes:
        held = [house for house, _line in _grounds(lines=sorted(asked.line_codes))]
        rows = rows.filter(Q(pk__in=held) | Q(supplier_id__in=held))
    if asked.labels:
        rows = rows.filter(labels__overlap=list(asked.labels))
    if asked.dealer_codes:
        rows = rows.filter(code__in=asked.dealer_codes)
    return rows


def receipt_rows(actor: Actor, told: Notice, *, only: str = "", text: str = "") -> QuerySet[Dealer]:
    """The houses a notice is for with ``house_read_at`` and ``house_reader``; the unread first.

    ``only`` is ``read``, ``unread`` or empty.
    """
    rows = houses_addressed(actor, audience_of(told))
    read = NoticeRead.objects.filter(notice=told, dealer=OuterRef("pk"), version__gte=told.read_from)
    first = read.order_by("read_at", "pk")
    if only:
        rows = rows.filter(Exists(read) if only == "read" else ~Exists(read))
    for word in normalised(text).lower().split():
        rows = rows.filter(search_text__contains=word)
    rows = rows.annotate(
        house_read_at=Subquery(first.values("read_at")[:1]), house_reader=Subquery(first.values("reader_name")[:1])
    )
    return rows.order_by(F("house_read_at").asc(nulls_first=True), "name_key", "pk")


def receipts(actor: Actor, told: Notice) -> Receipts:
    """How far it has come. Two queries."""
    rows = houses_addressed(actor, audience_of(told))
    read = NoticeRead.objects.filter(notice=told, dealer=OuterRef("pk"), version__gte=told.read_from)
    found = rows.aggregate(houses=Count("pk"), read=Count("pk", filter=Exists(read)))
    return Receipts(found["houses"], found["read"])


def notice_settings() -> NoticeSettings:
    """What the brand decided about notices. One query."""
    return NoticeSettings.objects.first() or NoticeSettings(version=0)


def lines_to_address(actor: Actor) -> list[tuple[str, str, str]]:
    """Code, name and English name of the lines the actor may address, in shelf order."""
    rows = ProductLine.objects.order_by("position", "code")
    if actor.scope.product_lines:
        rows = rows.filter(code__in=actor.scope.product_lines)
    return list(rows.values_list("code", "name", "name_en"))


def labels_to_address(actor: Actor) -> list[str]:
    """The brand's words for the dealers the actor may address, in order. One query."""
    rows = Dealer.objects.filter(dealers_within(actor), status__in=OPEN).exclude(labels=[])
    found = rows.annotate(label=Func(F("labels"), function="unnest")).order_by().values_list("label", flat=True)
    return sorted(found.distinct())


def houses_named(actor: Actor, words: Iterable[str]) -> list[tuple[str, str]]:
    """Code and name of the houses inside the actor's limits that bear one of ``words`` as code or name; by code."""
    asked = list(words)
    rows = Dealer.objects.filter(dealers_within(actor)).exclude(tier=Dealer.Tier.BRAND)
    rows = rows.filter(Q(code__in=asked) | Q(name__in=asked))
    return list(rows.order_by("code").values_list("code", "name"))


def houses_to_address(actor: Actor, text: str, *, limit: int) -> list[tuple[str, str, str]]:
    """Code, name and tier of open houses that ``text`` finds, as the list of dealers is searched. One query."""
    actor.require(Permission.WRITE, writes=False)
    rows = houses_addressed(actor, Audience())
    for word in normalised(text).casefold().split():
        rows = rows.filter(search_text__contains=word)
    return list(rows.order_by("code").values_list("code", "name", "tier")[:limit])
