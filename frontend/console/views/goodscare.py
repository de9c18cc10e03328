"""Caring for products: their pictures, and those that may be one product entered twice."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.catalogue import services
from core.catalogue.models import Sku
from core.catalogue.permissions import Permission
from core.catalogue.rules.twins import Reason
from core.catalogue.selectors import sku_by_code, skus_visible_to
from core.catalogue.selectors.twins import pictures_of, suspected
from core.catalogue.services import ArrangePictures, ChangeShelfState
from core.kernel.errors import DomainError
from core.kernel.text import whole_of
from core.web.paging import page_of
from core.web.refusals import words_of
from core.web.requests import SignedInRequest
from frontend.console.doors import staff_page, verb_page
from frontend.console.goods import drawing_of, name_of, picture_url_of, spec_of_sku
from frontend.console.lists import chips_of, choice_asked, pager_of
from frontend.console.shell import shown
from frontend.ui.paging import link_with
from frontend.ui.vocabulary import term

MOST_UPLOADS = 12
REASONS = {
    Reason.BARCODE: gettext_lazy("Same barcode"),
    Reason.SAME_FACTS: gettext_lazy("Same strength, bottle and pack"),
    Reason.NEAR_NAME: gettext_lazy("Almost the same name"),
    Reason.AROMA: gettext_lazy("Same name, other aroma type"),
    Reason.TITLE: gettext_lazy("Name and figures disagree"),
}


@verb_page(permission=Permission.EDIT)
def pictures(request: SignedInRequest, code: str) -> HttpResponse:
    """Take pictures in, or put them in order: each picture's own word when it is refused."""
    sku = sku_by_code(request.actor, code)
    if request.POST.get("act") == "arrange":
        _arrange(request, sku)
    else:
        told, faults = _take_in(request, sku)
        if request.headers.get("HX-Request"):
            context = {"sku": sku, "pictures": pictures_of(request.actor, sku), "told": told, "faults": faults}
            return render(request, "console/parts/pictures.html", context)
        for fault in faults:
            messages.error(request, fault)
        if told:
            messages.success(request, told)
    response = redirect("console:product", code=sku.code)
    response["Location"] += "#pictures"
    return response


def _take_in(request: SignedInRequest, sku: Sku) -> tuple[str, list[str]]:
    """What became of the pictures sent: how many are new, and of every other why it is not."""
    faults: list[str] = []
    taken, there = 0, {one.pk for one in pictures_of(request.actor, sku)}
    uploads = request.FILES.getlist("picture")
    for upload in uploads[:MOST_UPLOADS]:
        name = str(upload.name or "")
        try:
            row = services.add_picture(actor=request.actor, sku_code=sku.code, upload=upload, name=name)
        except DomainError as refusal:
            faults.append(f"{name[:60]}: {words_of(refusal)}")
            continue
        if row.pk in there:
            faults.append(_("%(name)s: this picture is there already.") % {"name": name[:60]})
        else:
            taken += 1
            there.add(row.pk)
    if not uploads:
        faults.append(_("Choose a picture first."))
    told = ngettext("%(n)s picture is there.", "%(n)s pictures are there.", taken) % {"n": taken} if taken else ""
    return told, faults


def _arrange(request: SignedInRequest, sku: Sku) -> None:
    """``place_<id>`` is where a picture shall stand; ``up``, ``down``, ``remove`` name the one whose button it was."""
    known = [found for text in request.POST.getlist("known") if (found := whole_of(text)) is not None]
    places = {pk: whole_of(request.POST.get(f"place_{pk}", "")) or place for place, pk in enumerate(known, start=1)}
    order = sorted(known, key=lambda pk: places[pk])
    for word, step in (("up", -1), ("down", 1)):
        moved = whole_of(request.POST.get(word, ""))
        if moved in order:
            place = order.index(moved)
            order.insert(max(0, place + step), order.pop(place))
    gone = whole_of(request.POST.get("remove", ""))
    alts = {pk: request.POST[f"alt_{pk}"] for pk in known if f"alt_{pk}" in request.POST}
    command = ArrangePictures(sku.code, tuple(pk for pk in order if pk != gone), tuple(known), alts)
    try:
        services.arrange_pictures(actor=request.actor, command=command)
    except DomainError as refusal:
        messages.error(request, words_of(refusal))
    else:
        messages.success(request, _("The pictures are arranged."))


@dataclass(frozen=True, slots=True)
class SuspectRow:
    """A suspicion with its products as the page draws them."""

    goods: tuple[dict[str, object], ...]
    reasons: tuple[str, ...]

    @property
    def is_pair(self) -> bool:
        """Whether two products are meant."""
        return len(self.goods) == 2


@staff_page(permission=Permission.EDIT)
def duplicates(request: SignedInRequest) -> HttpResponse:
    """What somebody should look at, the surest first."""
    found = suspected(request.actor)
    reason = choice_asked(request, "reason", [one.value for one in Reason])
    wanted = [one for one in found if not reason or reason in one.reasons]
    page = page_of(wanted, request, total=len(wanted))
    ids = {pk for one in page.rows for pk in (one.first, one.second) if pk is not None}
    skus = {sku.pk: sku for sku in skus_visible_to(request.actor).filter(pk__in=ids)}
    rows = [
        SuspectRow(
            tuple(_drawn(skus[pk]) for pk in (one.first, one.second) if pk is not None and pk in skus),
            tuple(str(REASONS[why]) for why in one.reasons),
        )
        for one in page.rows
    ]
    counts = {one: sum(one in suspect.reasons for suspect in found) for one in Reason}
    options = [("", _("All"), len(found)), *((one.value, str(REASONS[one]), counts[one]) for one in Reason)]
    context = {
        "rows": rows,
        "pager": pager_of(page.number, page.page_count, len(wanted), len(page.rows)),
        "chips": chips_of(request, "reason", options),
        "query": link_with(request),
    }
    return shown(request, "console/duplicates.html", context, at="products")


def _drawn(sku: Sku) -> dict[str, object]:
    return {
        "sku": sku,
        "name": name_of(sku),
        "spec": spec_of_sku(sku),
        "aroma": term("aroma", sku.aroma),
        "drawing": drawing_of(sku),
        "picture_url": picture_url_of(sku),
    }


@verb_page(permission=Permission.EDIT)
def settle_duplicate(request: SignedInRequest) -> HttpResponse:
    """Two products after all, or one of them is discontinued."""
    codes = request.POST.getlist("sku")[:2]
    gone = request.POST.get("discontinue", "")
    try:
        if gone:
            command = ChangeShelfState(sku_codes=(gone,), to="DISCONTINUED")
            services.change_shelf_state(actor=request.actor, command=command)
            messages.success(request, _("%(code)s is discontinued.") % {"code": gone.upper()[:48]})
        elif len(codes) == 2:
            services.tell_apart(actor=request.actor, codes=(codes[0], codes[1]))
            messages.success(request, _("Noted: two products. They are not shown again."))
    except DomainError as refusal:
        if refusal.code == "actor.not_permitted":
            raise
        messages.error(request, words_of(refusal))
    response = redirect("console:duplicates")
    query = request.POST.get("query", "")
    if query.startswith("?"):
        asked = QueryDict(query[1:201]).urlencode()  # written anew: no control character reaches a header
        response["Location"] = f"{reverse('console:duplicates')}?{asked}"
    return response
