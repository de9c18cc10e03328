"""A sales policy as a form a marketing manager understands: what it gives, whom, which goods, when, how much.

Each kind of policy has a form with its own fields; ``document`` is what ``ordering.promotions.rules.reading`` reads.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.catalogue.rules import AROMA_NAMES
from core.kernel import clock
from core.kernel.errors import DomainError
from core.kernel.money import Money
from core.kernel.quantity import Unit
from core.kernel.text import normalised
from core.web.refusals import words_of
from dms.dealers.rules import CHANNEL_WORDS, TIER_WORDS
from frontend.console.forms.pickers import CodeField, offer_codes
from frontend.console.forms.policy_fields import (
    CodesField,
    OneCodeField,
    PercentField,
    PlacesField,
    boxes,
    clock_field,
    percent_of,
    row_count,
)
from frontend.ui.inputs import DayField, MoneyField, WholeField, text_field
from frontend.ui.templatetags.ui import fen_input
from ordering.promotions.rules.policies import Bundle, Ladder, Measure
from ordering.promotions.rules.reading import MOST_PARTS, MOST_STEPS
from ordering.promotions.rules.terms import AUDIENCE_SETS, GOODS_SETS, LIMIT_NAMES, Terms

PLAIN = ("name", "name_en", "group", "rank", "needs_coupon", "is_public", "tells_start", "brand_share_bp")
USUAL_ROWS = 5
UNITS = [(Unit.CASE.value, _("case")), (Unit.BOTTLE.value, _("bottle"))]
MEASURES = [
    (Measure.CASES.value, _("cases")),
    (Measure.AMOUNT.value, _("amount of money")),
    (Measure.SKUS.value, _("different products")),
]
TIERS = [(tier.value, _(words)) for tier, words in TIER_WORDS.items() if tier.value != "BRAND"]


class PolicyForm(forms.Form):
    """What every policy says. ``kind`` is a word of ``rules.terms.KINDS``; forms of single kinds add their own."""

    kind = ""
    own: tuple[str, ...] = ()
    """Fields of the kind, in the order of the page."""
    counts_bottles = True
    code = forms.CharField(
        label=_("Policy code"), max_length=30, help_text=_("Short, for your papers: 2026-MID-AUTUMN.")
    )
    name = text_field(_("Name"), limit=80, required=True)
    name_en = text_field(_("English name"), limit=80)
    tiers = boxes(_("Tiers"), TIERS, help_text=_("Nothing ticked: all of them."))
    channels = boxes(_("Channels"), [(one.value, _(words)) for one, words in CHANNEL_WORDS.items()])
    regions = PlacesField(label=_("Divisions"), help_text=_("Names or six digits, apart by commas. Empty: everywhere."))
    labels = CodesField(label=_("Labels"), help_text=_("Dealers that bear one of them."))
    dealers = CodesField(label=_("Single dealers"), help_text=_("Codes or names. Empty: all that fit."))
    first_order_only = forms.BooleanField(label=_("For a dealer's first order only"), required=False)
    needs_coupon = forms.BooleanField(label=_("Only with a coupon"), required=False)
    product_lines = boxes(_("Product lines"), [], help_text=_("Nothing ticked: all of them."))
    aromas = boxes(_("Aroma"), [(one.value, _(words)) for one, words in AROMA_NAMES.items()])
    skus = CodesField(label=_("Single products"), help_text=_("Codes or names, one a line. Empty: all that fit."))
    without = CodesField(label=_("But not these products"))
    starts_on = DayField(label=_("First day"))
    starts_time = clock_field(_("Starting hour"), _("Empty: midnight."))
    ends_on = DayField(label=_("Last day"))
    ends_time = clock_field(_("Ending hour"), _("Empty: the end of the day."))
    limit_amount = MoneyField(label=_("Budget in all"), required=False, help_text=_("Gifts count by list price."))
    limit_dealer_amount = MoneyField(label=_("Of it one dealer at most"), required=False)
    limit_bottles = WholeField(label=_("Bottles in all"), required=False)
    limit_dealer_bottles = WholeField(label=_("Bottles of one dealer at most"), required=False)
    brand_share_bp = PercentField(
        label=_("The brand pays"), help_text=_("In %; the dealer pays the rest."), required=False
    )
    group = CodeField(
        label=_("Group"),
        limit=20,
        required=False,
        max_length=20,
        help_text=_("Of the policies in one group only the best gives. Empty: it adds up."),
    )
    rank = WholeField(label=_("Rank"), high=9_999, required=False, help_text=_("Among equals the lower first."))
    is_public = forms.BooleanField(label=_("Also shown to dealers it is not for"), required=False)
    tells_start = forms.BooleanField(label=_("Write to those it is for when it begins"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        currency: str,
        is_new: bool,
        product_lines: Sequence[tuple[str, str]],
        dealers: Sequence[tuple[str, str]],
        skus: Sequence[tuple[str, str]],
        groups: Sequence[str] = (),
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.currency = currency
        offer_codes(self, "group", [(group, "") for group in groups])
        if not is_new:
            del self.fields["code"]
        if not self.counts_bottles:
            del self.fields["limit_bottles"], self.fields["limit_dealer_bottles"]
        lines = self.fields["product_lines"]
        if isinstance(lines, forms.MultipleChoiceField):
            lines.choices = list(product_lines)
        searched = {"dealers": dealers, "labels": (), "skus": skus, "without": skus, "sku": skus}
        for name, options in searched.items():
            field = self.fields.get(name)
            if isinstance(field, CodesField):
                what = name if name in ("dealers", "labels") else "skus"
                field.search_at(reverse_lazy("console:promotion_find", args=[what]), options, is_one=name == "sku")
        for field in self.fields.values():
            if isinstance(field, MoneyField):
                field.currency = currency

    def own_fields(self) -> list[forms.BoundField]:
        """The fields of the kind."""
        return [self[name] for name in self.own]

    def document(self, zone: str) -> dict[str, Any]:
        """The terms as the room reads them; what was not said is left out."""
        said = self.cleaned_data
        starts = _instant(said.get("starts_on"), said.get("starts_time"), zone)
        ends_time = said.get("ends_time")
        ends = _instant(said.get("ends_on"), ends_time, zone, is_end=ends_time is None)
        share = said.get("brand_share_bp")
        return {
            "name": said.get("name", ""),
            "name_en": said.get("name_en", ""),
            "audience": {
                "starts_at": starts,
                "ends_at": ends,
                **{name: said.get(name, []) for name in AUDIENCE_SETS},
                "first_order_only": said.get("first_order_only", False),
                "needs_coupon": said.get("needs_coupon", False),
            },
            "goods": {name: said.get(name, []) for name in GOODS_SETS},
            "reward": {"kind": self.kind, **self.reward(said)},
            "group": said.get("group", ""),
            "rank": said.get("rank") or 0,
            "limits": {name: said.get(f"limit_{name}") for name in LIMIT_NAMES},
            "brand_share_bp": 10_000 if share is None else share,
            "is_public": said.get("is_public", False),
            "tells_start": said.get("tells_start", False),
        }

    def reward(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """What it gives, of ``said``; by the kinds."""
        return {name: said.get(name) for name in self.own}

    def places(self) -> dict[str, str]:
        """The form's field for each place of the document a fault may name."""
        found = {"audience.starts_at": "starts_on", "audience.ends_at": "ends_on"}
        found |= {
            f"limits.{name}": f"limit_{name}" for name in ("amount", "bottles", "dealer_amount", "dealer_bottles")
        }
        found |= {f"audience.{name}": name for name in ("tiers", "regions", "channels", "labels", "dealers")}
        found |= {f"goods.{name}": name for name in ("skus", "product_lines", "aromas", "without")}
        return found | {f"reward.{name}": name for name in self.own}

    @classmethod
    def first_values(cls, terms: Terms, zone: str, currency: str) -> dict[str, Any]:
        """Terms of a policy in ``currency`` as the form's first values."""
        audience, goods = terms.audience, terms.goods
        starts, ends = audience.starts_at.astimezone(ZoneInfo(zone)), audience.ends_at.astimezone(ZoneInfo(zone))
        ends_at_midnight = ends.time() == time(0)
        return {
            **{
                name: getattr(terms, name)
                for name in ("name", "name_en", "group", "rank", "needs_coupon", "is_public", "tells_start")
            },
            **{name: sorted(getattr(audience, name)) for name in ("tiers", "regions", "channels", "labels", "dealers")},
            **{name: sorted(getattr(goods, name)) for name in ("skus", "product_lines", "aromas", "without")},
            **{f"limit_{name}": getattr(terms.limits, name) for name in ("amount", "bottles")},
            **{f"limit_{name}": getattr(terms.limits, name) for name in ("dealer_amount", "dealer_bottles")},
            "first_order_only": audience.first_order_only,
            "starts_on": starts.date(),
            "starts_time": None if starts.time() == time(0) else starts.time(),
            "ends_on": clock.business_day(audience.ends_at - timedelta(microseconds=1), zone)
            if ends_at_midnight
            else ends.date(),
            "ends_time": None if ends_at_midnight else ends.time(),
            **cls.reward_values(terms, currency),
        }

    @classmethod
    def reward_values(cls, terms: Terms, currency: str) -> dict[str, Any]:
        """What it gives as first values; by the kinds."""
        return {name: getattr(terms.reward, name, None) for name in cls.own}


