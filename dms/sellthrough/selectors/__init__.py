"""The room's questions: what was quoted, what is quoted now, and how it went over time."""

from dms.sellthrough.selectors.courses import Course, Point, courses_of, quoted_regions
from dms.sellthrough.selectors.latest import LatestQuote, fresh_quotes, latest_quotes
from dms.sellthrough.selectors.quotes import (
    QuoteFilter,
    quote_in_sight,
    quote_rows,
    quotes_visible_to,
    standing_quotes,
)

__all__ = [
    "Course",
    "LatestQuote",
    "Point",
    "QuoteFilter",
    "courses_of",
    "fresh_quotes",
    "latest_quotes",
    "quote_in_sight",
    "quote_rows",
    "quoted_regions",
    "quotes_visible_to",
    "standing_quotes",
]
