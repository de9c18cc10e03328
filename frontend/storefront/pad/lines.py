"""What one line of the pad shows, and its ways out as buttons."""

from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from math import ceil
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from core.catalogue.selectors import FoundSku, Match
from core.kernel.quantity import MAX_BOTTLES, Unit
from frontend.storefront.coming import Coming
from frontend.storefront.faults import said
from frontend.storefront.goods import Look, free_cases, look_of
from frontend.ui import format as words
from frontend.ui.shapes import PriceTrace, Way
from frontend.ui.traces import trace_of
from ordering.orders.rules.checks import CheckedLine, WayOut
from ordering.orders.rules.checks import Way as Kind
from ordering.orders.rules.steps import NextStep
from ordering.orders.selectors import Aside, CartItem
from ordering.pricing.rules import PricedLine


@dataclass(frozen=True, slots=True)
class PadLine:
    """One line. ``aside_id`` 0: it lies in the cart. ``amount`` None: not in the total. Amounts in minor units.

    ``per_case`` is given where the buyer may change between cases and bottles, ``most`` where stock is known.
    ``grown`` says what the line held before the last paste added to it, ``listed`` what it costs before promotions,
    where they change that, ``policies`` the names of those that do. ``more`` orders as much as ``hint``
    speaks of, ``trace`` tells how the amount came about; ``has_story``: that is more than a price times a quantity.
    """

    number: int
    dom_id: str
    title: str
    note: str
    look: Look | None
    sku_code: str
    unit: str
    quantity: int | None
    per_case: int | None
    step: int
    most: int | None
    unit_price: int | None
    amount: int | None
    hint: str
    problems: tuple[str, ...]
    ways: tuple[Way, ...]
    aside_id: int = 0
    grown: str = ""
    listed: int | None = None
    policies: tuple[str, ...] = ()
    more: Way | None = None
    trace: PriceTrace | None = None
    has_story: bool = False
    coming: Coming | None = None

    @property
    def counted(self) -> str:
        """``12 箱``, ``3 瓶``."""
        return counted(self.quantity or 0, Unit(self.unit))

    @property
    def is_bad(self) -> bool:
        """Whether somebody has to look at it."""
        return bool(self.problems)

    @property
    def url(self) -> str:
        """The product's page, where it is one the buyer may see."""
        return reverse("storefront:product", args=[self.sku_code]) if self.look and self.sku_code else ""


def cart_line(
    number: int,
    item: CartItem,
    checked: CheckedLine,
    found: FoundSku | None,
    *,
    currency: str,
    before: int | None = None,
    is_priced: bool = True,
    policies: tuple[str, ...] = (),
    step: NextStep | None = None,
    coming: Coming | None = None,
) -> PadLine:
    """A line of the cart as checked; ``found`` is None for what is no longer on the shelf.

    ``before`` is what it held when the last paste added to it. Without ``is_priced`` no amount is shown. ``policies``
    by their names, ``step`` the next of its ladder that makes a unit cheaper, ``coming`` the price planned next.
    """
    offer, priced = checked.offer, checked.priced if is_priced else None
    told = priced if checked.is_good else None
    look = look_of(found) if found else None
    name = look.name if look else item.sku_name
    problems = tuple(said(fault, per_case=item.bottles_per_case, name=name).text for fault in checked.faults)
    return PadLine(
        number=number,
        dom_id=f"l-{item.sku_code}-{item.unit.value}",
        title=name,
        note=look.spec if look else item.sku_code,
        look=look,
        sku_code=item.sku_code,
        unit=item.unit.value,
        quantity=item.quantity,
        per_case=item.bottles_per_case if offer is not None and offer.sells_in == "BOTH" else None,
        step=offer.order_multiple if offer else 1,
        most=_most(checked),
        unit_price=priced.unit_price if priced else None,
        amount=told.amount if told else None,
        hint=_next_step(step, item, currency) if told and step else "",
        problems=problems,
        ways=tuple(_way_out(way, item) for way in dict.fromkeys(checked.ways)),
        grown=_grown(before, item) if before is not None else "",
        listed=checked.listed if told and checked.listed != told.amount else None,
        policies=policies if told else (),
        more=_up_to(step, item) if told and step else None,
        trace=_trace(told, name, item, currency) if told else None,
        has_story=told is not None and _has_story(told),
        coming=coming if priced else None,
    )


