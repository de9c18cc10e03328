"""Market quotes typed or pasted: where and when they were heard, then a row a product."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.catalogue.selectors import Match, named_skus
from core.kernel.actor import Actor
from core.kernel.errors import DomainError
from core.kernel.money import Money
from core.kernel.quantity import Unit
from core.kernel.text import normalised, whole_of
from core.web.refusals import words_of
from dms.sellthrough.errors import NotAQuote, QuoteUnsaid, SkuUnknown, TooManyQuotes
from dms.sellthrough.rules import MOST_SOURCE, UNITS, Heard
from frontend.console.forms.pickers import RegionField
from frontend.ui.inputs import DayField, text_field

EMPTY_ROWS = 8
MOST_ROWS = 300
_HEAD_FIELDS = frozenset({"region_code", "quoted_on", "source"})
_UNIT_WORDS: Mapping[str, Unit] = {
    **dict.fromkeys(("箱", "件", "case", "cases"), Unit.CASE),
    **dict.fromkeys(("瓶", "支", "bottle", "bottles"), Unit.BOTTLE),
}


class QuoteHeadForm(forms.Form):
    """Where and when the rows below were heard."""

    quoted_on = DayField(label=gettext_lazy("Day"))
    region_code = RegionField(with_country=True)
    source = text_field(
        gettext_lazy("Source"),
        limit=MOST_SOURCE,
        help_text=gettext_lazy("Who said so, for example a wholesale market or a rep."),
    )


@dataclass(frozen=True, slots=True)
class QuoteRow:
    """One row as it was typed; ``problem`` in words, ``field`` what it is about: ``sku`` or ``amount``."""

    term: str = ""
    amount: str = ""
    unit: str = Unit.BOTTLE.value
    problem: str = ""
    field: str = "sku"

    @property
    def is_empty(self) -> bool:
        """Nobody has typed here."""
        return not (self.term or self.amount)


def posted_rows(posted: Mapping[str, str]) -> list[QuoteRow]:
    """The rows of the form, then those pasted below them; empty ones left out. Raises ``TooManyQuotes``."""
    typed = typed_rows(posted)
    lines = [line for line in posted.get("text", "").splitlines() if line.strip()]
    if len(typed) + len(lines) > MOST_ROWS:
        raise TooManyQuotes(most=MOST_ROWS)
    usual = posted.get("paste_unit", Unit.BOTTLE.value)
    return [row for row in (*typed, *(_pasted(line, usual) for line in lines)) if not row.is_empty]


def typed_rows(posted: Mapping[str, str]) -> list[QuoteRow]:
    """The rows of the form alone; empty ones left out. More of them than may be written are still there to be seen."""
    count = min(whole_of(posted.get("rows", "")) or 0, 2 * MOST_ROWS)
    return [row for row in (_typed(posted, place) for place in range(count)) if not row.is_empty]


def _typed(posted: Mapping[str, str], place: int) -> QuoteRow:
    term, amount = (normalised(posted.get(f"{name}-{place}", ""))[:48] for name in ("sku", "amount"))
    return QuoteRow(term, amount, _unit(posted.get(f"unit-{place}", "")))


def _unit(word: str) -> str:
    return word if word in UNITS else Unit.BOTTLE.value


def _pasted(line: str, usual: str) -> QuoteRow:
    """A line of code, quote and perhaps unit, parted by tabs, semicolons, or blanks where there are none of them."""
    parts = [normalised(part) for part in re.split(r"[\t;；]", line)]
    if len(parts) == 1:
        parts = normalised(line).split()
    word = _UNIT_WORDS.get(parts[2].casefold() if len(parts) > 2 else "")
    return QuoteRow(parts[0][:48] if parts else "", parts[1][:48] if len(parts) > 1 else "", word or _unit(usual))


def read_rows(
    actor: Actor, rows: Sequence[QuoteRow], *, region_code: str, quoted_on: date, source: str, currency: str
) -> tuple[list[QuoteRow], list[Heard]]:
    """The rows with what is wrong with each, and the quotes they mean. One query, more where names are typed."""
    found = named_skus(actor, [row.term for row in rows if row.term])
    judged: list[QuoteRow] = []
    heard: list[Heard] = []
    for row in rows:
        match = found.get(row.term)
        try:
            code = _code_of(row.term, match)
        except DomainError as fault:
            judged.append(replace(row, problem=words_of(fault), field="sku"))
            continue
        try:
            quote = Heard(code, region_code, quoted_on, UNITS[row.unit], _amount(row, currency), source)
        except DomainError as fault:
            judged.append(replace(row, problem=words_of(fault), field="amount"))
        else:
            judged.append(row)
            heard.append(quote)
    return judged, heard


def _code_of(term: str, match: Match | None) -> str:
    """The product that is meant. Raises ``SkuUnknown``; where several may be meant it names them."""
    if match is not None and match.sku is not None:
        return match.sku.code
    if match is not None and match.candidates:
        meant = " / ".join(f"{other.name} ({other.code})" for other in match.candidates)
        raise SkuUnknown(text=_("“%(sku)s”: which one? %(names)s"), sku=term, names=meant)
    raise SkuUnknown(sku=term)


def _amount(row: QuoteRow, currency: str) -> int:
    if not row.amount:
        raise QuoteUnsaid(_("Enter a quote."))
    amount = Money.parse(row.amount, currency).amount
    if amount <= 0:
        raise NotAQuote
    return amount


def put_on(form: QuoteHeadForm, rows: Sequence[QuoteRow], refusal: DomainError) -> list[QuoteRow]:
    """Every fault to its row; what concerns place, day or source, or no row at all, to the head, once."""
    told = list(rows)
    heads: dict[tuple[str | None, str], None] = {}
    for fault in refusal.problems():
        if fault.line is None or fault.field in _HEAD_FIELDS:
            heads[fault.field if fault.field in _HEAD_FIELDS else None, words_of(fault)] = None
        elif fault.line <= len(told):
            about = "sku" if fault.field == "sku_code" or isinstance(fault, SkuUnknown) else "amount"
            told[fault.line - 1] = replace(told[fault.line - 1], problem=words_of(fault), field=about)
    for field, words in heads:
        form.add_error(field, words)
    return told


def with_empty(rows: Iterable[QuoteRow]) -> list[QuoteRow]:
    """The rows, and some to go on with."""
    return [*rows, *[QuoteRow()] * EMPTY_ROWS]
