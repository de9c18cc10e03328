"""Stock counts on a sheet: the list, a new one, the sheet itself on phone or desk, and on paper."""

from collections.abc import Callable, Sequence
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from core.catalogue.selectors import skus_visible_to
from core.kernel import clock
from core.kernel.errors import DomainError, refuse_all
from core.kernel.quantity import MAX_BOTTLES
from core.kernel.text import normalised, whole_of
from core.web.paging import page_number
from core.web.refusals import words_of
from core.web.requests import SignedInRequest
from dms.stock import errors, selectors, services
from dms.stock.models import StockCount
from dms.stock.permissions import Permission
from dms.stock.selectors.counts import SHOWN, CountFilter, SheetLine, count_rows, count_states, sheet
from dms.stock.services import EnterCounts, Entry
from frontend.console.countwords import pasted_lines, sheet_row, typed_lines
from frontend.console.doors import form_page, staff_page
from frontend.console.forms.stock import CountForm
from frontend.console.lists import chips_of, choice_asked, pager_of, text_asked
from frontend.console.once import KEY, new_key, once
from frontend.console.shell import shown
from frontend.console.views.stock_papers import papers_page
from frontend.ui.format import quantity as quantity_words
from frontend.ui.refusals import REFUSED, attempt
from frontend.ui.templatetags.lists import named

PRINTED = 2_000
"""Lines a printed sheet holds."""


@staff_page(permission=Permission.READ)
def counts(request: SignedInRequest) -> HttpResponse:
    """Every sheet, the newest first."""
    asked = CountFilter.of(request.GET.dict())
    listed = papers_page(
        request,
        count_rows(request.actor, asked),
        status=asked.status,
        states=count_states(request.actor),
        known=("stock_count", StockCount.Status.values),
    )
    context = {**listed, "may_count": request.actor.can(Permission.COUNT)}
    return shown(request, "console/counts.html", context, at="stock")


@form_page(permission=Permission.COUNT)
def new_count(request: SignedInRequest) -> HttpResponse:
    """A sheet for one warehouse: everything that lies there, or some products."""
    form = CountForm(
        request.POST or None,
        initial={"warehouse": request.GET.get("warehouse", "")},
        warehouses=selectors.warehouses_visible_to(request.actor),
    )
    if request.method == "POST" and form.is_valid():
        number = attempt(
            form,
            lambda: once(request, lambda: services.open_count(actor=request.actor, command=form.command()).number),
        )
        if number is not None:
            return redirect("console:count", number=number)
    context = {
        "form": form,
        "title": _("New stock count"),
        "button": _("Open the sheet"),
        "back_url": reverse("console:counts"),
        "key_name": KEY,
        "key": request.POST.get(KEY) or new_key(),
    }
    return shown(request, "console/form.html", context, at="stock", status=REFUSED if form.errors else 200)


@form_page(permission=Permission.READ)
def count(request: SignedInRequest, number: str) -> HttpResponse:
    """One sheet: figures typed, pasted or scanned; finished, booked. POST does what its ``act`` says."""
    if request.method == "POST":
        return _act(request, number)
    return _sheet(request, number)


def _sheet(request: SignedInRequest, number: str, *, problems: Sequence[str] = (), status: int = 200) -> HttpResponse:
    only, text = choice_asked(request, "only", SHOWN), text_asked(request)
    found = sheet(request.actor, number, text=text, only=only, page=page_number(request))
    figures, page = found.figures, found.page
    options = [
        ("", _("All"), figures.lines),
        ("open", _("Not counted yet"), figures.lines - figures.counted),
        ("differs", _("Differences"), figures.differing),
    ]
    context = {
        "sheet": found,
        "count": found.count,
        "rows": [sheet_row(line, request.POST.dict()) for line in page.rows],
        "posted": request.POST,
        "problems": problems,
        "q": text,
        "only": only,
        "is_english": _is_english(),
        "pager": pager_of(page.number, page.page_count, page.total or 0, len(page.rows)),
        "chips": chips_of(request, "only", options),
        "may_count": request.actor.can(Permission.COUNT),
        "is_open": found.count.status == StockCount.Status.OPEN and request.actor.can(Permission.COUNT),
        "is_same_person": found.count.counted_by_id is not None
        and found.count.counted_by_id == found.count.ended_by_id,
        "key_name": KEY,
        "key": new_key(),
        "scans_cases": request.GET.get("unit") != "BOTTLE",
        "is_scanning": "unit" in request.GET,
    }
    return shown(request, "console/count.html", context, at="stock", status=status)


@staff_page(permission=Permission.READ)
def print_count(request: SignedInRequest, number: str) -> HttpResponse:
    """The sheet on paper, without what the books say unless asked for: whoever counts should not know."""
    found = sheet(request.actor, number, size=PRINTED)
    context = {
        "count": found.count,
        "rows": found.page.rows,
        "figures": found.figures,
        "with_books": request.GET.get("books") == "1",
        "is_english": _is_english(),
        "now": clock.now(),
    }
    return shown(request, "console/print_count.html", context, at="stock")


def _is_english() -> bool:
    return (get_language() or "").startswith("en")


# acts ------------------------------------------------------------------------------------------------


