"""Parts of the file on a dealer that other rooms keep: its people, the lists its prices come from, what it is told."""

from typing import Any

from django.forms import BaseForm
from django.utils.translation import get_language

from core.kernel.actor import Side
from core.web.requests import SignedInRequest
from dms.dealers.models import Address, Dealer
from dms.dealers.selectors import Papers
from dms.notices.permissions import Permission as NoticePermission
from dms.notices.selectors import notices_to
from frontend.console.views.people.seats import role_words
from ordering.pricing.selectors.ruling import lists_ruling_for
from tenants.access.permissions import Permission as AccessPermission
from tenants.access.selectors import invitations_visible_to, is_open, seats_visible_to

Forms = dict[str, BaseForm]


def address_asked(request: SignedInRequest, papers: Papers) -> Address | None:
    """The address the page or the form is about, where it is the dealer's."""
    named = request.POST.get("address_id") or request.GET.get("address", "")
    return next((one for one, _phone in papers.addresses if str(one.pk) == named), None)


def people(request: SignedInRequest, found: Dealer, forms: Forms) -> dict[str, Any]:
    """Who sits in the house, and who has been offered a seat. Three statements."""
    words = role_words(Side.DEALER)
    rows = seats_visible_to(request.actor).filter(side="dealer", dealer_id=found.pk).order_by("status", "person_name")
    offers = invitations_visible_to(request.actor).filter(dealer_id=found.pk)
    return {
        "people": [(seat, [words.get(role, role) for role in seat.roles]) for seat in rows],
        "offers": [(one, [words.get(role, role) for role in one.roles], is_open(one)) for one in offers],
        "may_invite": request.actor.can(AccessPermission.EDIT),
    }


def prices(request: SignedInRequest, found: Dealer, forms: Forms) -> dict[str, Any]:
    """The chain of lists its prices come from, the one asked first in front. One statement."""
    is_own = found.supplier_id == request.actor.dealer_id
    return {"is_own_customer": is_own, "lists": lists_ruling_for(request.actor, found) if is_own else []}


def notices(request: SignedInRequest, found: Dealer, forms: Forms) -> dict[str, Any]:
    """What the brand tells the house now, and whether it has read it. Two statements."""
    is_english = (get_language() or "").startswith("en")
    rows = notices_to(request.actor, found)
    told = [(one, one.title_en if is_english and one.title_en else one.title) for one in rows]
    return {"notices": told, "may_tell": request.actor.can(NoticePermission.WRITE)}
