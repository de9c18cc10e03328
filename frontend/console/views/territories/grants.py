"""Grants: the list, giving one, and the life of one."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import DomainError, Kind
from core.kernel.text import whole_of
from core.web.paging import page_of
from core.web.requests import SignedInRequest
from dms.dealers.models import Dealer
from dms.territories import selectors, services
from dms.territories.models import Grant
from dms.territories.permissions import Permission
from dms.territories.selectors import GrantFilter
from frontend.console.auditwords import event_words
from frontend.console.doors import form_page, staff_page
from frontend.console.forms.territories import ChangeGrantForm, EndForm, GiveForm, RenewForm, WithdrawForm
from frontend.console.groundwords import COLUMNS, conflict_ids, grant_lines, ground_words, region_words, spans
from frontend.console.lists import chips_of, pager_of, text_asked
from frontend.console.offers import offered_dealers
from frontend.console.shell import shown
from frontend.console.views.territories.places import ground_tabs, offered_lines, place_filters
from frontend.console.who import names_of
from frontend.ui.refusals import REFUSED, put_on
from frontend.ui.words import status_word


@staff_page(permission=Permission.READ)
def grants(request: SignedInRequest) -> HttpResponse:
    """The list, as of a day; chips and selects narrow it."""
    actor = request.actor
    today = clock.business_day(zone=request.brand.time_zone)
    asked = GrantFilter.of(request.GET)
    rows = selectors.grant_rows(actor, asked, today=today)
    page = page_of(rows, request, total=rows.count())
    states = [("", _("In force"), None)]
    states += [(code, status_word("grant", code), None) for code in ("UPCOMING", "ENDED")]
    context = {
        **place_filters(request),
        "tabs": ground_tabs(actor, "grants"),
        "rows": grant_lines(page.rows, asked.day or today),
        "pager": pager_of(page.number, page.page_count, page.total or 0, len(page.rows)),
        "state_chips": chips_of(request, "state", [*states, ("ALL", _("All"), None)]),
        "state": asked.state,
        "region": asked.region_code,
        "region_words": region_words(asked.region_code) if asked.region_code else "",
        "q": text_asked(request),
        "is_filtered": asked != GrantFilter(day=asked.day),
        "may_edit": actor.can(Permission.EDIT),
    }
    return shown(request, "console/grants.html", context, at="territories")


@form_page(permission=Permission.EDIT)
def new_grant(request: SignedInRequest) -> HttpResponse:
    """Give a grant. ``?dealer=``, ``?region=`` begin it; ``?carve=`` cuts it out of a grant for a dealer below."""
    actor = request.actor
    wide = _wide(request)
    offered = _dealers_below(actor, wide) if wide is not None else _all_dealers(actor)
    zones = selectors.zones_visible_to(actor, day=clock.business_day())
    form = GiveForm(
        request.POST or None,
        initial=_begun(request, wide),
        lines=offered_lines(actor),
        zones=zones,
        dealers=offered,
        is_brands=True,
    )
    in_the_way: list[Grant] = []
    if request.method == "POST" and form.is_valid():
        try:
            made = services.grant(actor=actor, command=form.command())
        except DomainError as refusal:
            in_the_way = _refused(actor, form, refusal)
        else:
            messages.success(request, _("The grant is given."))
            return redirect("console:grant", grant_id=made.pk)
    today = clock.business_day(zone=request.brand.time_zone)
    asked = (form.cleaned_data.get("valid_from") or today, form.cleaned_data.get("valid_to")) if form.errors else None
    context = {
        "form": form,
        "wide": grant_lines([wide], today)[0] if wide is not None else None,
        **drawn(in_the_way, asked, today),
    }
    return shown(request, "console/grant_new.html", context, at="territories", status=REFUSED if form.errors else 200)


def _all_dealers(actor: Actor) -> list[tuple[str, str]]:
    """Every dealer in sight, the brand itself last: it holds what it reserves."""
    root = Dealer.objects.filter(parent=None).values_list("code", "name").first()
    return [*offered_dealers(actor), *([(root[0], root[1])] if root is not None else [])]


def _wide(request: SignedInRequest) -> Grant | None:
    given = whole_of(request.GET.get("carve", ""))
    return selectors.grant_of(request.actor, given) if given is not None else None


def _dealers_below(actor: Actor, wide: Grant) -> list[tuple[str, str]]:
    below = Dealer.objects.filter(path__startswith=wide.dealer.path).exclude(pk=wide.dealer_id)
    known = set(below.values_list("code", flat=True))
    return [(code, name) for code, name in offered_dealers(actor) if code in known]


def _begun(request: SignedInRequest, wide: Grant | None) -> dict[str, Any]:
    begun: dict[str, Any] = {
        "dealer_code": request.GET.get("dealer", "")[:20],
        "region_code": request.GET.get("region", "")[:6],
        "kind": Grant.Kind.SHARED,
        "priority": 1,
    }
    if wide is None:
        return begun
    codes = [sku.code for sku in selectors.skus_of([wide]).values()]
    facts = GiveForm.of(wide, codes)
    return {
        **facts,
        **begun,
        "kind": Grant.Kind.EXCLUSIVE,
        "contract_number": "",
        "valid_from": max(wide.valid_from, clock.business_day()),
        "valid_to": wide.valid_to,
    }


def _refused(actor: Actor, form: BaseForm, refusal: DomainError) -> list[Grant]:
    """Put the refusal on the form; the grants it names come back to be drawn."""
    put_on(form, refusal)
    named = conflict_ids(refusal)
    return list(selectors.grants_visible_to(actor).filter(pk__in=named)) if named else []


def drawn(in_the_way: list[Grant], asked: tuple[date, date | None] | None, today: date) -> dict[str, object]:
    """The grants in the way on one scale of time with what was asked for."""
    if not in_the_way or asked is None:
        return {"in_the_way": [], "asked_span": None}
    bars = spans([asked, *((one.valid_from, one.valid_to) for one in in_the_way)], today)
    lines = grant_lines(in_the_way, today)
    return {"in_the_way": list(zip(lines, bars[1:], strict=True)), "asked_span": bars[0], "columns": COLUMNS}


@form_page(permission=Permission.READ)
def grant(request: SignedInRequest, grant_id: int) -> HttpResponse:
    """One grant with its life; POST does what its ``act`` says."""
    actor = request.actor
    found = selectors.grant_of(actor, grant_id)
    if request.method == "POST":
        return _act(request, found)
    return _file(request, found, {})


def _file(
    request: SignedInRequest, found: Grant, forms: dict[str, BaseForm], in_the_way: list[Grant] | None = None
) -> HttpResponse:
    actor = request.actor
    today = clock.business_day(zone=request.brand.time_zone)
    slices = selectors.slices_of(actor, found)
    skus = selectors.skus_of([found])
    pieces = list(selectors.grants_visible_to(actor).filter(carved_out_of=found)[:50])
    wide = [found.carved_out_of] if found.carved_out_of is not None else []
    is_refused = any(form.errors for form in forms.values())
    bars = spans([(one.valid_from, one.valid_to) for one in slices], today)
    context = {
        "found": found,
        "line": grant_lines([found], today, skus)[0],
        "skus": list(skus.values()),
        "slices": list(zip(grant_lines(slices, today), bars, strict=True)),
        "pieces": grant_lines(pieces, today),
        "wide": grant_lines(selectors.grants_visible_to(actor).filter(pk__in=[one.pk for one in wide]), today),
        "history": _history(actor, slices),
        "may_edit": actor.can(Permission.EDIT) and slices[-1] == found and not _is_over(found, today),
        "may_withdraw": actor.can(Permission.EDIT) and slices[-1] == found and found.valid_from > today,
        "may_renew": actor.can(Permission.EDIT) and slices[-1] == found and found.valid_to is not None,
        "may_carve": actor.can(Permission.EDIT) and found.kind == Grant.Kind.EXCLUSIVE and not _is_over(found, today),
        **_forms(request, found, forms, today),
        **drawn(in_the_way or [], (found.valid_from, found.valid_to), today),
        "do": request.POST.get("act") or request.GET.get("do", ""),
        "title": ground_words(found),
    }
    return shown(request, "console/grant.html", context, at="territories", status=REFUSED if is_refused else 200)


def _is_over(found: Grant, today: date) -> bool:
    return found.valid_to is not None and found.valid_to <= today


def _history(actor: Actor, slices: Sequence[Grant]) -> list[tuple[str, datetime, dict[str, Any], str]]:
    items = selectors.history_of(slices)
    names = names_of(actor, [item.person_id for item in items])
    return [
        (event_words(item.kind), item.at, item.payload, names.get(item.person_id, "") if item.person_id else "")
        for item in items
    ]


def _forms(request: SignedInRequest, found: Grant, forms: dict[str, BaseForm], today: date) -> dict[str, BaseForm]:
    codes = [sku.code for sku in selectors.skus_of([found]).values()]
    initial = {
        **ChangeGrantForm.of(found, codes),
        "effective_on": max(today, found.valid_from),
        "version": found.version,
    }
    return {
        "change_form": forms.get("change") or _change_form(request, found, initial=initial),
        "end_form": forms.get("end") or EndForm(initial={"ends_on": today, "version": found.version}),
        "withdraw_form": forms.get("withdraw") or WithdrawForm(initial={"version": found.version}),
        "renew_form": forms.get("renew") or RenewForm(initial={"version": found.version}),
    }


def _change_form(request: SignedInRequest, found: Grant, *args: Any, **more: Any) -> ChangeGrantForm:
    zones = selectors.zones_visible_to(request.actor, day=clock.business_day())
    is_brands = found.dealer.parent_id is None
    return ChangeGrantForm(*args, lines=offered_lines(request.actor), zones=zones, is_brands=is_brands, **more)


def _act(request: SignedInRequest, found: Grant) -> HttpResponse:
    do = request.POST.get("act", "")
    acts: dict[str, tuple[Callable[[], BaseForm], Callable[[Any], Grant], str]] = {
        "change": (
            lambda: _change_form(request, found, request.POST),
            lambda form: services.change_grant(actor=request.actor, command=form.command(found.pk)),
            _("The grant is changed."),
        ),
        "end": (
            lambda: EndForm(request.POST),
            lambda form: services.end_grant(actor=request.actor, grant_id=found.pk, **form.cleaned_data),
            _("The end is set."),
        ),
        "renew": (
            lambda: RenewForm(request.POST),
            lambda form: services.renew_grant(actor=request.actor, command=form.command(found.pk)),
            _("The grant is renewed."),
        ),
    }
    if do == "withdraw":
        return _withdraw(request, found)
    if do not in acts:
        return redirect("console:grant", grant_id=found.pk)
    make, call, said = acts[do]
    form = make()
    if not form.is_valid():
        return _file(request, found, {do: form})
    try:
        done = call(form)
    except DomainError as refusal:
        if refusal.kind is Kind.MISSING and refusal.code == "missing":
            raise
        return _file(request, found, {do: form}, _refused(request.actor, form, refusal))
    messages.success(request, said)
    return redirect(reverse("console:grant", args=[done.pk]))


def _withdraw(request: SignedInRequest, found: Grant) -> HttpResponse:
    """What has not begun goes; the page shows the slice before it, or the dealer's grants."""
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return _file(request, found, {"withdraw": form})
    before = found.follows_id
    try:
        services.withdraw_grant(actor=request.actor, grant_id=found.pk, **form.cleaned_data)
    except DomainError as refusal:
        if refusal.kind is Kind.MISSING:
            raise
        return _file(request, found, {"withdraw": form}, _refused(request.actor, form, refusal))
    messages.success(request, _("The grant is withdrawn; it never began."))
    if before is not None:
        return redirect(reverse("console:grant", args=[before]))
    return redirect(f"{reverse('console:dealer', args=[found.dealer.code])}?tab=grants")
