"""What the matrix asks for while it is open: further rows, cells saved, or put on a round. All speak compact JSON."""

from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.kernel import clock
from core.kernel.errors import DomainError
from core.kernel.text import whole_of
from core.web.refusals import STATUS, words_of
from core.web.requests import SignedInRequest
from frontend.console.doors import staff_page, verb_page
from frontend.console.forms.matrix import read_cells
from frontend.console.once import once
from frontend.console.pricematrix import asked_of, rows_for_page
from frontend.console.pricesaving import Saved, round_of_cells, save_cells
from ordering.pricing.permissions import Permission
from ordering.pricing.selectors import lists_visible_to
from ordering.pricing.selectors.matrix import MOST_ROWS, marked_block, matrix_block, matrix_lists
from ordering.rounds.selectors import planned_after, version_of
from ordering.rounds.services import Head, return_list

MOST_OFFSET = 1_000_000


@staff_page(permission=Permission.READ)
def block(request: SignedInRequest) -> HttpResponse:
    """Rows from ``offset`` on, ``count`` of them: of the named lists and steps, in the order they are named."""
    asked = asked_of(request)
    known = {one.code: one for one in matrix_lists(request.actor, with_inactive=True)}
    lists = [known[code] for code in asked.codes if code in known]
    offset, count = _whole(request, "offset", MOST_OFFSET), _whole(request, "count", MOST_ROWS)
    if asked.only is not None:
        found = marked_block(
            mark=asked.only,
            actor=request.actor,
            lists=lists,
            steps=asked.steps,
            asked=asked.rows,
            at=asked.at,
            offset=offset,
            limit=count,
        )
    else:
        found = matrix_block(
            actor=request.actor, lists=lists, asked=asked.rows, at=asked.at, offset=offset, limit=count
        )
    rows = rows_for_page(found, lists, asked.steps)
    versions = {one.code: one.version for one in lists}
    answer = {"from": found.offset, "total": found.total, "rows": rows, "versions": versions}
    return JsonResponse(answer if asked.only is None else answer | {"codes": found.codes})


def _whole(request: SignedInRequest, name: str, most: int) -> int:
    text = request.GET.get(name, "")
    return min(int(text), most) if text.isascii() and text.isdigit() and len(text) < 10 else 0


@verb_page(permission=Permission.READ)
def save(request: SignedInRequest) -> HttpResponse:
    """Save cells; each is told what became of it: 200 when all were saved, 422 when not."""
    try:
        request.actor.require(Permission.EDIT)
        typed = read_cells(request.body)
    except DomainError as refusal:
        return JsonResponse({"told": words_of(refusal)}, status=STATUS[refusal.kind])
    is_today = typed.day is None or typed.day == clock.business_day(zone=request.brand.time_zone)
    at = None if is_today or typed.day is None else clock.start_of_day(typed.day, request.brand.time_zone)
    return _told(save_cells(request.actor, typed.cells, at=at))


@verb_page(permission=Permission.READ)
def put_on_round(request: SignedInRequest) -> HttpResponse:
    """Draft a price round with the cells; it begins on the day of the page, tomorrow where that is today.

    200 with the round's address, or each cell's fault: then nothing was drafted.
    """
    actor, zone = request.actor, request.brand.time_zone
    try:
        actor.require(Permission.EDIT)
        typed = read_cells(request.body)
        tomorrow = clock.business_day(zone=zone) + timedelta(days=1)
        at = clock.start_of_day(max(typed.day or tomorrow, tomorrow), zone)
        drafted = round_of_cells(actor, typed.cells, at=at)
        if isinstance(drafted, Saved):
            return _told(drafted)
        number = once(request, drafted, key=typed.key)
    except DomainError as refusal:
        faults = [words_of(one) for one in refusal.problems()]
        return JsonResponse({"told": " ".join(dict.fromkeys(faults))}, status=STATUS[refusal.kind])
    n = len(typed.cells)
    said = ngettext(
        "%(n)s price stands on a draft. Look at it, then submit it.",
        "%(n)s prices stand on a draft. Look through them, then submit it.",
        n,
    )
    messages.success(request, said % {"n": n})
    return JsonResponse({"url": reverse("console:round", args=[number])})


@verb_page(permission=Permission.EDIT)
def return_prices(request: SignedInRequest, code: str) -> HttpResponse:
    """Draft a price change that puts the list back: to a version, or to the prices of the day ``at``.

    It begins tomorrow at the earliest.
    """
    zone = request.brand.time_zone
    version = whole_of(request.POST.get("version", ""))
    where = reverse("console:price_matrix") if version is None else reverse("console:list_versions", args=[code])
    back = redirect(f"{where}?{request.GET.urlencode()}" if request.GET else where)
    tomorrow = clock.start_of_day(clock.business_day(zone=zone) + timedelta(days=1), zone)
    try:
        title, as_of = _wanted(request, code, version)
        head = Head(title, tomorrow)
        number = once(
            request,
            lambda: return_list(actor=request.actor, list_code=code, as_of=as_of, head=head).number,
        )
    except ValueError:
        return back
    except DomainError as refusal:
        if refusal.code in {"missing", "actor.not_permitted"}:
            raise
        messages.error(request, words_of(refusal))
        return back
    messages.success(request, _("A draft that puts the earlier prices back is open. It needs approval like any other."))
    _tell_planned(request, code, tomorrow)
    return redirect("console:round", number=number)


def _tell_planned(request: SignedInRequest, code: str, after: datetime) -> None:
    """Say that what the list has planned for later is not taken back by a draft that begins ``after``."""
    listed = lists_visible_to(request.actor).get(code=code)
    n = sum(one.price_count for one in planned_after(request.actor, [listed.pk], after=after))
    if n:
        said = ngettext(
            "%(n)s price of the list is planned for later and stays planned: it rules from its day on. Take it back "
            "where it was planned if it shall not.",
            "%(n)s prices of the list are planned for later and stay planned: they rule from their day on. Take them "
            "back where they were planned if they shall not.",
            n,
        )
        messages.warning(request, said % {"n": n})


def _wanted(request: SignedInRequest, code: str, version: int | None) -> tuple[str, datetime]:
    """What the draft is called, and as of which instant. Raises ``ValueError`` for what is no day, ``Missing``."""
    if version is not None:
        found = version_of(request.actor, code, version)
        return _("Prices of version %(n)s again") % {"n": version}, found.rules_from or found.at
    day = clock.read_day(request.POST.get("at", ""))
    return _("Prices of %(day)s again") % {"day": day.isoformat()}, clock.start_of_day(day, request.brand.time_zone)


def _told(done: Saved) -> HttpResponse:
    """What became of each cell: 200 when all were saved, 422 when not."""
    answer = {
        "written": done.written,
        "amounts": done.amounts,
        "cells": [[line, told.became, told.words, told.theirs] for line, told in sorted(done.told.items())],
        "versions": done.versions,
        "houses": done.houses,
    }
    return JsonResponse(answer, status=422 if done.told else 200)
