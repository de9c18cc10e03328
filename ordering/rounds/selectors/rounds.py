"""Which rounds a seat sees, and what stands on one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from core.db import sql
from core.db.scopes import lines_within
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import Missing
from core.kernel.text import normalised
from ordering.pricing.models import PriceList
from ordering.pricing.permissions import Permission
from ordering.pricing.selectors import lists_visible_to
from ordering.rounds.models import PriceRound, PriceRoundLine
from ordering.rounds.rules import Status, change_bp
from ordering.rounds.selectors.ruling import RULING_BEFORE

STATES = (*(one.value for one in Status), "IN_FORCE")
"""IN_FORCE: published and ruling by now; PUBLISHED: still to come."""


@dataclass(frozen=True, slots=True)
class RoundFilter:
    """What the list is narrowed to; ``state`` is one of STATES or empty."""

    text: str = ""
    state: str = ""

    @classmethod
    def of(cls, params: Mapping[str, str]) -> "RoundFilter":
        """From the words of an address; what is no choice is left out."""
        state = params.get("state", "")
        return cls(normalised(params.get("q", ""))[:80], state if state in STATES else "")


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A line with what rules at the round's instant without it (``before``); amounts in minor units."""

    id: int
    line_no: int
    list_id: int
    list_code: str
    list_name: str
    list_name_en: str
    currency: str
    sku_id: int
    sku_code: str
    sku_name: str
    sku_name_en: str
    unit: str
    min_quantity: int
    amount: int | None
    before: int | None

    @property
    def change_bp(self) -> int | None:
        """The change in basis points; None where one of the two is no price."""
        return change_bp(self.before, self.amount)

    @property
    def is_same(self) -> bool:
        """Whether the line changes nothing."""
        return self.before == self.amount


_LINES = f"""
SELECT line.id, row_number() OVER (ORDER BY list.code, sku.rank, sku.id, line.unit DESC, line.min_quantity) AS line_no,
       list.id, list.code, list.name, list.name_en, list.currency, sku.id, sku.code, sku.name, sku.name_en,
       line.unit, line.min_quantity, line.amount,
       ruling.amount
FROM rounds_priceroundline AS line JOIN rounds_priceround AS round ON round.id = line.round_id
JOIN pricing_pricelist AS list ON list.id = line.price_list_id JOIN catalogue_sku AS sku ON sku.id = line.sku_id
{RULING_BEFORE}
WHERE line.round_id = %(round)s AND line.id = ANY(%(seen)s::bigint[])
ORDER BY line_no
"""


def rounds_visible_to(actor: Actor, asked: RoundFilter = RoundFilter()) -> QuerySet[PriceRound]:
    """The rounds of the actor's own house with a line on a list it sees, the newest first.

    A round without lines is nobody's ground: of those a limited seat sees its own.
    """
    actor.require(Permission.READ, writes=False)
    rows = PriceRound.objects.filter(seller_id=actor.dealer_id)
    if actor.scope.limits_dealers or actor.scope.product_lines:
        own = PriceRoundLine.objects.filter(round=OuterRef("pk"))
        hands = [actor.person_id, *([actor.acting_for] if actor.acting_for else [])]
        is_own = ~Exists(own) & Q(touched_by_ids__overlap=hands)
        rows = rows.filter(Exists(own.filter(_in_sight(actor))) | is_own)
    if asked.text:
        rows = rows.filter(Q(number__icontains=asked.text) | Q(title__icontains=asked.text))
    if asked.state == "IN_FORCE":
        rows = rows.filter(status=Status.PUBLISHED, takes_effect_at__lte=clock.now())
    elif asked.state == Status.PUBLISHED:
        rows = rows.filter(status=Status.PUBLISHED, takes_effect_at__gt=clock.now())
    elif asked.state:
        rows = rows.filter(status=asked.state)
    return rows.order_by("-id")


def counted(rows: QuerySet[PriceRound]) -> QuerySet[PriceRound]:
    """With ``line_count``."""
    return rows.annotate(line_count=Count("lines"))


def round_of(actor: Actor, number: str) -> PriceRound:
    """One round. Raises ``Missing``."""
    row = rounds_visible_to(actor).select_related("reverts").filter(number=number).first()
    if row is None:
        raise Missing(round=number[:30])
    return row


def lines_of(actor: Actor, row: PriceRound) -> tuple[RoundLine, ...]:
    """The lines within the seat's sight, by list and product; two statements."""
    asked = {"round": row.pk, "seen": seen_ids(actor, row)}
    return tuple(RoundLine(*facts) for facts in sql.rows(_LINES, asked))


def seen_ids(actor: Actor, row: PriceRound) -> list[int]:
    """Ids of the round's lines within the seat's sight; one statement."""
    return list(PriceRoundLine.objects.filter(_in_sight(actor), round=row).values_list("pk", flat=True))


def reaches_outside(actor: Actor, row: PriceRound) -> bool:
    """Whether some of its lines lie outside the seat's limits: then others answer for it.

    A list for many is changed by whoever answers for all of its division, even where others see it.
    """
    if not actor.scope.limits_dealers and not actor.scope.product_lines:
        return False
    lines = PriceRoundLine.objects.filter(round=row)
    if lines.exclude(_in_sight(actor)).exists():
        return True
    wide = lines.exclude(price_list__scope=PriceList.Scope.DEALER)
    regions = set(wide.values_list("price_list__region_code", flat=True))
    return bool(regions) and (
        bool(actor.scope.subtree) or not all(actor.scope.covers_region(region) for region in regions)
    )


def state_of(row: PriceRound, now: datetime) -> str:
    """One of STATES."""
    is_in_force = row.status == Status.PUBLISHED and row.takes_effect_at <= now
    return "IN_FORCE" if is_in_force else row.status


def _in_sight(actor: Actor) -> Q:
    return Q(price_list__in=lists_visible_to(actor).values("pk")) & lines_within(actor, "sku__product_line__code")
