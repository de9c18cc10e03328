"""The simulator: what a cart, or an order of the past, costs under the policies of today, of a day, or a draft."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.translation import gettext as _

from core.catalogue.selectors.known import known_skus
from core.db.naming import called
from core.kernel.errors import DomainError, Missing
from core.kernel.quantity import Unit
from core.web.refusals import words_of
from core.web.requests import SignedInRequest
from frontend.console.doors import form_page
from frontend.console.forms.promotion_acts import SimulatorForm
from frontend.console.offers import offered_dealers
from frontend.console.shell import shown
from frontend.console.tightwords import TightRow, told_tight
from frontend.ui import format as words
from frontend.ui.refusals import REFUSED, put_on
from ordering.orders.selectors.simulated import may_simulate_orders, order_to_simulate, orders_called
from ordering.pricing.permissions import Permission as PricePermission
from ordering.promotions.permissions import Permission
from ordering.promotions.rules.life import OPEN_VERSIONS
from ordering.promotions.rules.outcome import Because
from ordering.promotions.selectors import (
    Simulate,
    SimulatedLine,
    SimulatedOutcome,
    Simulation,
    policies_visible_to,
    policy_detail,
    simulate,
    told_policies,
)
from ordering.promotions.selectors.squeezes import tight_goods

MOST_DRAFTS = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what policies did to it, and how far its net price stays above the red line (None: has none)."""

    outcome: SimulatedOutcome
    quantity: str
    steps: tuple[tuple[str, int], ...]
    distance: int | None


@form_page(permission=Permission.READ)
def simulator(request: SignedInRequest) -> HttpResponse:
    """The question above, the answer below."""
    actor = request.actor
    actor.require(PricePermission.READ, writes=False)
    drafts = _drafts(request)
    is_asked = request.method == "POST"
    form = SimulatorForm(
        request.POST if is_asked else None,
        initial={"draft": request.GET.get("draft", "")[:30]},
        dealers=offered_dealers(actor),
        drafts=drafts,
        reads_orders=may_simulate_orders(actor),
    )
    context: dict[str, object] = {"form": form}
    if is_asked and form.is_valid():
        found = _simulated(request, form)
        if found is not None:
            context |= _told(request, found) | {"tight": _tight(request, form, found)}
    status = REFUSED if is_asked and form.errors else 200
    return shown(request, "console/simulator.html", context, at="promotions", status=status)


def _drafts(request: SignedInRequest) -> list[tuple[str, str]]:
    """Policies with a version that is not decided yet."""
    rows = policies_visible_to(request.actor).filter(versions__status__in=OPEN_VERSIONS).distinct()[:MOST_DRAFTS]
    told = told_policies(request.actor, rows, of_newest=True)
    return [(one.row.code, f"{called(one.terms)} · {one.headline}") for one in told]


def _simulated(request: SignedInRequest, form: SimulatorForm) -> Simulation | None:
    said = form.cleaned_data
    try:
        lines = _ordered(request, form, said["order"]) if said.get("order") else form.cart(request.actor)
        if form.errors:
            return None
        draft = policy_detail(request.actor, said["draft"]).newest.terms.document() if said["draft"] else None
        asked = Simulate(
            said["dealer"],
            lines,
            at=form.at(request.brand.time_zone),
            draft=draft,
            draft_of=said["draft"],
            coupons=tuple(said["coupons"]),
            is_first_order=said["is_first_order"],
        )
        return simulate(request.actor, asked)
    except DomainError as refusal:
        if refusal.code == "missing":
            missing = "order" if "order" in refusal.fields else "dealer"
            form.add_error(missing, _("There is none of that name that you may see."))
        else:
            put_on(form, refusal, {"coupons": "coupons", "buyer": "dealer"})
        return None


def _ordered(request: SignedInRequest, form: SimulatorForm, number: str) -> tuple[SimulatedLine, ...]:
    """What an order of the past asked for, gifts apart; of a part of a number the form says whose orders bear it."""
    try:
        return order_to_simulate(request.actor, number)
    except Missing:
        meant = " / ".join(f"{one} ({buyer})" for one, buyer in orders_called(request.actor, number))
        if not meant:
            raise
        form.add_error("order", _("Which order? %(orders)s") % {"orders": meant})
        return ()


def _tight(request: SignedInRequest, form: SimulatorForm, found: Simulation) -> tuple[TightRow, ...]:
    """The cart's goods on which the tiers are left without a margin, with the draft where one is tried."""
    code = form.cleaned_data["draft"]
    tried = (code, policy_detail(request.actor, code).newest.terms) if code else None
    lines = [SimulatedLine(one.sku_code, one.quantity, one.unit) for one in found.lines]
    return told_tight(request.actor, tight_goods(request.actor, lines, at=found.at, tried=tried))


def _told(request: SignedInRequest, found: Simulation) -> dict[str, object]:
    policies = {one.code: called(one) for one in policies_visible_to(request.actor)}
    evaluated = {line.line_no: line for line in found.evaluation.lines}
    names = {one.sku for one in found.evaluation.gifts}
    goods = known_skus(request.actor, sorted(names))
    rows = [
        Row(
            line,
            _counted(line.quantity, line.unit),
            tuple((policies.get(step.policy, step.name), -step.off) for step in evaluated[line.line_no].steps),
            None if line.floor is None else line.net - line.floor,
        )
        for line in found.lines
    ]
    gifts = [
        (
            called(goods[one.sku]) if one.sku in goods else one.sku,
            one,
            _counted(one.quantity, one.unit),
            policies.get(one.policy, one.name),
        )
        for one in found.evaluation.gifts
    ]
    told = [(policies.get(one.policy, one.policy), _because(one.because)) for one in found.evaluation.told]
    return {
        "found": found,
        "rows": rows,
        "gifts": gifts,
        "told": told,
        "faults": [words_of(fault) for fault in found.faults],
        "worst": min((row.distance for row in rows if row.distance is not None), default=None),
    }


def _counted(quantity: int, unit: Unit) -> str:
    return words.cases_text(quantity) if unit is Unit.CASE else words.bottles_text(quantity)


def _because(because: Because) -> tuple[str, str]:
    said = {
        Because.GIVEN: (_("gives"), "good"),
        Because.AUDIENCE: (_("not for this dealer"), ""),
        Because.GOODS: (_("none of its goods"), ""),
        Because.STEP: (_("step not reached"), "info"),
        Because.BETTER: (_("another one gives more"), "info"),
        Because.USED_UP: (_("used up"), "warn"),
        Because.NOTHING_TO_TAKE: (_("nothing left to take off"), ""),
        Because.EMPTY_POOL: (_("no rebate in the pool to pay with"), ""),
    }
    return said[because]
