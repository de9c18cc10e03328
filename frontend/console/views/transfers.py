"""Transfers between warehouses: the list, a draft, the document that is sent and received."""

from collections.abc import Callable, Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.kernel.errors import DomainError, refuse_all
from core.kernel.quantity import MAX_BOTTLES
from core.kernel.text import whole_of
from core.web.refusals import words_of
from core.web.requests import SignedInRequest
from dms.stock import selectors, services
from dms.stock.errors import QuantityInvalid
from dms.stock.models import Transfer, TransferLine
from dms.stock.permissions import Permission
from dms.stock.selectors.transfers import TransferFilter, transfer_rows, transfer_states
from dms.stock.selectors.transfers import transfer as found_transfer
from dms.stock.services import DraftTransfer, ReceiveTransfer, TransferStock
from frontend.console.doors import form_page, staff_page
from frontend.console.offers import offered_skus
from frontend.console.once import KEY, new_key, once
from frontend.console.shell import shown
from frontend.console.transferrows import EMPTY_ROWS, DraftRow, posted_rows, read_rows, rows_of, with_problems
from frontend.console.views.stock_papers import papers_page
from frontend.ui.refusals import REFUSED


@staff_page(permission=Permission.READ)
def transfers(request: SignedInRequest) -> HttpResponse:
    """Every transfer, the newest first."""
    asked = TransferFilter.of(request.GET.dict())
    listed = papers_page(
        request,
        transfer_rows(request.actor, asked),
        status=asked.status,
        states=transfer_states(request.actor),
        known=("transfer", Transfer.Status.values),
    )
    context = {**listed, "may_transfer": request.actor.can(Permission.TRANSFER)}
    return shown(request, "console/transfers.html", context, at="stock")


@form_page(permission=Permission.TRANSFER)
def new_transfer(request: SignedInRequest) -> HttpResponse:
    """A new draft; sent, or booked in both warehouses at once, if the button says so."""
    if request.method == "POST":
        return _draft(request, None)
    rows = [DraftRow(request.GET["sku"][:48])] if request.GET.get("sku") else []
    return _form(request, None, rows, {"from_code": request.GET.get("warehouse", "")})


@form_page(permission=Permission.READ)
def transfer(request: SignedInRequest, number: str) -> HttpResponse:
    """One transfer: a draft to change, goods on the road to receive, or what came in."""
    found, lines = found_transfer(request.actor, number)
    if request.method == "POST":
        return _act(request, found)
    if found.status == Transfer.Status.DRAFT and request.actor.can(Permission.TRANSFER):
        said = {"from_code": found.source.code, "to_code": found.target.code, "reason": found.reason}
        return _form(request, found, rows_of(lines), said)
    return _document(request, found, lines)


def _form(
    request: SignedInRequest,
    found: Transfer | None,
    rows: Sequence[DraftRow],
    said: dict[str, str],
    problems: Sequence[str] = (),
) -> HttpResponse:
    is_refused = bool(problems) or any(row.problem for row in rows)
    context = {
        "transfer": found,
        "rows": [*rows, *[DraftRow()] * EMPTY_ROWS],
        "said": said,
        "problems": problems,
        "warehouses": [one for one in selectors.warehouses_visible_to(request.actor) if one.is_active],
        "skus": offered_skus(request.actor),
        "key_name": KEY,
        "key": request.POST.get(KEY) or new_key(),
    }
    return shown(request, "console/transfer_form.html", context, at="stock", status=REFUSED if is_refused else 200)


def _document(
    request: SignedInRequest, found: Transfer, lines: Sequence[TransferLine], problems: Sequence[str] = ()
) -> HttpResponse:
    context = {
        "transfer": found,
        "lines": lines,
        "problems": problems,
        "posted": request.POST,
        "is_english": (get_language() or "").startswith("en"),
        "may_transfer": request.actor.can(Permission.TRANSFER),
    }
    return shown(request, "console/transfer.html", context, at="stock", status=REFUSED if problems else 200)


# acts ------------------------------------------------------------------------------------------------


def _act(request: SignedInRequest, found: Transfer) -> HttpResponse:
    do = request.POST.get("act", "")
    if do in ("save", "send", "at_once", "more") and found.status == Transfer.Status.DRAFT:
        return _draft(request, found)
    acts: dict[str, Callable[[SignedInRequest, Transfer], str]] = {"receive": _receive, "cancel": _cancel}
    if do in acts:
        try:
            messages.success(request, acts[do](request, found))
        except DomainError as refusal:
            words = [_at_line(fault) for fault in refusal.problems()]
            return _document(request, *found_transfer(request.actor, found.number), problems=words)
    return redirect("console:transfer", number=found.number)


def _at_line(fault: DomainError) -> str:
    words = words_of(fault)
    return f"{_('Line %(line)s') % {'line': fault.line}}: {words}" if fault.line else words


def _draft(request: SignedInRequest, found: Transfer | None) -> HttpResponse:
    """Keep what was typed; then send it, or book it in both places at once."""
    said = {name: request.POST.get(name, "")[:200] for name in ("from_code", "to_code", "reason")}
    rows, lines = read_rows(request.actor, posted_rows(request.POST.dict()))
    do = request.POST.get("act", "save")
    if any(row.problem for row in rows) or do == "more":
        return _form(request, found, rows, said)
    goods = TransferStock(said["from_code"], said["to_code"], lines, said["reason"])
    try:
        number = once(request, lambda: _booked(request, found, goods, do))
    except DomainError as refusal:
        rows, problems = with_problems(request.actor, rows, refusal)
        return _form(request, found, rows, said, problems)
    words = {
        "send": _("The goods are on the road. Receive them when they are in."),
        "at_once": _("Booked under %(number)s.") % {"number": number},
    }
    messages.success(request, words.get(do, _("The draft is saved.")))
    return redirect("console:transfer", number=number)


def _booked(request: SignedInRequest, found: Transfer | None, goods: TransferStock, do: str) -> str:
    actor = request.actor
    if do == "at_once" and found is None:
        return services.transfer_stock(actor=actor, command=goods).number
    version = whole_of(request.POST.get("version", "")) if found else None
    command = DraftTransfer(goods, found.number if found else "", version)
    if do == "save":
        return services.draft_transfer(actor=actor, command=command).number
    return services.dispatch_transfer(actor=actor, command=command).number


def _receive(request: SignedInRequest, found: Transfer) -> str:
    received, faults = {}, []
    for line in found_transfer(request.actor, found.number)[1]:
        said = [request.POST.get(f"{name}-{line.position}", "").strip() for name in ("cases", "bottles")]
        figures = [whole_of(figure or "0") for figure in said]
        wrong = next((typed for typed, figure in zip(said, figures, strict=True) if figure is None), None)
        if wrong is not None:
            faults.append(QuantityInvalid(line=line.position, value=wrong[:20], most=MAX_BOTTLES))
        elif any(said):
            received[line.position] = (figures[0] or 0) * line.sku.bottles_per_case + (figures[1] or 0)
    refuse_all(faults)
    services.receive_transfer(actor=request.actor, command=ReceiveTransfer(found.number, received))
    return _("The goods are in.")


def _cancel(request: SignedInRequest, found: Transfer) -> str:
    was_sent = found.status == Transfer.Status.SENT
    services.cancel_transfer(actor=request.actor, number=found.number)
    return _("The goods are back where they came from.") if was_sent else _("The draft is dropped.")
