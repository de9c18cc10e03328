"""What is said about policies where an order is changed: coupons, rebate, gifts; and what a change makes of them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.catalogue.selectors.known import known_skus
from core.kernel.actor import Actor
from core.kernel.errors import DomainError
from core.kernel.quantity import Unit
from core.kernel.text import normalised
from frontend.ui import format as words
from frontend.ui.inputs import MoneyField
from ordering.orders.rules.checks import CheckedLine
from ordering.orders.rules.evaluating import Wishes
from ordering.orders.selectors import CheckedAmendment, OrderDetail
from ordering.orders.selectors.amending import StandingLine

MOST_COUPONS = 10
_MOST_CODE = 30
_BETWEEN = re.compile(r"[\s,;，；、]+")


class CouponsField(forms.CharField):
    """Codes of coupons, with anything between them that parts words."""

    widget = forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"})

    def to_python(self, value: Any) -> Any:
        """The codes, each once, as they are written on coupons."""
        typed = _BETWEEN.split(normalised(str(value or "")).upper())
        codes = tuple(dict.fromkeys(code for code in typed if code))
        if len(codes) > MOST_COUPONS:
            raise ValidationError(_("One order takes at most %(most)s coupons."), params={"most": MOST_COUPONS})
        if any(len(code) > _MOST_CODE for code in codes):
            raise ValidationError(_("A coupon has at most %(most)s characters."), params={"most": _MOST_CODE})
        return codes

    def prepare_value(self, value: Any) -> Any:
        """The codes beside each other; what was typed stays as it was typed."""
        return ", ".join(value) if isinstance(value, (tuple, list)) else value


def wish_fields(*, currency: str, is_priced: bool) -> dict[str, forms.Field]:
    """Their fields; how much the pool pays only for who may see amounts."""
    fields: dict[str, forms.Field] = {"coupons": CouponsField(label=_("Coupons"), max_length=400, required=False)}
    if is_priced:
        words = _("Empty: as much of the rebate pool as this order may use. 0: none of it.")
        fields["rebate"] = MoneyField(label=_("Pay by rebate"), currency=currency, required=False, help_text=words)
    fields["without_gifts"] = forms.BooleanField(label=_("Order without gifts"), required=False)
    return fields


def wishes_standing(detail: OrderDetail) -> Wishes:
    """What was wished for with the order."""
    order = detail.order
    return Wishes(tuple(order.coupon_codes or ()), order.rebate_wanted, order.wants_no_gifts)


def first_values(was: Wishes) -> dict[str, Any]:
    """The fields as the order stands."""
    return {"coupons": was.coupons, "rebate": was.rebate, "without_gifts": was.without_gifts}


def wished(form: forms.Form, was: Wishes) -> Wishes | None:
    """What the bound ``form`` says; None where it says what stood: a coupon that is over by now may stay then.

    What cannot be read stays as it was: its field says so.
    """
    form.is_valid()
    said = form.cleaned_data
    now = replace(
        was,
        coupons=said.get("coupons", was.coupons),
        rebate=said.get("rebate", was.rebate),
        without_gifts=said.get("without_gifts", was.without_gifts),
    )
    return None if now == was else now


@dataclass(frozen=True, slots=True)
class GiftChange:
    """How much of a gift comes with the order before and after a change, in ``unit``."""

    sku_code: str
    sku_name: str
    sku_name_en: str
    unit: Unit
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Given:
    """What policies give before and after a change; amounts in minor units."""

    gifts: tuple[GiftChange, ...]
    was_discount: int
    discount: int
    was_rebate: int
    rebate: int


def gifts_short_words(fault: DomainError, *, name: str, per_case: int) -> str:
    """A gift that is out of stock, by its name and in cases; ``per_case`` bottles a case."""
    said = gettext(
        "The gift %(name)s is short: %(wanted)s to be given, %(free)s left after what is ordered."
        " Order without gifts, or less."
    )
    wanted, free = (words.quantity(int(fault.fields[field] or 0), per_case) for field in ("wanted", "free"))
    return said % {"name": name, "wanted": wanted, "free": free}


def given_by(actor: Actor, detail: OrderDetail, found: CheckedAmendment) -> Given:
    """Gifts, discount and rebate, old and new; one statement where there are gifts."""
    return Given(
        _gifts(actor, found),
        detail.order.discount or 0,
        found.checked.evaluated.discount,
        found.standing.rebate,
        found.checked.evaluated.rebate,
    )


def _gifts(actor: Actor, found: CheckedAmendment) -> tuple[GiftChange, ...]:
    before, after = _counted(found.standing.gifts), _counted(found.checked.gifts)
    keys = list(dict.fromkeys((*before, *after)))
    goods = known_skus(actor, {code for code, _unit in keys})
    names = {one.sku_code: one.sku_name for one in found.standing.gifts}
    told = []
    for code, unit in keys:
        known = goods.get(code)
        name, english = (known.name, known.name_en) if known else (names.get(code, code), "")
        told.append(GiftChange(code, name, english, unit, before.get((code, unit), 0), after.get((code, unit), 0)))
    return tuple(told)


def _counted(lines: Iterable[CheckedLine | StandingLine]) -> dict[tuple[str, Unit], int]:
    counted: dict[tuple[str, Unit], int] = {}
    for line in lines:
        key = (line.sku_code, line.unit)
        counted[key] = counted.get(key, 0) + line.quantity
    return counted
