"""What the brand tells its dealers, and what the portal has told this seat."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.kernel.actor import Side
from core.kernel.errors import VersionConflict
from core.kernel.text import whole_of
from core.messages.selectors import inbox, link_of
from core.messages.services import mark_read
from core.web.doors import page
from core.web.paging import PAGE_SIZE, page_number
from core.web.requests import SignedInRequest
from dms.notices.services import read_notice, read_notices
from frontend.storefront.board import board, forget_count
from frontend.storefront.shell import shown
from frontend.ui.paging import link_with
from frontend.ui.shapes import Pager


@page(side=Side.DEALER)
def notices(request: SignedInRequest) -> HttpResponse:
    """The brand's notices, then the messages of the seat, newest first."""
    number = page_number(request)
    found = inbox(request.actor, limit=PAGE_SIZE + 1, offset=(number - 1) * PAGE_SIZE)
    pager = Pager(
        previous_url=link_with(request, page=number - 1) if number > 1 else "",
        next_url=link_with(request, page=number + 1) if len(found) > PAGE_SIZE else "",
    )
    items = found[:PAGE_SIZE]
    told = board(request.actor) if number == 1 else []
    is_new = any(item.read_at is None and not item.needs_receipt for item in told)
    context = {
        "board": told,
        "items": items,
        "pager": pager,
        "has_unread": is_new or any(not item.is_read for item in items),
    }
    return shown(request, "storefront/notices.html", context, at="me")


@page(side=Side.DEALER, methods=("POST",), back="storefront:notices")
def read_all(request: SignedInRequest) -> HttpResponse:
    """Mark one message, or everything that asks for no receipt, as read; then go where the message leads."""
    given = request.POST.get("id", "")
    try:
        message_id = UUID(given) if given else None
    except ValueError:
        return redirect("storefront:notices")
    mark_read(actor=request.actor, message_id=message_id)
    if message_id is None:
        read_notices(actor=request.actor)
        forget_count(request.actor)
    link = link_of(request.actor, message_id) if message_id else ""
    return redirect(link if link.startswith("/") and not link.startswith("//") else "storefront:notices")


@page(side=Side.DEALER, methods=("POST",))
def read_one(request: SignedInRequest, notice_id: int) -> HttpResponse:
    """“I have read it”, as the page showed it: for the seat, and where a receipt is asked for, for its house."""
    try:
        read_notice(actor=request.actor, notice_id=notice_id, version=whole_of(request.POST.get("version", "")))
    except VersionConflict:
        messages.warning(request, _("This notice has been changed. Please read what it says now."))
    else:
        messages.success(request, _("Noted that you have read it."))
    forget_count(request.actor)
    return redirect("storefront:home" if request.POST.get("next") == "/" else "storefront:notices")
