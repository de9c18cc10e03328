"""Sales policies: the list, one policy with its use, neighbours and coupons, and what may be done with it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.kernel import clock
from core.kernel.errors import DomainError
from core.kernel.text import whole_of
from core.web.paging import page_of
from core.web.refusals import words_of
from core.web.requests import SignedInRequest
from frontend.console.doors import form_page, staff_page
from frontend.console.forms.promotion_acts import CouponForm, DecideForm
from frontend.console.lists import chips_of, choice_asked, ordered, pager_of, text_asked
from frontend.console.longacts import IMPORTS
from frontend.console.offers import offered_dealers
from frontend.console.once import KEY, new_key, once
from frontend.console.policywords import KIND_WORDS, state_of, together_words
from frontend.console.shell import shown
from frontend.console.tightwords import told_tight
from frontend.ui.refusals import REFUSED, did
from ordering.promotions import services
from ordering.promotions.permissions import Permission
from ordering.promotions.rules.life import FUNDING_WORDS, OPEN_VERSIONS, STATUS_WORDS, Funding, Status, VersionStatus
from ordering.promotions.selectors import (
    PolicyDetail,
    PolicyFilter,
    ToldPolicy,
    counts_by_status,
    coupons_visible_to,
    policies_visible_to,
    policy_detail,
    quotas_of,
    told_policies,
)
from ordering.promotions.selectors.squeezes import tight_goods_of
from ordering.promotions.services import DecidePolicy, StopPolicy

SHOWN_COUPONS = 50
INSTANT = timedelta(microseconds=1)
"""What ends at midnight ends with the day before."""
Forms = dict[str, forms.Form]


@staff_page(permission=Permission.READ)
def promotions(request: SignedInRequest) -> HttpResponse:
    """All policies of the house, the newest first, with what they have given of their budget."""
    asked = PolicyFilter.of(request.GET.dict())
    columns = {"code": (_("Promotion"), "code"), "until": (_("Time"), "current_version__ends_at")}
    found, sorts = ordered(
        request, policies_visible_to(request.actor, asked), columns, usual="-since", rising=("code", "until")
    )
    page = page_of(found, request, total=found.count())
    counts = counts_by_status(request.actor, asked)
    options = [("", _("All"), sum(counts.values()))]
    options += [(one.value, _(words), counts.get(one.value, 0)) for one, words in STATUS_WORDS.items()]
    context = {
        "lines": [_line(told, request.brand.time_zone) for told in told_policies(request.actor, page.rows)],
        "pager": pager_of(page.number, page.page_count, page.total or 0, len(page.rows)),
        "chips": chips_of(request, "status", options),
        "sorts": sorts,
        "q": text_asked(request),
        "status": choice_asked(request, "status", [one.value for one in Status]),
        "may_write": request.actor.can(Permission.WRITE),
        "imports": [IMPORTS[name] for name in ("promotions", "coupons")],
    }
    return shown(request, "console/promotions.html", context, at="promotions")


@dataclass(frozen=True, slots=True)
class Line:
    """A policy in the list: its days, where it stands, who pays, how much of its budget is gone (None: has none).

    ``following``: word and tone of a further version, where there is one.
    """

    told: ToldPolicy
    first_day: date
    last_day: date
    word: str
    tone: str
    following: tuple[str, str] | None
    funding: str
    used: int
    most: int | None
    is_money: bool


def _line(told: ToldPolicy, zone: str) -> Line:
    version, following = told.version, told.following
    days = clock.business_day(version.starts_at, zone), clock.business_day(version.ends_at - INSTANT, zone)
    word, tone = state_of(told.row.status, told.version)
    next_state = None if following is None else state_of(following.status, following)
    is_money = version.limit_amount is not None or version.limit_bottles is None
    used, most = (told.used_amount, version.limit_amount) if is_money else (told.used_bottles, version.limit_bottles)
    return Line(told, *days, word, tone, next_state, funding_word(told.row.funding), used, most, is_money)


@form_page(permission=Permission.READ)
def promotion(request: SignedInRequest, code: str) -> HttpResponse:
    """One policy, and what may be done with it now."""
    detail = policy_detail(request.actor, code)
    if request.method == "POST":
        return _act(request, detail)
    return _page(request, detail, {})


@dataclass(frozen=True, slots=True)
class May:
    """What the reader may do with the policy as it stands."""

    write: bool
    submit: bool
    take_back: bool
    delete: bool
    decide: bool
    pause: bool
    resume: bool
    end: bool
    give_coupons: bool
    is_own: bool

    @classmethod
    def of(cls, request: SignedInRequest, detail: PolicyDetail) -> "May":
        """By permission, by state, and by who wrote it."""
        actor, row, version = request.actor, detail.row, detail.newest.row
        writes = actor.can(Permission.WRITE)
        is_over, is_open = row.status == Status.ENDED, version.status in OPEN_VERSIONS
        waits = version.status == VersionStatus.SUBMITTED
        is_own = any(actor.stands_for(person) for person in version.touched_by_ids)
        return cls(
            write=writes and not is_over and not waits,
            submit=writes and not is_over and is_open and not waits,
            take_back=writes and waits,
            delete=writes and is_open and not waits,
            decide=actor.can(Permission.APPROVE) and waits and not is_over and not is_own,
            pause=writes and row.status == Status.LIVE,
            resume=writes and row.status == Status.PAUSED,
            end=writes and row.status in (Status.LIVE, Status.PAUSED),
            give_coupons=writes and not is_over and version.needs_coupon,
            is_own=is_own and waits,
        )


def _page(request: SignedInRequest, detail: PolicyDetail, bound: Forms) -> HttpResponse:
    actor, row = request.actor, detail.row
    may = May.of(request, detail)
    dealers = offered_dealers(actor) if may.give_coupons else []
    current, newest = detail.current, detail.newest
    word, tone = state_of(row.status, current.row)
    tight = () if row.status == Status.ENDED else tight_goods_of(actor, row.code, detail.newest.terms)
    context = {
        "policy": row,
        "detail": detail,
        "version": newest,
        "current": current,
        "following": None if current is newest else state_of(newest.row.status, newest.row),
        "versions": [(one, *state_of(one.row.status, one.row)) for one in detail.versions],
        "state_word": word,
        "state_tone": tone,
        "kind_word": KIND_WORDS[current.terms.kind][0],
        "funding_word": funding_word(current.terms.funding.value),
        "overlaps": [(one, together_words(one.together)) for one in detail.overlaps],
        "tight": told_tight(actor, tight),
        "coupons": coupons_visible_to(actor, row.code)[:SHOWN_COUPONS],
        "quotas": quotas_of(actor, row)[:SHOWN_COUPONS],
        "may": may,
        "decide_form": bound.get("decide") or DecideForm(initial={"version": row.version}),
        "coupon_form": bound.get("coupons") or CouponForm(dealers=dealers),
        "key_name": KEY,
        "key": request.POST.get(KEY) or new_key(),
    }
    return shown(request, "console/promotion.html", context, at="promotions", status=REFUSED if bound else 200)


def funding_word(code: str) -> str:
    """Who pays, in words."""
    return _(FUNDING_WORDS[Funding(code)])


# acts ------------------------------------------------------------------------------------------------


def _act(request: SignedInRequest, detail: PolicyDetail) -> HttpResponse:
    do, code = request.POST.get("act", ""), detail.row.code
    bound: Forms = {}
    if do in ("approve", "return"):
        bound = _decide(request, code)
    elif do == "coupons":
        bound = _give(request, code)
    elif do in STEPS:
        gone = _step(request, code, do)
        if gone:
            return redirect("console:promotions")
    return _page(request, detail, bound) if bound else redirect("console:promotion", code=code)


def _decide(request: SignedInRequest, code: str) -> Forms:
    form, approves = DecideForm(request.POST), request.POST.get("act") == "approve"

    def decide() -> None:
        said = form.cleaned_data
        command = DecidePolicy(code, said["version"], approves, said["reason"])
        services.decide_policy(actor=request.actor, command=command)

    if not did(form, decide):
        return {"decide": form}
    messages.success(request, _("Approved. It rules from its first day on.") if approves else _("Sent back."))
    return {}


def _give(request: SignedInRequest, code: str) -> Forms:
    form = CouponForm(request.POST, dealers=offered_dealers(request.actor))
    given: list[int] = []

    def give() -> None:
        asks = form.asks(request.brand.time_zone)
        verb = partial(services.give_coupons, actor=request.actor, policy_code=code, coupons=asks)
        given.append(int(once(request, lambda: str(len(verb())))))

    if not did(form, give, {"dealer": "dealers", "ends_at": "ends_on"}):
        return {"coupons": form}
    messages.success(request, _("Coupons given: %(count)s.") % {"count": given[0]})
    return {}


Step = Callable[[SignedInRequest, str, int], str]


def _submit(request: SignedInRequest, code: str, version: int) -> str:
    services.submit_policy(actor=request.actor, code=code, version=version)
    return _("Submitted. A colleague decides on it now.")


def _take_back(request: SignedInRequest, code: str, version: int) -> str:
    services.take_back_policy(actor=request.actor, code=code, version=version)
    return _("Taken back: it is a draft again.")


def _delete(request: SignedInRequest, code: str, _version: int) -> str:
    services.delete_draft(actor=request.actor, code=code)
    return _("The draft is gone.")


def _pause(request: SignedInRequest, code: str, version: int) -> str:
    services.pause_policy(actor=request.actor, command=_stop(request, code, version))
    return _("Paused: it gives nothing until it is resumed.")


def _resume(request: SignedInRequest, code: str, version: int) -> str:
    services.resume_policy(actor=request.actor, command=_stop(request, code, version))
    return _("It gives again.")


def _end(request: SignedInRequest, code: str, version: int) -> str:
    services.end_policy(actor=request.actor, command=_stop(request, code, version))
    return _("Ended. Orders that were placed keep what they got.")


def _withdraw(request: SignedInRequest, _code: str, _version: int) -> str:
    services.withdraw_coupon(actor=request.actor, code=request.POST.get("coupon", "")[:30])
    return _("The coupon opens nothing any more.")


def _stop(request: SignedInRequest, code: str, version: int) -> StopPolicy:
    return StopPolicy(code, version, request.POST.get("reason", "")[:200])


STEPS: dict[str, Step] = {
    "submit": _submit,
    "take_back": _take_back,
    "delete": _delete,
    "pause": _pause,
    "resume": _resume,
    "end": _end,
    "withdraw": _withdraw,
}


def _step(request: SignedInRequest, code: str, do: str) -> bool:
    """One button; whether the policy itself may be gone. A refusal is told above the page."""
    try:
        messages.success(request, STEPS[do](request, code, whole_of(request.POST.get("version", "")) or 0))
    except DomainError as refusal:
        if refusal.code in {"missing", "actor.not_permitted"}:
            raise
        for fault in refusal.problems()[:10]:
            messages.error(request, words_of(fault))
        return False
    return do == "delete" and not policies_visible_to(request.actor).filter(code=code).exists()