def _act(request: SignedInRequest, number: str) -> HttpResponse:
    acts: dict[str, Callable[[SignedInRequest, str], str]] = {
        "enter": _enter,
        "scan": _scan,
        "paste": _paste,
        "finish": _finish,
        "reopen": _reopen,
        "cancel": _cancel,
        "book": _book,
    }
    do = request.POST.get("act", "")
    if do not in acts:
        return redirect("console:count", number=number)
    try:
        said = acts[do](request, number)
    except DomainError as refusal:
        if refusal.code == "stock.count_missing":
            raise
        return _sheet(request, number, problems=_problems(refusal), status=REFUSED)
    if said:
        messages.success(request, said)
    kept = {name: request.GET[name] for name in ("q", "only", "page") if request.GET.get(name)}
    if do == "scan":
        kept["unit"] = "BOTTLE" if request.POST.get("unit") == "BOTTLE" else "CASE"
    address = reverse("console:count", args=[number])
    return redirect(f"{address}?{urlencode(kept)}" if kept else address)


def _problems(refusal: DomainError) -> list[str]:
    return [
        f"{_('Line %(line)s') % {'line': fault.line}}: {words_of(fault)}" if fault.line else words_of(fault)
        for fault in refusal.problems()
    ]


def _enter(request: SignedInRequest, number: str) -> str:
    said = (whole_of(name[4:]) for name in request.POST if name.startswith("was-"))
    ids = [line_id for line_id in said if line_id is not None][:PRINTED]
    found = sheet(request.actor, number, ids=ids, size=PRINTED)
    by_id = {line.line_id: line for line in found.page.rows}
    typed = typed_lines(request.POST.dict(), [(line.line_id, line.bottles_per_case) for line in found.page.rows])
    if not typed:
        return ""
    refuse_all(
        errors.CountUnread(
            sku=named(by_id[one.line_id].sku_name, by_id[one.line_id].sku_name_en),
            value=one.unread[:20],
            most=MAX_BOTTLES,
        )
        for one in typed
        if not one.is_number
    )
    entries = tuple(_entry(by_id[one.line_id], one.bottles, reason=one.reason, seen=one.seen) for one in typed)
    done = _once(request, lambda: services.enter_counts(actor=request.actor, command=EnterCounts(number, entries)))
    return ngettext("%(n)s line saved.", "%(n)s lines saved.", done) % {"n": done}


def _entry(line: SheetLine, bottles: int | None, *, reason: str, seen: int | None) -> Entry:
    return Entry(line.sku_code, bottles, line.batch, line.condition, reason, seen, is_checked=True)


def _once(request: SignedInRequest, call: Callable[[], int]) -> int:
    return int(once(request, lambda: str(call())))


def _scan(request: SignedInRequest, number: str) -> str:
    term = normalised(request.POST.get("code", ""))[:48]
    found = selectors.skus_by_term(request.actor, [term])
    if term not in found:
        raise errors.SkuMissing(sku=term)
    code, per_case = found[term]
    quantity = normalised(request.POST.get("quantity", "")) or "1"
    times = int(quantity) if quantity.isascii() and quantity.isdigit() and len(quantity) <= 6 else 1
    in_cases = request.POST.get("unit") != "BOTTLE"
    bottles = times * (per_case if in_cases else 1)
    entry = Entry(code, bottles, normalised(request.POST.get("batch", ""))[:30])
    command = EnterCounts(number, (entry,), adds=True)
    _once(request, lambda: services.enter_counts(actor=request.actor, command=command))
    names = skus_visible_to(request.actor).filter(code=code).values_list("name", "name_en").first()
    name = named(*names) if names else code
    return _("%(name)s: %(quantity)s added.") % {"name": name, "quantity": quantity_words(bottles, per_case)}


def _paste(request: SignedInRequest, number: str) -> str:
    lines = list(pasted_lines(request.POST.get("text", ""), in_cases=request.POST.get("unit") != "BOTTLE"))
    found = selectors.skus_by_term(request.actor, [line.term for line in lines])
    faults = [line for line in lines if not line.is_read or line.term not in found]
    if faults:
        refuse_all(
            errors.SkuMissing(line=line.place, sku=line.term)
            if line.is_read
            else errors.QuantityMissing(line=line.place)
            for line in faults
        )
    sums: dict[tuple[str, str], int] = {}
    for line in lines:
        code, per_case = found[line.term]
        sums[code, line.batch] = sums.get((code, line.batch), 0) + line.total(per_case)
    entries = tuple(Entry(code, bottles, batch[:30]) for (code, batch), bottles in sums.items())
    command = EnterCounts(number, entries, adds=request.POST.get("adds") == "1")
    done = _once(request, lambda: services.enter_counts(actor=request.actor, command=command))
    return ngettext("%(n)s line saved.", "%(n)s lines saved.", done) % {"n": done}


def _finish(request: SignedInRequest, number: str) -> str:
    services.finish_count(actor=request.actor, number=number, rest_is_none=request.POST.get("rest") == "none")
    return _("The count is finished. Look at the differences, then book them.")


def _reopen(request: SignedInRequest, number: str) -> str:
    services.reopen_count(actor=request.actor, number=number)
    return _("The sheet is open again.")


def _cancel(request: SignedInRequest, number: str) -> str:
    services.cancel_count(actor=request.actor, number=number)
    return _("The count is cancelled; nothing was booked.")


def _book(request: SignedInRequest, number: str) -> str:
    done = services.book_count(actor=request.actor, number=number)
    if done.is_repeated:
        return _("This count was booked before; nothing changed.")
    return ngettext("%(n)s difference booked.", "%(n)s differences booked.", done.changed) % {"n": done.changed}
