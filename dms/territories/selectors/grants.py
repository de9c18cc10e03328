"""Lists of grants, one grant with its life, and a house's own ground."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, Func, IntegerField, OuterRef, Q, QuerySet

from core.catalogue.models import Sku
from core.db import sql
from core.db.scopes import dealers_within, lines_within
from core.events.models import Event
from core.events.selectors import TimelineItem
from core.kernel import clock, regions
from core.kernel.actor import Actor
from core.kernel.errors import Missing
from core.kernel.text import normalised
from dms.dealers.rules import Channel
from dms.territories.events import GRANT
from dms.territories.models import Grant, ZoneRegion
from dms.territories.permissions import Permission
from dms.territories.rules import EVERY_CHANNEL

STATES = ("ACTIVE", "UPCOMING", "ENDED", "ALL")


@dataclass(frozen=True, slots=True)
class GrantFilter:
    """What a list of grants is narrowed to; empty fields do not.

    ``region_code``: everything that has ground in common with it. ``state`` is judged on ``day`` (None: today).
    """

    text: str = ""
    kind: str = ""
    channel: str = ""
    line_code: str = ""
    region_code: str = ""
    zone_code: str = ""
    dealer_code: str = ""
    state: str = ""
    day: date | None = None

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "GrantFilter":
        """From a query string; what makes no sense is left out."""
        try:
            day = clock.read_day(given.get("on", ""))
        except ValueError:
            day = None
        region = normalised(given.get("region", ""))[:6]
        return cls(
            text=given.get("q", "").strip()[:80],
            kind=_known(given.get("kind", ""), Grant.Kind.values),
            channel=_known(given.get("channel", ""), [one.value for one in Channel]),
            line_code=normalised(given.get("line", ""))[:40],
            region_code=region if region and regions.within(region) else "",
            zone_code=normalised(given.get("zone", ""))[:20],
            dealer_code=normalised(given.get("dealer", ""))[:20],
            state=_known(given.get("state", ""), STATES),
            day=day,
        )


def _known(given: str, words: Sequence[str]) -> str:
    return given if given in words else ""


def in_force(day: date) -> Q:
    """Grants valid on ``day``; a grant that ends on a day is no longer valid on it."""
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))


def grants_visible_to(actor: Actor) -> QuerySet[Grant]:
    """Grants as a list shows them: all for the brand's staff; a dealer's own and those below it for its seats.

    A seat's limits hold for dealer and line; a grant for every line is everybody's. Raises ``NotPermitted``.
    """
    actor.require(Permission.READ, writes=False)
    grants = Grant.objects.select_related("dealer", "product_line", "zone")
    grants = grants.filter(dealers_within(actor, "dealer__", own="dealer_id"), _line_in_sight(actor))
    grants = grants.order_by("dealer__code", "region_code", "pk")
    if actor.is_brand_staff:
        return grants
    return grants.filter(Q(dealer_id=actor.dealer_id) | Q(dealer__parent_id=actor.dealer_id))


def _line_in_sight(actor: Actor) -> Q:
    lines = lines_within(actor, "product_line__code")
    if not lines:
        return lines
    place = Func(OuterRef("sku_ids"), F("pk"), function="array_position", output_field=IntegerField())
    inside = Sku.objects.filter(lines).alias(place=place).filter(place__isnull=False)
    return lines | (Q(product_line=None) & (Q(sku_ids=[]) | Q(Exists(inside))))


def grant_rows(actor: Actor, asked: GrantFilter, *, today: date) -> QuerySet[Grant]:
    """Grants as the filter narrows them: in force on its day unless another state is asked for; by dealer."""
    day = asked.day or today
    rows = grants_visible_to(actor)
    if asked.state == "UPCOMING":
        rows = rows.filter(valid_from__gt=day)
    elif asked.state == "ENDED":
        rows = rows.filter(valid_to__lte=day)
    elif asked.state != "ALL":
        rows = rows.filter(in_force(day))
    for word in normalised(asked.text).casefold().split():
        rows = rows.filter(dealer__search_text__contains=word)
    exact = {
        "kind": asked.kind,
        "dealer__code": asked.dealer_code,
        "product_line__code": asked.line_code,
        "zone__code": asked.zone_code,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if asked.channel:
        rows = rows.filter(channels__overlap=[asked.channel, EVERY_CHANNEL])
    return rows.filter(around(asked.region_code)) if asked.region_code else rows


def around(region_code: str) -> Q:
    """Grants with some ground in common with the division: they hold it, or lie inside it."""
    if region_code == regions.COUNTRY:
        return Q()
    codes = regions.holders(region_code) | regions.within(region_code)
    zones = ZoneRegion.objects.filter(region_code__in=codes).values("zone_id")
    return Q(region_code__in=codes) | Q(zone_id__in=zones)


def grants_of(actor: Actor, dealer_code: str) -> QuerySet[Grant]:
    """The grants of one dealer, as far as the actor may see them, the newest first."""
    return grants_visible_to(actor).filter(dealer__code=dealer_code).order_by("-valid_from", "pk")


def grant_of(actor: Actor, grant_id: int) -> Grant:
    """One grant with what it was cut out of. Raises ``Missing`` for a stranger's and for none alike."""
    found = grants_visible_to(actor).select_related("dealer__parent", "carved_out_of__dealer").filter(pk=grant_id)
    for row in found:
        return row
    raise Missing


