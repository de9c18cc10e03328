"""Questions about grants."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from core.kernel import regions
from dms.territories.models import Grant


@dataclass(frozen=True, slots=True)
class CoveredLines:
    """The product lines a dealer may trade: all of them, or those named."""

    all_lines: bool
    line_ids: frozenset[int]

    def covers(self, line_id: int) -> bool:
        """Whether the product line is among them."""
        return self.all_lines or line_id in self.line_ids


def covered_lines(*, dealer_id: int, channel: str, region_code: str, day: date) -> CoveredLines:
    """Product lines ``dealer_id`` may buy for ``region_code`` in ``channel`` on ``day``. One query.

    A terminal has no grants of its own: ask with its supplier's id and the terminal's region. Grants the brand
    reserves to itself cover nobody else.
    """
    held = (
        in_force(day)
        .filter(dealer_id=dealer_id, channel__in=("*", channel))
        .exclude(kind=Grant.Kind.RESERVED)
        .values_list("product_line_id", "region_code")
    )
    lines: set[int | None] = {line_id for line_id, region in held if regions.contains(region, region_code)}
    return CoveredLines(None in lines, frozenset(line_id for line_id in lines if line_id is not None))


def in_force(day: date) -> QuerySet[Grant]:
    """Grants valid on ``day``; a grant that ends on a day is no longer valid on it."""
    return Grant.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day)