def _trace(priced: PricedLine, title: str, item: CartItem, currency: str) -> PriceTrace:
    return trace_of(
        priced.trace, title=title, unit=item.unit.value, amount=priced.amount, currency=currency, is_own=True
    )


def _has_story(priced: PricedLine) -> bool:
    """A policy, or a step of the list above the first."""
    steps, start = priced.trace.get("steps"), priced.trace.get("from_quantity")
    return (isinstance(steps, list) and len(steps) > 1) or (isinstance(start, int) and start > 1)


def _grown(before: int, item: CartItem) -> str:
    return _("was %(before)s, added %(more)s") % {
        "before": counted(before, item.unit),
        "more": counted(item.quantity - before, item.unit),
    }


def aside_line(
    number: int, aside: Aside, match: Match, checked: CheckedLine | None, *, is_priced: bool = True
) -> PadLine:
    """A line that was typed and names nothing orderable: why, and what it may have meant."""
    sku = match.sku
    look = look_of(sku) if sku else None
    problem, ways = _aside_problem(aside, match, checked)
    return PadLine(
        number=number,
        dom_id=f"a-{aside.id}",
        title=look.name if look else aside.name or (aside.term if match.candidates else _("Unknown product")),
        note=f"{look.spec} · {_pasted(aside)}" if look and not aside.name else look.spec if look else _pasted(aside),
        look=look,
        sku_code=sku.code if sku else "",
        unit=aside.unit or Unit.CASE.value,
        quantity=aside.quantity,
        per_case=sku.bottles_per_case if sku and sku.sells_in == "BOTH" else None,
        step=1,
        most=None,
        unit_price=checked.priced.unit_price if is_priced and checked and checked.priced else None,
        amount=None,
        hint="",
        problems=problem,
        ways=ways,
        aside_id=aside.id,
    )


def _pasted(aside: Aside) -> str:
    return _("Typed: %(text)s") % {"text": aside.raw}


def _most(checked: CheckedLine) -> int | None:
    """The largest quantity the buttons go up to; more may be typed and is told why not."""
    if checked.offer is None or checked.free_bottles is None:
        return None
    if checked.unit is Unit.BOTTLE:
        return checked.free_bottles
    return free_cases(checked.free_bottles, checked.offer.bottles_per_case)


def _next_step(step: NextStep, item: CartItem, currency: str) -> str:
    """What the next step of the ladder makes of one unit, all policies counted."""
    return _("%(more)s more: a unit nets %(price)s, %(saving)s less") % {
        "more": counted(step.quantity - item.quantity, item.unit),
        "price": words.money(step.net, currency),
        "saving": words.money(step.saving, currency),
    }


def _up_to(step: NextStep, item: CartItem) -> Way:
    """One tap that orders as much as the step asks for."""
    fields = [("sku", item.sku_code), ("unit", item.unit.value), ("was", str(item.quantity))]
    label = counted(step.quantity - item.quantity, item.unit)
    return Way(label, reverse("storefront:pad_line"), "post", (*fields, ("quantity", str(step.quantity))))


def counted(quantity: int, unit: Unit) -> str:
    """``12 箱``, ``3 瓶``."""
    return words.cases_text(quantity) if unit is Unit.CASE else words.bottles_text(quantity)


def _way_out(way: WayOut, item: CartItem) -> Way:
    fields = [("sku", item.sku_code), ("unit", item.unit.value), ("was", str(item.quantity))]
    url = reverse("storefront:pad_line")
    if way.way is Kind.REMOVE or way.unit is None:
        return Way(_("Remove this line"), url, "post", (*fields, ("quantity", "0")))
    fields += [("quantity", str(way.quantity)), ("new_unit", way.unit.value)]
    return Way(_("Change to %(quantity)s") % {"quantity": counted(way.quantity, way.unit)}, url, "post", tuple(fields))