_CHAIN = """
WITH RECURSIVE before AS (
    SELECT id, follows_id FROM territories_grant WHERE id = %(id)s
    UNION SELECT g.id, g.follows_id FROM territories_grant AS g JOIN before AS b ON g.id = b.follows_id
), chain AS (
    SELECT id FROM before
    UNION SELECT g.id FROM territories_grant AS g JOIN chain AS c ON g.follows_id = c.id
)
SELECT id FROM chain
"""


def slices_of(actor: Actor, grant: Grant) -> list[Grant]:
    """Every slice of time of one grant, the oldest first: what it follows and what follows it. Two queries."""
    ids = [grant_id for (grant_id,) in sql.rows(_CHAIN, {"id": grant.pk})]
    return list(grants_visible_to(actor).filter(pk__in=ids).order_by("valid_from", "pk"))


def history_of(slices: Sequence[Grant]) -> list[TimelineItem]:
    """What happened to the slices of one grant, the newest first; the caller may see them. One query."""
    ids = [one.pk for one in slices]
    events = Event.objects.filter(
        aggregate_type=GRANT, aggregate_id=slices[0].dealer.code, aggregate_version__in=ids
    ).order_by("-at", "-id")
    columns = ("kind", "aggregate_version", "at", "person_id", "seat_id", "payload")
    return [TimelineItem(*row) for row in events.values_list(*columns)]


def skus_of(grants: Sequence[Grant]) -> dict[int, Sku]:
    """The SKUs that grants name one by one, by id; one query, none where there are none."""
    wanted = {sku_id for one in grants for sku_id in one.sku_ids}
    return Sku.objects.in_bulk(sorted(wanted)) if wanted else {}


def own_ground(actor: Actor, *, day: date) -> list[Grant]:
    """What the actor's own house holds on ``day``, for every seat of it. One query."""
    rows = Grant.objects.select_related("product_line", "zone").filter(in_force(day), dealer_id=actor.dealer_id)
    return list(rows.order_by("valid_from", "pk"))


def sku_codes(grants: QuerySet[Grant]) -> dict[int, str]:
    """The codes of every SKU that some of the grants name one by one, by id; one query."""
    named = grants.order_by().exclude(sku_ids=[]).annotate(sku_id=Func(F("sku_ids"), function="unnest"))
    return dict(Sku.objects.filter(pk__in=named.values("sku_id")).values_list("pk", "code"))
