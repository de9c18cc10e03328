"""Price rounds: the list, a new one, one round with its lines, what it would change, and who decides."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from core.catalogue.selectors import lines_visible_to, skus_visible_to
from core.db.naming import called
from core.kernel import clock
from core.kernel.errors import DomainError
from core.kernel.text import whole_of
from core.web.paging import page_of
from core.web.refusals import words_of
from core.web.requests import SignedInRequest
from dms.notices.permissions import Permission as NoticePermission
from dms.notices.services.writing import WriteNotice, write_notice
from frontend.console.doors import form_page, staff_page
from frontend.console.forms.rounds import DecideForm, FillForm, HeadForm, PasteForm, RevertForm
from frontend.console.lists import chips_of, choice_asked, pager_of, text_asked
from frontend.console.once import KEY, new_key, once
from frontend.console.roundnotices import audience_of_round
from frontend.console.roundwords import STATE_WORDS
from frontend.console.shell import shown
from frontend.ui.refusals import REFUSED, did
from ordering.pricing.models import PriceList
from ordering.pricing.permissions import Permission
from ordering.pricing.selectors import lists_visible_to
from ordering.pricing.selectors.matrix import may_change
from ordering.rounds import services
from ordering.rounds.models import PriceRound
from ordering.rounds.rules import STEPS
from ordering.rounds.selectors import (
    STATES,
    PlannedLater,
    RoundFilter,
    counted,
    inversions_of,
    lines_of,
    lines_under_floor,
    planned_after,
    preview_of,
    reaches_outside,
    round_of,
    rounds_visible_to,
    state_of,
)
from ordering.rounds.services import ChangeRound, PutLines

WRITE_NOTICES = NoticePermission.WRITE
OPEN = ("DRAFT", "SUBMITTED", "APPROVED", "PUBLISHED")
"""What may still be looked through before it rules."""
SHOWN = 200
"""Lines on one page of a round."""


@staff_page(permission=Permission.READ)
def rounds(request: SignedInRequest) -> HttpResponse:
    """All rounds, the newest first, by state."""
    asked = RoundFilter.of(request.GET.dict())
    found = rounds_visible_to(request.actor, asked)
    page = page_of(counted(found), request, total=found.count())
    now = clock.now()
    options = [("", _("All"), None), *((state, str(STATE_WORDS[state][0]), None) for state in STATES)]
    context = {
        "lines": [(row, *STATE_WORDS[state_of(row, now)]) for row in page.rows],
        "pager": pager_of(page.number, page.page_count, page.total or 0, len(page.rows)),
        "chips": chips_of(request, "state", options),
        "q": text_asked(request),
        "state": choice_asked(request, "state", STATES),
        "may_edit": request.actor.can(Permission.EDIT),
    }
    return shown(request, "console/rounds.html", context, at="prices")


@form_page(permission=Permission.EDIT)
def new_round(request: SignedInRequest) -> HttpResponse:
    """A draft."""
    form = HeadForm(request.POST or None)
    made: list[str] = []

    def draft() -> None:
        head = form.head(request.brand.time_zone)
        made.append(once(request, lambda: services.draft_round(actor=request.actor, head=head).number))

    if request.method == "POST" and did(form, draft, HEAD_FIELDS):
        messages.success(request, _("The draft is open. Put the new prices on it."))
        return redirect("console:round", number=made[0])
    context = {"form": form, "key": request.POST.get(KEY) or new_key(), "key_name": KEY}
    return shown(request, "console/round_new.html", context, at="prices", status=REFUSED if form.errors else 200)


HEAD_FIELDS = {"takes_effect_at": "takes_effect_on"}


@form_page(permission=Permission.READ)
def price_round(request: SignedInRequest, number: str) -> HttpResponse:
    """One round: its lines old beside new, whom it reaches, and what may be done with it now."""
    row = round_of(request.actor, number)
    if request.method == "POST":
        return _act(request, row)
    return _page(request, row, {})


Forms = dict[str, forms.Form]


def _page(request: SignedInRequest, row: PriceRound, bound: Forms) -> HttpResponse:
    actor, zone, now = request.actor, request.brand.time_zone, clock.now()
    state = state_of(row, now)
    is_outside = reaches_outside(actor, row)
    may_edit, may_approve = (not is_outside and actor.can(code) for code in (Permission.EDIT, Permission.APPROVE))
    everything = lines_of(actor, row)
    breaks = {one.line_id: one.floor for one in lines_under_floor(row)}
    only = choice_asked(request, "only", ("same", "floor"))
    found = [line for line in everything if not only or (line.is_same if only == "same" else line.id in breaks)]
    page = page_of(found, request, total=len(found), size=SHOWN)
    same = sum(line.is_same for line in everything)
    options = [
        ("", _("All"), len(everything)),
        ("floor", _("Under the floor"), len(breaks)),
        ("same", _("Without change"), same),
    ]
    names = {line.sku_id: line for line in everything}
    is_own = any(actor.stands_for(person) for person in row.touched_by_ids)
    may_write = may_edit and row.status in STEPS["change"]
    lists = _changeable(request) if may_write else []
    context = {
        "round": row,
        "state": state,
        "state_word": STATE_WORDS[state][0],
        "state_tone": STATE_WORDS[state][1],
        "lines": [(line, breaks.get(line.id)) for line in page.rows],
        "line_count": len(everything),
        "break_count": len(breaks),
        "pager": pager_of(page.number, page.page_count, page.total or 0, len(page.rows)),
        "chips": chips_of(request, "only", options),
        "preview": preview_of(actor, row) if everything else None,
        "inversions": [
            (names[one.sku_id], one) for one in inversions_of(actor, row, everything) if one.sku_id in names
        ],
        "planned": _planned(request, row, {line.list_id for line in everything}) if state in OPEN else (),
        "is_own": is_own,
        "is_outside": is_outside,
        "may_write": may_write,
        "may_submit": may_write and bool(everything),
        "may_decide": may_approve and not is_own and row.status in STEPS["decide"],
        "may_publish": (may_edit or may_approve) and row.status in STEPS["publish"],
        "may_withdraw": _may_withdraw(row, state, may_edit=may_edit, may_approve=may_approve),
        "notice_url": _notice_url(request, row) if state in ("PUBLISHED", "IN_FORCE") else "",
        "may_revert": may_edit and row.status in STEPS["revert"] and state == "IN_FORCE",
        "head_form": bound.get("save") or HeadForm(initial=HeadForm.of(row, zone)),
        "paste_form": bound.get("paste") or PasteForm(lists=lists),
        "fill_form": bound.get("fill") or FillForm(lists=lists, lines=_product_lines(request) if may_write else ()),
        "decide_form": bound.get("decide") or DecideForm(initial={"version": row.version}),
        "key_name": KEY,
        "key": request.POST.get(KEY) or new_key(),
        "revert_form": bound.get("revert") or RevertForm(),
    }
    return shown(request, "console/round.html", context, at="prices", status=REFUSED if bound else 200)


def _planned(request: SignedInRequest, row: PriceRound, list_ids: set[int]) -> list[PlannedLater]:
    """Where prices of the round change again after it begins."""
    later = planned_after(request.actor, sorted(list_ids), after=row.takes_effect_at, round_id=row.pk)
    return [one for one in later if one.on_round]


def _notice_url(request: SignedInRequest, row: PriceRound) -> str:
    """Where the notice to the dealers (提价通知) is written, its first words put down already.

    Empty where a notice cannot be for just the dealers of the round: nobody, or too many of them.
    """
    actor = request.actor
    if not actor.can(WRITE_NOTICES) or audience_of_round(actor, row, only_raised=False) is None:
        return ""
    said = {"title": row.title, "body": _notice_words(row, request.brand.time_zone), "round": row.number}
    return f"{reverse('console:new_notice')}?{urlencode(said)}"


def _notice_words(row: PriceRound, zone: str) -> str:
    said = {"day": clock.business_day(row.takes_effect_at, zone).isoformat()}
    body = _("New prices rule from %(day)s on.") % said
    if row.funded_until is not None:
        until = clock.business_day(row.funded_until - timedelta(microseconds=1), zone)
        body += " " + _("Orders placed before keep the old price if they are approved by %(day)s.") % {
            "day": until.isoformat()
        }
    return body


def _drafted_notice(request: SignedInRequest, row: PriceRound) -> bool:
    """Draft the notice of a raise, where the seat may write one and a notice can name just whom it touches."""
    can_write = request.actor.can(WRITE_NOTICES)
    audience = audience_of_round(request.actor, row, only_raised=True) if can_write else None
    if audience is None:
        return False
    words = _notice_words(row, request.brand.time_zone)
    command = WriteNotice(row.title, words, tone="WARN", **asdict(audience))
    try:
        write_notice(actor=request.actor, command=command)
    except DomainError:  # a seat of one region writes to its own dealers alone: it is offered the form instead
        return False
    return True


def _may_withdraw(row: PriceRound, state: str, *, may_edit: bool, may_approve: bool) -> bool:
    if state == "IN_FORCE" or row.status not in STEPS["withdraw"]:
        return False
    return may_approve if state == "PUBLISHED" else may_edit or may_approve


def _changeable(request: SignedInRequest) -> list[PriceList]:
    """The lists the seat answers for."""
    found = lists_visible_to(request.actor).filter(is_active=True).select_related("dealer").order_by("scope", "code")
    return [one for one in found if may_change(request.actor, one)]


def _product_lines(request: SignedInRequest) -> list[tuple[str, str]]:
    return [(one.code, called(one)) for one in lines_visible_to(request.actor)]


# acts ------------------------------------------------------------------------------------------------


def _act(request: SignedInRequest, row: PriceRound) -> HttpResponse:
    acts: dict[str, Callable[[SignedInRequest, PriceRound], Forms]] = {
        "save": _save,
        "paste": _paste,
        "fill": _fill,
        "approve": _decide,
        "return": _decide,
        "revert": _revert,
        "drop": _step,
        "submit": _step,
        "publish": _step,
        "withdraw": _step,
    }
    do = request.POST.get("act", "")
    if do in acts:
        bound = acts[do](request, row)
        if bound:
            return _page(request, row, bound)
    return redirect("console:round", number=vars(request).pop("next_round", row.number))


def _save(request: SignedInRequest, row: PriceRound) -> Forms:
    form = HeadForm(request.POST)

    def save() -> None:
        command = ChangeRound(row.number, _version(request), form.head(request.brand.time_zone))
        services.change_round(actor=request.actor, command=command)

    if not did(form, save, HEAD_FIELDS):
        return {"save": form}
    messages.success(request, _("Saved."))
    return {}


def _paste(request: SignedInRequest, row: PriceRound) -> Forms:
    form = PasteForm(request.POST, lists=_changeable(request))
    if not form.is_valid():
        return {"paste": form}
    puts = form.puts(dict(skus_visible_to(request.actor).values_list("code", "sells_in")))
    if form.errors:
        return {"paste": form}
    try:
        services.put_lines(actor=request.actor, command=PutLines(row.number, None, puts))
    except DomainError as refusal:
        form.refuse(refusal)
        return {"paste": form}
    messages.success(request, _("The prices stand on the round."))
    return {}


def _fill(request: SignedInRequest, row: PriceRound) -> Forms:
    form = FillForm(request.POST, lists=_changeable(request), lines=_product_lines(request))

    def fill() -> None:
        services.fill_round(actor=request.actor, command=form.command(row.number, _version(request)))

    if not did(form, fill):
        return {"fill": form}
    messages.success(request, _("The prices stand on the round. Look through them before you submit it."))
    return {}


def _decide(request: SignedInRequest, row: PriceRound) -> Forms:
    form, approves = DecideForm(request.POST), request.POST.get("act") == "approve"

    def decide() -> None:
        services.decide_round(actor=request.actor, command=form.command(row.number, approves=approves))

    if not did(form, decide):
        return {"decide": form}
    messages.success(
        request, _("Approved. Publish it so that the prices rule.") if approves else _("Sent back to its writers.")
    )
    return {}


def _revert(request: SignedInRequest, row: PriceRound) -> Forms:
    form = RevertForm(request.POST)

    def revert() -> None:
        at = form.starts_at(request.brand.time_zone)
        number = once(
            request,
            lambda: services.revert_round(actor=request.actor, number=row.number, takes_effect_at=at).number,
        )
        vars(request)["next_round"] = number

    if not did(form, revert, {"takes_effect_at": "on"}):
        return {"revert": form}
    messages.success(request, _("A draft that puts the earlier prices back is open. It needs approval like any other."))
    return {}


def _step(request: SignedInRequest, row: PriceRound) -> Forms:
    """One button: drop lines, submit, publish, withdraw. A refusal is told above the page."""
    actor, version, do = request.actor, _version(request), request.POST["act"]
    try:
        if do == "drop":
            drops = tuple(one for text in request.POST.getlist("line")[:5_000] if (one := whole_of(text)) is not None)
            services.put_lines(actor=actor, command=PutLines(row.number, version, drops=drops))
        elif do == "submit":
            services.submit_round(actor=actor, number=row.number, version=version)
            messages.success(request, _("Submitted. A colleague decides on it now."))
        elif do == "publish":
            done = services.publish_round(actor=actor, number=row.number, version=version)
            messages.success(request, _("Published. The prices rule from the day on; nothing else is to be done."))
            if _drafted_notice(request, done):
                messages.info(request, _("A notice to the dealers concerned is drafted: look at it and publish it."))
        else:
            services.withdraw_round(actor=actor, number=row.number, version=version)
            messages.success(request, _("Withdrawn."))
    except DomainError as refusal:
        if refusal.code in {"missing", "actor.not_permitted"}:
            raise
        for fault in refusal.problems()[:10]:
            messages.error(request, words_of(fault))
    return {}


def _version(request: SignedInRequest) -> int:
    return whole_of(request.POST.get("version", "")) or 0
