"""A house's own addresses: where it takes goods in."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from core.kernel.actor import Side
from core.kernel.errors import DomainError, Missing
from core.web.doors import page
from core.web.requests import SignedInRequest
from dms.dealers.permissions import Permission
from dms.dealers.selectors import ShipTo, own_addresses, own_code
from dms.dealers.services import SaveAddress, delete_address, save_address
from frontend.storefront.address_forms import AddressForm, as_typed, shown_phone
from frontend.storefront.faults import said
from frontend.storefront.shell import shown
from frontend.ui.shapes import Crumb

_FIELDS = {"dealers.phone_invalid": "phone", "dealers.number_mangled": "phone", "region.unknown": "place"}
"""Fields that show what is wrong with them themselves."""


@page(permission=Permission.EDIT_OWN, side=Side.DEALER)
def addresses(request: SignedInRequest) -> HttpResponse:
    """Every address of the house, the usual one first."""
    rows = [(one, shown_phone(one)) for one in own_addresses(request.actor)]
    context = {"rows": rows, "crumbs": [Crumb(_("Me"), reverse("storefront:me")), Crumb(_("Addresses"))]}
    return shown(request, "storefront/addresses.html", context, at="me")


@page(permission=Permission.EDIT_OWN, side=Side.DEALER, methods=("GET", "POST"))
def new_address(request: SignedInRequest) -> HttpResponse:
    """A further address."""
    return _form(request, None)


@page(permission=Permission.EDIT_OWN, side=Side.DEALER, methods=("GET", "POST"))
def address(request: SignedInRequest, address_id: int) -> HttpResponse:
    """Change one. Another house's is missing."""
    found = next((one for one in own_addresses(request.actor) if one.id == address_id), None)
    if found is None:
        raise Missing
    return _form(request, found)


@page(permission=Permission.EDIT_OWN, side=Side.DEALER, methods=("POST",))
def remove_address(request: SignedInRequest, address_id: int) -> HttpResponse:
    """Take one away; which one is used from then on is said."""
    heir = delete_address(actor=request.actor, dealer_code=own_code(request.actor), address_id=address_id)
    if heir is None:
        said_so = _("The address is removed. Without one, goods go to the region of your company.")
    else:
        said_so = _("The address is removed. Unless told otherwise, goods go to: %(label)s.") % {"label": heir.label}
    messages.success(request, said_so)
    return redirect("storefront:addresses")


def _form(request: SignedInRequest, before: ShipTo | None) -> HttpResponse:
    form = AddressForm(request.POST if request.method == "POST" else None, initial=as_typed(before) if before else None)
    back = "checkout" if request.GET.get("next") == "checkout" else "addresses"
    if request.method == "POST" and form.is_valid() and (saved := _saved(request, form, before)):
        messages.success(request, _("The address is saved."))
        where = reverse(f"storefront:{back}")
        return redirect(f"{where}?address={saved}" if back == "checkout" else where)
    title = _("Change the address") if before else _("New address")
    context = {
        "form": form,
        "title": title,
        "before": before,
        "back_url": reverse(f"storefront:{back}"),
        "crumbs": [Crumb(_("Addresses"), reverse("storefront:addresses")), Crumb(title)],
    }
    return shown(request, "storefront/address.html", context, at="me", status=422 if form.errors else 200)


def _saved(request: SignedInRequest, form: AddressForm, before: ShipTo | None) -> int | None:
    """Id of the address; None where the verb refused, said at the field."""
    command = SaveAddress(own_code(request.actor), form.delivery(before), before.id if before else None)
    try:
        return save_address(actor=request.actor, command=command).pk
    except DomainError as refusal:
        for fault in refusal.problems():
            form.add_error(_FIELDS.get(fault.code), said(fault).text)
        return None