def _instant(day: date | None, at: time | None, zone: str, *, is_end: bool = False) -> str:
    if day is None:
        return ""
    if is_end:
        return clock.end_of_day(day, zone).isoformat()
    return datetime.combine(day, at or time(0), ZoneInfo(zone)).astimezone(UTC).isoformat()


class PercentForm(PolicyForm):
    """限时折扣 in per cent."""

    kind = "PERCENT_OFF"
    own = ("off_bp",)
    off_bp = PercentField(label=_("Off the list price, in %"))


class FixedForm(PolicyForm):
    """限时特价."""

    kind = "FIXED_PRICE"
    own = ("amount", "unit")
    amount = MoneyField(label=_("Price"))
    unit = forms.ChoiceField(label=_("For one"), choices=UNITS)


class LadderForm(PolicyForm):
    """坎级/满减: a row a step, as many as the policy has and some to go on with."""

    kind = "LADDER"
    own = ("measure", "repeats")
    counts_bottles = False
    measure = forms.ChoiceField(label=_("Counted in"), choices=MEASURES)
    repeats = forms.BooleanField(label=_("Again for every full step (one step with an amount)"), required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.rows = range(1, row_count(self, "start", usual=USUAL_ROWS, most=MOST_STEPS) + 1)
        for place in self.rows:
            self.fields[f"start_{place}"] = text_field(
                format_lazy(_("Step {number}: from"), number=place), limit=20, required=place == 1
            )
            self.fields[f"off_{place}"] = text_field(
                format_lazy(_("Step {number}: off"), number=place),
                limit=20,
                required=place == 1,
                help_text=_("An amount, or a percentage with %.") if place == 1 else "",
            )

    def steps(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The rows of the ladder."""
        return [(self[f"start_{place}"], self[f"off_{place}"]) for place in self.rows]

    def reward(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """The steps that were filled in; what cannot be read stands on the form."""
        steps = []
        for place in self.rows:
            start, off = said.get(f"start_{place}", ""), said.get(f"off_{place}", "")
            if start or off:
                steps.append({"start": self._start(place, start), **self._off(place, off)})
        return {"measure": said.get("measure"), "repeats": said.get("repeats", False), "steps": steps}

    def _start(self, place: int, text: str) -> int | None:
        if self.cleaned_data.get("measure") == Measure.AMOUNT.value:
            return self._money(f"start_{place}", text)
        plain = normalised(text).replace(",", "")
        if plain.isascii() and plain.isdigit() and len(plain) < 10:
            return int(plain)
        if plain:
            self.add_error(f"start_{place}", gettext("Write a whole number, for example 12."))
        return None

    def _off(self, place: int, text: str) -> dict[str, int | None]:
        plain = normalised(text)
        if not plain.endswith("%"):
            return {"off": self._money(f"off_{place}", plain) or 0}
        try:
            return {"off_bp": percent_of(plain.rstrip("%").strip())}
        except ValidationError as fault:
            self.add_error(f"off_{place}", fault)
            return {"off_bp": 0}

    def _money(self, name: str, text: str) -> int | None:
        if not text:
            return None
        try:
            return Money.parse(text, self.currency).amount
        except DomainError as refusal:
            self.add_error(name, words_of(refusal))
            return None

    def places(self) -> dict[str, str]:
        """Steps by the row they stand in: rows left empty between them count for nothing."""
        said = getattr(self, "cleaned_data", {})
        rows = [one for one in self.rows if said.get(f"start_{one}") or said.get(f"off_{one}")]
        found = {**super().places(), "reward.steps": "start_1"}
        for number, row in enumerate(rows, start=1):
            found |= {f"reward.steps.{number}.start": f"start_{row}"}
            found |= {f"reward.steps.{number}.{name}": f"off_{row}" for name in ("off", "off_bp")}
        return found

    @classmethod
    def reward_values(cls, terms: Terms, currency: str) -> dict[str, Any]:
        """The steps as people write them."""
        ladder = terms.reward
        if not isinstance(ladder, Ladder):
            return {}
        found: dict[str, Any] = {"measure": ladder.measure.value, "repeats": ladder.repeats}
        for place, step in enumerate(ladder.steps, start=1):
            is_money = ladder.measure is Measure.AMOUNT
            found[f"start_{place}"] = fen_input(step.start, currency) if is_money else str(step.start)
            found[f"off_{place}"] = fen_input(step.off, currency) if step.off else f"{step.off_bp / 100:g}%"
        return found


class BundleForm(PolicyForm):
    """组合: some cases of each product for one price."""

    kind = "BUNDLE"
    own = ("price",)
    price = MoneyField(label=_("Together for"))

    def __init__(self, *args: Any, skus: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, skus=skus, **more)
        self.rows = range(1, row_count(self, "part", usual=USUAL_ROWS, most=MOST_PARTS) + 1)
        for place in self.rows:
            self.fields[f"part_{place}"] = CodeField(label=_("Product"), limit=48, required=place == 1)
            self.fields[f"cases_{place}"] = WholeField(label=_("Cases"), required=place == 1)
            offer_codes(self, f"part_{place}", skus)

    def parts(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The rows of the bundle."""
        return [(self[f"part_{place}"], self[f"cases_{place}"]) for place in self.rows]

    def reward(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """The goods that were named; one that is named twice stands on the form."""
        parts: dict[str, int | None] = {}
        for place in self.rows:
            sku, cases = said.get(f"part_{place}"), said.get(f"cases_{place}")
            if sku in parts:
                self.add_error(f"part_{place}", gettext("This product stands in a row above already."))
            elif sku:
                parts[sku] = cases
        return {"parts": parts, "price": said.get("price")}

    def places(self) -> dict[str, str]:
        """Goods by their rows."""
        said = getattr(self, "cleaned_data", {})
        rows = {f"reward.parts.{said.get(f'part_{one}')}": f"part_{one}" for one in self.rows}
        return {**super().places(), **rows, "reward.parts": "part_1"}

    @classmethod
    def reward_values(cls, terms: Terms, currency: str) -> dict[str, Any]:
        """The goods row by row."""
        if not isinstance(terms.reward, Bundle):
            return {}
        found: dict[str, Any] = {"price": terms.reward.price}
        for place, (sku, cases) in enumerate(sorted(terms.reward.parts.items()), start=1):
            found |= {f"part_{place}": sku, f"cases_{place}": cases}
        return found


class GiftForm(PolicyForm):
    """搭赠."""

    kind = "GIFT"
    own = ("buy", "give", "unit", "sku", "most")
    buy = WholeField(label=_("For every … cases"), low=1)
    give = WholeField(label=_("Given free"), low=1)
    unit = forms.ChoiceField(label=_("Unit of the gift"), choices=UNITS)
    sku = OneCodeField(label=_("What is given"), rows=1, help_text=_("Empty: the same that is bought."))
    most = WholeField(label=_("One order gets at most"), required=False)

    def reward(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """As the room reads it."""
        return {**super().reward(said), "sku": said.get("sku") or ""}


class RebateForm(PolicyForm):
    """返利抵扣."""

    kind = "REBATE_OFFSET"
    own = ("cap_bp",)
    counts_bottles = False
    cap_bp = PercentField(label=_("The rebate pool pays at most, in %"))


KIND_FORMS: Mapping[str, type[PolicyForm]] = {
    form.kind: form for form in (PercentForm, FixedForm, LadderForm, BundleForm, GiftForm, RebateForm)
}
