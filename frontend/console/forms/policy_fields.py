"""Fields of a policy's form: shares, codes, places, days and hours."""

import re
from collections.abc import Iterable, Mapping
from datetime import time
from decimal import Decimal, DecimalException
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from core.kernel import regions
from core.kernel.text import normalised, whole_of
from frontend.ui.places import name_to_type, place_called

_CODE = re.compile(r"[A-Z0-9][A-Z0-9._-]*", re.ASCII | re.IGNORECASE)
_APART = re.compile(r"[,，、;；\t]+")


class PercentField(forms.Field):
    """A share in per cent with at most two decimals, kept in basis points: 2.5 → 250."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> int | None:
        """Basis points; None for nothing. The verb says which shares make sense."""
        text = normalised(str(value or "")).rstrip("%").strip()
        return percent_of(text) if text else None

    def prepare_value(self, value: Any) -> Any:
        """250 → 2.5; what was typed stays as it was typed."""
        return f"{value / 100:g}" if isinstance(value, int) else value


def percent_of(text: str) -> int:
    """Basis points of a percentage as typed. Raises ``ValidationError``."""
    try:
        share = Decimal(text) * 100
    except DecimalException:
        share = Decimal("NaN")
    if not share.is_finite() or share != share.to_integral_value() or abs(share) > 1_000_000:
        raise ValidationError(gettext("Write a percentage, for example 2 or 2.5."))
    return int(share)


class CodesField(forms.CharField):
    """Several codes or names, apart by commas or lines; a name that only one of ``options`` bears is its code.

    A line may say a code and its name beside it, as the box of search puts them down; names of firms hold commas.
    """

    def __init__(self, *, rows: int = 2, **kwargs: Any) -> None:
        self.options: tuple[tuple[str, str], ...] = ()
        widget = forms.Textarea(attrs={"rows": rows, "spellcheck": "false", "autocomplete": "off"})
        super().__init__(**{"widget": widget, "required": False, "max_length": 200_000, **kwargs})

    def to_python(self, value: Any) -> Any:
        """The codes as a list."""
        names = {code: normalised(name) for code, name in self.options}
        words = [word for line in str(super().to_python(value)).splitlines() for word in _words_of(line, names)]
        return list(dict.fromkeys(self.code_of(word) for word in words if word))

    def code_of(self, word: str) -> str:
        """The code a word stands for; the word itself where nothing is known: the verb says so."""
        if any(word.upper() == code for code, _name in self.options):
            return word.upper()
        named = {code for code, name in self.options if name == word}
        if len(named) == 1:
            return named.pop()
        head = word.partition(" ")[0]
        return head.upper() if self.options and " " in word and _CODE.fullmatch(head) else word

    def prepare_value(self, value: Any) -> Any:
        """A code a line, with its name where that is known; what was typed stays as it was typed."""
        if not isinstance(value, list | tuple):
            return value
        names = dict(self.options)
        return "\n".join(f"{code} {names.get(code, '')}".rstrip() for code in value)

    def search_at(self, url: Any, options: Iterable[tuple[str, str]] = (), *, is_one: bool = False) -> None:
        """Let what is typed be searched for at ``url``; ``options`` tell the names of what is chosen already."""
        self.options = tuple(options)
        self.widget.attrs |= {
            "data-picks": url,
            "data-text-find": gettext("Name, pinyin or code"),
            "data-text-none": gettext("Nothing fits"),
            "data-text-remove": gettext("Remove {name}"),
            **({"data-most": "1"} if is_one else {}),
        }


def _words_of(line: str, names: Mapping[str, str]) -> list[str]:
    """What stands on a line apart by commas; a single word where the commas are of one name."""
    whole, words = normalised(line), [normalised(word) for word in _APART.split(line)]
    if whole in names.values() or (names and _is_one_of_many_words(whole, words[1:], names)):
        return [whole]
    return words


def _is_one_of_many_words(whole: str, others: list[str], names: Mapping[str, str]) -> bool:
    """Whether a line that begins with a code says its name and nothing else.

    The name may have changed meanwhile, or be of another language: then no other word may stand for itself.
    """
    head, _, rest = whole.partition(" ")
    known = names.get(head.upper())
    if not rest or (known is None and not _is_code(head)):
        return False
    if known and rest.startswith(known):
        return rest == known
    heads = [word.partition(" ")[0] for word in others]
    return not any(word in names.values() for word in others) and not any(
        one.upper() in names or _is_code(one) for one in heads
    )


def _is_code(word: str) -> bool:
    return _CODE.fullmatch(word) is not None and any(sign.isdigit() for sign in word)


class OneCodeField(CodesField):
    """The same for a single code."""

    def to_python(self, value: Any) -> Any:
        """The code; empty for none. Raises ``ValidationError`` for several."""
        codes = super().to_python(value)
        if len(codes) > 1:
            raise ValidationError(gettext("Name one only."))
        return codes[0] if codes else ""

    def prepare_value(self, value: Any) -> Any:
        """The code with its name."""
        known = isinstance(value, str) and any(value == code for code, _name in self.options)
        return super().prepare_value([value]) if known else value


class PlacesField(CodesField):
    """Divisions by name or by their six digits."""

    def code_of(self, word: str) -> str:
        """The division's code."""
        if word.isascii() and word.isdigit():
            return word
        found = place_called(word)
        return found.code if found is not None else word

    def prepare_value(self, value: Any) -> Any:
        """Names that lead back to the same codes."""
        return ", ".join(_place(code) for code in value) if isinstance(value, list | tuple) else value


def _place(code: str) -> str:
    try:
        return name_to_type(code)
    except regions.UnknownRegion:
        return code


def boxes(label: Any, choices: Iterable[tuple[str, Any]], **kwargs: Any) -> forms.MultipleChoiceField:
    """Any number of the choices, none needed."""
    return forms.MultipleChoiceField(
        label=label, choices=list(choices), required=False, widget=forms.CheckboxSelectMultiple, **kwargs
    )


class ClockInput(forms.TimeInput):
    """Hours and minutes; seconds too where there are any, so that saving again does not drop them."""

    def format_value(self, value: Any) -> Any:
        """What the browser's own picker takes."""
        return value.isoformat("seconds") if _has_seconds(value) else super().format_value(value)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """With a step of a second where it needs one: the picker takes whole minutes else."""
        return super().get_context(name, value, {**(attrs or {}), **({"step": "1"} if _has_seconds(value) else {})})


def _has_seconds(value: Any) -> bool:
    return isinstance(value, time) and bool(value.second)


def clock_field(label: Any, hint: Any) -> forms.TimeField:
    """An hour of the day, not needed."""
    return forms.TimeField(
        label=label,
        required=False,
        help_text=hint,
        widget=ClockInput(attrs={"type": "time"}, format="%H:%M"),
    )


def row_count(form: forms.Form, name: str, *, usual: int, most: int) -> int:
    """How many rows ``name_1``, ``name_2`` … a form has: as many as were sent, or as it begins with and a spare one."""
    told = form.data if form.is_bound else form.initial
    places = [whole_of(key.removeprefix(f"{name}_")) or 0 for key in told if key.startswith(f"{name}_")]
    return min(most, max(usual, max(places, default=0) + (not form.is_bound)))
