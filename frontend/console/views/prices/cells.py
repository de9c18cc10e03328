"""What the matrix asks for while it is open: further rows, and cells to be saved. Both speak compact JSON."""

from django.http import HttpResponse, JsonResponse

from core.kernel import clock
from core.kernel.errors import DomainError
from core.web.refusals import STATUS, words_of
from core.web.requests import SignedInRequest
from frontend.console.doors import staff_page, verb_page
from frontend.console.forms.matrix import read_cells
from frontend.console.pricematrix import asked_of, rows_for_page
from frontend.console.pricesaving import save_cells
from ordering.pricing.permissions import Permission
from ordering.pricing.selectors.matrix import MOST_ROWS, marked_block, matrix_block, matrix_lists

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
    return JsonResponse({"from": found.offset, "total": found.total, "rows": rows, "versions": versions})


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
    done = save_cells(request.actor, typed.cells, at=at)
    answer = {
        "written": done.written,
        "amounts": done.amounts,
        "cells": [[line, told.became, told.words, told.theirs] for line, told in sorted(done.told.items())],
        "versions": done.versions,
    }
    return JsonResponse(answer, status=422 if done.told else 200)
