"""What a product fetched over time, a course a division: for drawing."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from core.kernel.actor import Actor
from dms.sellthrough.rules import a_bottle
from dms.sellthrough.selectors.quotes import QuoteFilter, quote_rows

MOST_POINTS = 1_500
"""Days of all courses together; more than a picture can show."""
MOST_REGIONS = 30


@dataclass(frozen=True, slots=True)
class Point:
    """One day of a course: what was heard last on it, minor units a bottle."""

    day: date
    bottle_amount: int
    unit: str
    amount: int
    source: str


@dataclass(frozen=True, slots=True)
class Course:
    """What a product fetched in one division; points by day, the oldest first."""

    region_code: str
    currency: str
    points: tuple[Point, ...]


def quoted_regions(actor: Actor, sku_code: str) -> list[tuple[str, int]]:
    """Where a product was quoted, and how often; the most quoted first. One query."""
    rows = quote_rows(actor, QuoteFilter(sku_code=sku_code)).order_by().values("region_code")
    counted = rows.annotate(quotes=Count("pk")).order_by("-quotes", "region_code")
    return [(row["region_code"], row["quotes"]) for row in counted[:MOST_REGIONS]]


def courses_of(actor: Actor, asked: QuoteFilter, region_codes: list[str]) -> list[Course]:
    """The courses of ``asked.sku_code`` in just these divisions, in their order; quotes in one currency a course.

    Of several quotes of one day the last entered is the day's. One query.
    """
    rows = quote_rows(actor, asked).filter(region_code__in=region_codes)
    found: dict[tuple[str, str], dict[date, Point]] = {}
    for row in rows[:MOST_POINTS]:  # newest first: the first of a day is the one entered last
        per_bottle = a_bottle(row.amount or 0, row.unit, row.sku.bottles_per_case)
        days = found.setdefault((row.region_code, row.currency), {})
        days.setdefault(row.quoted_on, Point(row.quoted_on, per_bottle, row.unit, row.amount or 0, row.source))
    ordered = sorted(found, key=lambda key: (region_codes.index(key[0]), key[1]))
    return [Course(*key, tuple(sorted(found[key].values(), key=lambda point: point.day))) for key in ordered]
