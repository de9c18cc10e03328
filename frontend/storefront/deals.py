"""What promotions make of a cart, as its pages show it: sums, gifts, the way to the next step, a step that was lost."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext as _

from billing.ledger.permissions import Permission as LedgerPermission
from core.catalogue.selectors.known import known_skus
from core.db.naming import is_english
from core.kernel.actor import Actor
from core.kernel.errors import DomainError
from core.kernel.quantity import Unit
from frontend.storefront.faults import Said, said
from frontend.storefront.goods import Look, look_of
from frontend.storefront.pad.lines import PadLine, counted
from frontend.ui import format as words
from frontend.ui.shapes import Way
from frontend.ui.templatetags.ui import percent_bp
from ordering.orders.rules.checks import CheckedLine
from ordering.orders.selectors import CheckedCart
from ordering.orders.selectors.evaluating import Evaluated
from ordering.promotions.rules.engine import evaluate
from ordering.promotions.rules.hints import LostStep, Nudge
from ordering.promotions.rules.policies import Gift, Ladder, Measure, Policy, Stage

MOST_HINTS = 3
"""The nearest steps; more would be a catalogue."""


@dataclass(frozen=True, slots=True)
class GiftRow:
    """Goods that come with the order and cost nothing; ``policy`` by its name."""

    title: str
    note: str
    look: Look | None
    quantity: str
    policy: str


@dataclass(frozen=True, slots=True)
class Hint:
    """How far a step is and what it brings; ``way`` adds the cheapest goods that reach it, where stock allows."""

    text: str
    way: Way | None = None


@dataclass(frozen=True, slots=True)
class Deals:
    """All that promotions do. Amounts in minor units; ``pool`` is what the house has got in rebates (None: not
    the seat's to see), of which this order may use ``rebate_most``.
    """

    listed: int = 0
    discount: int = 0
    rebate: int = 0
    gifts: tuple[GiftRow, ...] = ()
    hints: tuple[Hint, ...] = ()
    lost: tuple[str, ...] = ()
    pool: int | None = None
    rebate_most: int = 0
    has_gifts: bool = False

    @property
    def is_reduced(self) -> bool:
        """Whether the order costs something else than the price lists say."""
        return bool(self.discount or self.rebate)


NO_DEALS = Deals()


def deals_of(actor: Actor, checked: CheckedCart, lines: Iterable[PadLine], *, back: str = "") -> Deals:
    """What promotions do for ``checked``; one statement where there are gifts.

    ``lines`` are those of the page, ``back`` the page the ways of hints lead back to. Where the house keeps its
    purchase prices from the seat only gifts are told.
    """
    found = checked.evaluated
    if not found.policies:
        return NO_DEALS
    gifts = _gifts(actor, checked)
    has_gifts = any(policy.stage is Stage.GIFT for policy in found.policies)
    if not checked.is_priced:
        return Deals(gifts=gifts, has_gifts=has_gifts)
    by_number = {line.number: line for line in lines}
    currency, policies = checked.priced.currency, {policy.code: policy for policy in found.policies}
    nudges = [(nudge, policies[nudge.policy]) for nudge in checked.nudges][:MOST_HINTS]
    return Deals(
        listed=found.listed_total,
        discount=found.discount,
        rebate=found.rebate,
        gifts=gifts,
        hints=tuple(_hint(nudge, policy, found, by_number, currency, back) for nudge, policy in nudges),
        lost=tuple(_lost(one, found, currency) for one in checked.lost),
        pool=found.context.rebate_pool if actor.can(LedgerPermission.READ) else None,
        rebate_most=_rebate_most(found),
        has_gifts=has_gifts,
    )


def _gifts(actor: Actor, checked: CheckedCart) -> tuple[GiftRow, ...]:
    looks = {code: look_of(sku) for code, sku in known_skus(actor, {one.sku_code for one in checked.gifts}).items()}
    return tuple(_gift(line, looks.get(line.sku_code), checked.evaluated) for line in checked.gifts)


def _gift(line: CheckedLine, look: Look | None, found: Evaluated) -> GiftRow:
    name = line.offer.sku_name if line.offer else line.sku_code
    return GiftRow(
        look.name if look else name,
        look.spec if look else line.sku_code,
        look,
        counted(line.quantity, line.unit),
        name_of_policy(found, line.gift_of),
    )


def said_of_gifts(fault: DomainError, checked: CheckedCart) -> Said:
    """A refusal of the whole, which may speak of gifts: by their name and in cases."""
    offer = checked.evaluated.offers.get(str(fault.fields.get("sku") or ""))
    return said(fault, per_case=offer.bottles_per_case, name=offer.sku_name) if offer else said(fault)


def name_of_policy(found: Evaluated, code: str) -> str:
    """The policy's name in the reader's language."""
    terms = found.live.terms.get(code)
    if terms is None:
        return code
    return (is_english() and terms.name_en) or terms.name


def policies_on(found: Evaluated, line: CheckedLine) -> tuple[str, ...]:
    """The names of the policies that make the line cost something else, each once."""
    steps = line.priced.trace.get("steps") if line.priced else None
    codes = (str(step["policy"]) for step in _told(steps) if step.get("step") == "policy")
    return tuple(dict.fromkeys(name_of_policy(found, code) for code in codes))


def _told(steps: object) -> list[dict[str, object]]:
    return [step for step in steps if isinstance(step, dict)] if isinstance(steps, list) else []


def _rebate_most(found: Evaluated) -> int:
    """What the pool would pay if the buyer wished for all of it."""
    if found.wishes.rebate is None:
        return found.rebate
    return evaluate(found.cart, found.policies, replace(found.context, rebate_wanted=None)).rebate


def _hint(
    nudge: Nudge, policy: Policy, found: Evaluated, lines: Mapping[int, PadLine], currency: str, back: str
) -> Hint:
    said = {
        "missing": _measured(nudge.measure, nudge.missing, currency),
        "gain": _gain(policy, nudge, currency),
        "policy": name_of_policy(found, policy.code),
    }
    line = lines.get(nudge.line_no or 0)
    way = _way(nudge, line, currency, back) if line is not None else None
    return Hint(_("%(missing)s more for %(gain)s: %(policy)s") % said, way)


def _measured(measure: Measure, number: int, currency: str) -> str:
    if measure is Measure.CASES:
        return words.cases_text(number)
    if measure is Measure.AMOUNT:
        return words.money(number, currency)
    return _("%(count)s other products") % {"count": number}


def _gain(policy: Policy, nudge: Nudge, currency: str) -> str:
    """What the next step gives."""
    reward = policy.reward
    if isinstance(reward, Gift):
        return _("%(count)s free") % {"count": counted(reward.give, reward.unit)}
    if isinstance(reward, Ladder):
        step = next((one for one in reward.steps if one.start == nudge.start), reward.steps[0])
        off = words.money(step.off, currency) if step.off else percent_bp(step.off_bp)
        return _("%(amount)s off") % {"amount": off}
    return ""


def _way(nudge: Nudge, line: PadLine, currency: str, back: str) -> Way | None:
    """One tap that adds what is missing at the line where it costs least; None where stock does not allow it."""
    if line.aside_id or line.quantity is None:
        return None
    wanted = line.quantity + nudge.add
    wanted += -wanted % max(line.step, 1)
    if line.most is not None and wanted > line.most:
        return None
    said = {
        "quantity": counted(wanted - line.quantity, Unit(line.unit)),
        "name": line.title,
        "more": words.money(abs(nudge.more), currency),
    }
    less = nudge.more < 0
    text = _("Add %(quantity)s %(name)s, pay %(more)s less") if less else _("Add %(quantity)s %(name)s for %(more)s")
    fields = [("sku", line.sku_code), ("unit", line.unit), ("was", str(line.quantity)), ("quantity", str(wanted))]
    fields += [("back", back)] if back else []
    return Way(text % said, reverse("storefront:pad_line"), "post", tuple(fields))


def _lost(one: LostStep, found: Evaluated, currency: str) -> str:
    said = {
        "by": ", ".join(name_of_policy(found, code) for code in one.by),
        "start": words.money(one.start, currency),
        "policy": name_of_policy(found, one.policy),
        "lost": words.money(one.lost, currency),
    }
    return _("With “%(by)s” the order stays under %(start)s and misses a step of “%(policy)s” worth %(lost)s.") % said
