"""What the portal has told this seat."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect

from core.kernel.actor import Side
from core.messages.selectors import inbox
from core.messages.services import mark_read
from core.web.doors import page
from core.web.paging import PAGE_SIZE, page_number
from core.web.requests import SignedInRequest
from frontend.storefront.shell import shown
from frontend.ui.paging import link_with
from frontend.ui.shapes import Pager


@page(side=Side.DEALER)
def notices(request: SignedInRequest) -> HttpResponse:
    """The messages of the seat, newest first."""
    number = page_number(request)
    found = inbox(request.actor, limit=PAGE_SIZE + 1, offset=(number - 1) * PAGE_SIZE)
    pager = Pager(
        previous_url=link_with(request, page=number - 1) if number > 1 else "",
        next_url=link_with(request, page=number + 1) if len(found) > PAGE_SIZE else "",
    )
    items = found[:PAGE_SIZE]
    context = {"items": items, "pager": pager, "has_unread": any(not item.is_read for item in items)}
    return shown(request, "storefront/notices.html", context, at="me")


@page(side=Side.DEALER, methods=("POST",), back="storefront:notices")
def read_all(request: SignedInRequest) -> HttpResponse:
    """Mark one message, or all of them, as read; then go where the message leads."""
    given = request.POST.get("id", "")
    try:
        message_id = UUID(given) if given else None
    except ValueError:
        return redirect("storefront:notices")
    mark_read(actor=request.actor, message_id=message_id)
    link = next((item.link for item in inbox(request.actor) if item.id == message_id), "") if message_id else ""
    return redirect(link if link.startswith("/") and not link.startswith("//") else "storefront:notices")
