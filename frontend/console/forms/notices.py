"""A notice as a form."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from core.kernel import clock, regions
from core.kernel.text import normalised
from dms.notices.models import Notice
from dms.notices.rules import MOST_BODY, MOST_TITLE, TIERS, TONES
from dms.notices.services import WriteNotice
from frontend.ui.inputs import DayField, text_field
from frontend.ui.places import name_to_type, place_called
from frontend.ui.vocabulary import term

TONE_WORDS = {"INFO": _("For your information"), "GOOD": _("Good news"), "WARN": _("Important"), "BAD": _("Urgent")}


Named = Callable[[Iterable[str]], list[tuple[str, str]]]
"""Code and name of the dealers that bear any of the words."""
_APART = re.compile(r"[，、;；\n]+")  # no comma: it stands in names of firms


def nobody_named(words: Iterable[str]) -> list[tuple[str, str]]:
    """What is known where nothing may be asked."""
    return []


class RegionsField(forms.CharField):
    """Divisions, one a line, by name or by their six digits; the value is their codes."""

    widget = forms.Textarea(attrs={"rows": 3})

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]  # a list of codes is what it is about
        """The codes; six digits are passed on: the verb knows which of them are divisions."""
        found = []
        for line in str(value or "").replace("，", "\n").replace("、", "\n").replace(",", "\n").splitlines():
            text = normalised(line)
            if not text:
                continue
            place = None if text.isascii() and text.isdigit() else place_called(text)
            if place is None and not (text.isascii() and text.isdigit()):
                raise ValidationError(
                    gettext("“%(value)s” names no single division. Write its province in front, or its six digits.")
                    % {"value": text[:40]}
                )
            found.append(place.code if place is not None else text)
        return found

    def prepare_value(self, value: Any) -> Any:
        """Codes as names, one a line; what was typed stays as it was typed."""
        if not isinstance(value, list):
            return value
        return "\n".join(_name(code) for code in value)


def _name(code: str) -> str:
    try:
        return gettext("Whole country") if code == regions.COUNTRY else name_to_type(code)
    except regions.UnknownRegion:
        return code


class HousesField(forms.CharField):
    """Dealers, one a line, by code or by name; the value is their codes. A script offers them by search."""

    widget = forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocomplete": "off"})

    def __init__(self, *, named: Named = nobody_named, **kwargs: Any) -> None:
        self.named = named
        super().__init__(**{"required": False, "max_length": 200_000, **kwargs})

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]  # a list of codes is what it is about
        """The codes; a name that several dealers bear, or nobody, is said."""
        lines = [normalised(line) for line in _APART.split(str(value or "")) if normalised(line)]
        heads = {line: line.split(" ")[0].upper() for line in lines}
        borne = self.named({*lines, *heads.values()})
        codes, by_name = {code for code, _ in borne}, defaultdict[str, list[str]](list)
        for code, name in borne:
            by_name[name].append(code)
        found: dict[str, None] = {}
        for line in lines:
            held = [heads[line]] if heads[line] in codes else by_name[line]
            if len(held) != 1:
                raise ValidationError(
                    gettext("“%(value)s” names no single dealer. Write its code, or choose it from the list.")
                    % {"value": line[:40]}
                )
            found[held[0]] = None
        return list(found)

    def prepare_value(self, value: Any) -> Any:
        """Codes with their names, one a line; what was typed stays as it was typed."""
        return "\n".join(f"{code} {name}" for code, name in self.named(value)) if isinstance(value, list) else value


class NoticeForm(forms.Form):
    """What it says, to whom, until when."""

    title = text_field(_("Title"), limit=MOST_TITLE, required=True)
    body = text_field(_("Text"), limit=MOST_BODY, required=True, rows=7)
    title_en = text_field(_("Title in English"), limit=MOST_TITLE)
    body_en = text_field(_("Text in English"), limit=MOST_BODY, rows=4)
    tone = forms.ChoiceField(label=_("How urgent"), choices=[(tone, TONE_WORDS[tone]) for tone in TONES])
    tiers = forms.MultipleChoiceField(label=_("Tiers"), required=False, widget=forms.CheckboxSelectMultiple)
    line_codes = forms.MultipleChoiceField(
        label=_("Product lines"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Dealers who hold ground for the line, and those they supply."),
    )
    region_codes = RegionsField(
        label=_("Divisions"), required=False, help_text=_("One a line, for example Jinan, Shandong. Empty: everywhere.")
    )
    labels = forms.MultipleChoiceField(
        label=_("Labels"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("Dealers that bear any.")
    )
    dealer_codes = HousesField(
        label=_("Single dealers"), help_text=_("Name or code, one a line. Empty: all whom this card names.")
    )
    until_on = DayField(label=_("Last day"), required=False, help_text=_("Empty: until it is withdrawn."))
    needs_receipt = forms.BooleanField(label=_("Ask every dealer to confirm having read it"), required=False)
    asks_again = forms.BooleanField(
        label=_("Ask again those who have read it already"), required=False, help_text=_("For changes of substance.")
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        lines: Sequence[tuple[str, str, str]],
        zone: str,
        is_out: bool,
        ground: Sequence[str] = (),
        labels: Sequence[str] = (),
        named: Named = nobody_named,
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        houses = self.fields["dealer_codes"]
        if isinstance(houses, HousesField):
            houses.named = named
            houses.widget.attrs |= {
                "data-picks": reverse("console:notice_houses"),
                "data-text-find": gettext("Search dealers: name, pinyin or code"),
                "data-text-none": gettext("No dealer fits"),
                "data-text-remove": gettext("Remove {name}"),
            }
        self.zone = zone
        self.ground = "、".join(_name(code) for code in ground)
        if ground:
            self.fields["region_codes"].help_text = gettext("Yours: %(ground)s, or divisions inside.") % {
                "ground": self.ground
            }
        is_english = (get_language() or "").startswith("en")
        self._offer("tiers", [(tier, term("tier", tier)) for tier in TIERS])
        self._offer("line_codes", [(code, (name_en if is_english else "") or name) for code, name, name_en in lines])
        self._offer("labels", [(label, label) for label in labels])
        if not labels:
            del self.fields["labels"]
        if not is_out:
            del self.fields["asks_again"]
        if not lines:
            del self.fields["line_codes"]

    def clean(self) -> dict[str, Any]:
        """Whoever answers for some divisions says which of them, or which dealers: empty would be the whole country."""
        said: dict[str, Any] = super().clean() or {}
        if self.ground and not said.get("region_codes", ["?"]) and not said.get("dealer_codes", ["?"]):
            words = gettext("Write whom it is for: %(ground)s, or divisions inside.") % {"ground": self.ground}
            self.add_error("region_codes", words)
        return said

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    @staticmethod
    def of(row: Notice, zone: str) -> dict[str, Any]:
        """What stands in the form of a notice that there is."""
        names = ("title", "body", "title_en", "body_en", "tone", "tiers", "line_codes", "region_codes", "labels")
        said = {name: getattr(row, name) for name in (*names, "needs_receipt", "version")}
        return {**said, "dealer_codes": vars(row)["named_codes"], "until_on": last_day(row.until_at, zone)}

    def command(self) -> WriteNotice:
        """What is asked of the room."""
        said = self.cleaned_data
        until: date | None = said["until_on"]
        return WriteNotice(
            **{name: said[name] for name in ("title", "body", "title_en", "body_en", "tone", "needs_receipt")},
            tiers=tuple(said["tiers"]),
            region_codes=tuple(said["region_codes"]),
            line_codes=tuple(said.get("line_codes", ())),
            labels=tuple(said.get("labels", ())),
            dealer_codes=tuple(said["dealer_codes"]),
            until_at=clock.end_of_day(until, self.zone) if until else None,
        )


class PublishForm(forms.Form):
    """When dealers see it."""

    on = DayField(label=_("From"), required=False, help_text=_("Empty: at once."))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["on"].widget.attrs["form"] = "notice-form"  # stands beside the notice, is sent with it

    def starts_at(self, zone: str) -> datetime | None:
        """The first instant of the day in the brand's zone; None: now."""
        day: date | None = self.cleaned_data["on"]
        return clock.start_of_day(day, zone) if day else None


def last_day(until: datetime | None, zone: str) -> date | None:
    """The last whole day of a half-open time that ends at the start of a day."""
    return clock.business_day(until - timedelta(microseconds=1), zone) if until else None