def _aside_problem(aside: Aside, match: Match, checked: CheckedLine | None) -> tuple[tuple[str, ...], tuple[Way, ...]]:
    drop = _aside_way(_("Remove this line"), aside, act="drop")
    if aside.problem:
        text = _(aside.problem)
        said_so = text % {"value": aside.value} if "%(value)s" in text else text
        if match.sku is not None:
            return (said_so,), (*_whole_quantity(aside), drop)
        return (said_so,), (*_choices(aside, match), drop)
    if match.sku is not None and checked is not None:
        if checked.is_good:
            return (_("This line was set aside. It can be ordered now."),), (
                _aside_way(_("Put it back"), aside, act="take", sku=match.sku.code),
                drop,
            )
        look = look_of(match.sku)
        per_case = match.sku.bottles_per_case
        problems = tuple(said(fault, per_case=per_case, name=look.name).text for fault in checked.faults)
        nearest = (_aside_quantity(aside, way.quantity, way.unit) for way in dict.fromkeys(checked.ways) if way.unit)
        if any(fault.code == "order.quantity" for fault in checked.faults):  # no cart can hold it as it stands
            return problems, (*nearest, drop)
        back = _aside_way(_("Put it back"), aside, act="take", sku=match.sku.code)
        return problems, (*nearest, back, drop)
    return _meant(aside, match, drop)


def _whole_quantity(aside: Aside) -> tuple[Way, ...]:
    """The whole quantity above zero that lies next to what was typed."""
    try:
        quantity = ceil(abs(Decimal(aside.value)))
    except (InvalidOperation, OverflowError, ValueError):
        return ()
    if not 0 < quantity < MAX_BOTTLES:
        return ()
    return (_aside_quantity(aside, quantity, aside.asked_unit or Unit.CASE),)


def _aside_quantity(aside: Aside, quantity: int, unit: Unit) -> Way:
    label = _("Change to %(quantity)s") % {"quantity": counted(quantity, unit)}
    way = _aside_way(label, aside, act="quantity")
    return replace(way, fields=(*way.fields, ("quantity", str(quantity)), ("unit", unit.value)))


def _choices(aside: Aside, match: Match) -> tuple[Way, ...]:
    """The products a term may have meant."""
    looks = ((look_of(candidate), candidate) for candidate in match.candidates)
    return tuple(
        _aside_way(f"{look.name} {look.spec}", aside, act="take", sku=candidate.code) for look, candidate in looks
    )


def _meant(aside: Aside, match: Match, drop: Way) -> tuple[tuple[str, ...], tuple[Way, ...]]:
    """What a term that names nothing surely may have meant."""
    search = Way(_("Search again"), f"{reverse('storefront:catalogue')}?{urlencode({'q': match.term})}")
    if not match.candidates:
        return (_("There is no product called “%(term)s”.") % {"term": match.term},), (search, drop)
    if len(match.candidates) == 1:
        look = look_of(match.candidates[0])
        text = _("There is no product called “%(term)s”; the nearest is “%(name)s”.") % {
            "term": match.term,
            "name": f"{look.name} {look.spec}",
        }
        choose = _aside_way(_("That is the one"), aside, act="take", sku=match.candidates[0].code)
        return (text,), (choose, search, drop)
    text = _("“%(term)s” may mean several products. Which one?") % {"term": match.term}
    return (text,), (*_choices(aside, match), drop)


def _aside_way(label: str, aside: Aside, *, act: str, sku: str = "") -> Way:
    fields = [("id", str(aside.id)), ("act", act)]
    if sku:
        fields.append(("sku", sku))
    return Way(label, reverse("storefront:pad_aside"), "post", tuple(fields))
