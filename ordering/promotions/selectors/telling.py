"""Policies as sentences in the reader's language: names looked up for many of them at once."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext

from core.catalogue.models import ProductLine, Sku
from core.catalogue.rules import AROMA_NAMES
from core.db.naming import called, is_english
from core.kernel import clock, regions
from core.kernel.money import with_sign
from core.kernel.text import N_
from dms.dealers.models import Dealer
from dms.dealers.rules import CHANNEL_WORDS, TIER_WORDS
from ordering.promotions.rules.checking import named_skus
from ordering.promotions.rules.sentences import (
    NAMES,
    Amount,
    Named,
    Part,
    Percent,
    Several,
    Until,
    Words,
    buyers_sentence,
    headline,
    sentence,
)
from ordering.promotions.rules.terms import Terms

AND_SO_ON = N_("%(names)s and %(more)s more")
MOST_NAMES = 8
"""Names said one by one; of more only how many there are."""


_WITHIN_CHINESE = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")


@dataclass(frozen=True, slots=True)
class Names:
    """What goods and dealers are called for the reader, by kind and code."""

    of: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def called(self, kind: str, code: str) -> str:
        """The name, the code where nothing has it."""
        finder = _SAID.get(kind)
        return finder(code) if finder else self.of.get(kind, {}).get(code, code)


def names_for(many: Iterable[Terms]) -> Names:
    """Names of everything the terms name; at most three statements."""
    kept = list(many)
    skus = frozenset[str]().union(*(named_skus(terms) for terms in kept))
    lines = frozenset[str]().union(*(terms.goods.product_lines for terms in kept))
    dealers = frozenset[str]().union(*(terms.audience.dealers for terms in kept))
    return Names(
        {
            "skus": {row.code: called(row) for row in Sku.objects.filter(code__in=skus)} if skus else {},
            "product_lines": (
                {row.code: called(row) for row in ProductLine.objects.filter(code__in=lines)} if lines else {}
            ),
            "dealers": (dict(Dealer.objects.filter(code__in=dealers).values_list("code", "name")) if dealers else {}),
        }
    )


def told(terms: Terms, currency: str, names: Names) -> str:
    """The whole policy in the reader's language."""
    between = " " if is_english() else ""
    return _closed(between.join(_said(part, currency, names) for part in sentence(terms)))


def told_buyer(terms: Terms, currency: str, names: Names) -> str:
    """The policy as its buyer reads it, in the reader's language."""
    between = " " if is_english() else ""
    return _closed(between.join(_said(part, currency, names) for part in buyers_sentence(terms)))


def told_short(terms: Terms, currency: str, names: Names) -> str:
    """What it gives, in the reader's language."""
    return _closed(_said(headline(terms), currency, names))


def _closed(text: str) -> str:
    """Chinese has no spaces between its characters; they stand beside numbers and other letters only."""
    return _WITHIN_CHINESE.sub("", text)


def _said(part: Part, currency: str, names: Names) -> str:
    match part:
        case Words(text, places):
            filled = {place: _said(inner, currency, names) for place, inner in places.items()}
            return gettext(text) % filled if filled else gettext(text)
        case Several(parts, between):
            return _listed([_said(inner, currency, names) for inner in parts], between)
        case Named(kind, codes):
            shown = _listed([names.called(kind, code) for code in codes[:MOST_NAMES]], NAMES)
            more = len(codes) - MOST_NAMES
            return shown if more <= 0 else gettext(AND_SO_ON) % {"names": shown, "more": more}
        case Amount(minor):
            return with_sign(minor, currency).removesuffix(".00")
        case Percent(bp):
            return f"{Decimal(bp).scaleb(-2).normalize():f}%"
        case Until(at):
            local = at.astimezone(ZoneInfo(clock.zone()))
            is_midnight = (local.hour, local.minute) == (0, 0)
            return _day(local - timedelta(days=1) if is_midnight else local)
        case datetime():
            return _day(part)
        case int():
            return f"{part:,}"
        case _:
            return str(part)


def _listed(said: Sequence[str], between: str) -> str:
    whole = said[0] if said else ""
    for one in said[1:]:
        whole = gettext(between) % {"one": whole, "other": one}
    return whole


def _day(at: datetime) -> str:
    """The day, and the time of day where it is no midnight."""
    local = at.astimezone(ZoneInfo(clock.zone()))
    day = formats.date_format(local, "DATE_FORMAT")
    return day if (local.hour, local.minute) == (0, 0) else f"{day} {local:%H:%M}"


def _region(code: str) -> str:
    try:
        found = regions.region(code)
    except regions.UnknownRegion:
        return code
    return found.name_en if is_english() else found.name


def _word(words: Mapping[str, str]) -> Callable[[str], str]:
    return lambda code: gettext(words[code]) if code in words else code


_SAID: Mapping[str, Callable[[str], str]] = {
    "regions": _region,
    "tiers": _word({tier.value: word for tier, word in TIER_WORDS.items()}),
    "channels": _word({channel.value: word for channel, word in CHANNEL_WORDS.items()}),
    "aromas": _word({aroma.value: word for aroma, word in AROMA_NAMES.items()}),
    "labels": lambda label: label,
}
