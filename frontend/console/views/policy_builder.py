"""The builder: which kind first, then the form of that kind; what it says stands beside it while it is written."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.catalogue.selectors import lines_visible_to
from core.db.naming import called
from core.kernel.errors import DomainError, Missing
from core.kernel.money import MINOR_DIGITS
from core.web.refusals import words_of
from core.web.requests import SignedInRequest
from dms.dealers.selectors import brand_currency
from frontend.console.doors import form_page, staff_page, verb_page
from frontend.console.forms.promotions import KIND_FORMS, PolicyForm
from frontend.console.lists import text_asked
from frontend.console.offers import FINDERS, offered_dealers, offered_skus
from frontend.console.policywords import KIND_WORDS, together_words
from frontend.console.shell import shown
from frontend.ui.refusals import REFUSED, put_on
from ordering.promotions import services
from ordering.promotions.permissions import Permission
from ordering.promotions.rules.reading import read_terms
from ordering.promotions.selectors import PolicyDetail, groups_in_use, names_for, overlaps, policy_detail, told
from ordering.promotions.services import SavePolicy


@form_page(permission=Permission.WRITE)
def new_promotion(request: SignedInRequest) -> HttpResponse:
    """Six kinds to choose from; then the form of the one."""
    kind = request.GET.get("kind", "")
    if kind not in KIND_FORMS:
        context = {"kinds": [(code, *words) for code, words in KIND_WORDS.items()]}
        return shown(request, "console/promotion_kinds.html", context, at="promotions")
    form = _form(request, kind, brand_currency(), data=request.POST if request.method == "POST" else None)
    if request.method == "POST" and _saved(request, form, None, None):
        return redirect("console:promotion", code=form.cleaned_data["code"].strip().upper())
    return _page(request, form, kind, None)


@form_page(permission=Permission.WRITE)
def edit_promotion(request: SignedInRequest, code: str) -> HttpResponse:
    """The draft, or a further version of what was approved."""
    detail = policy_detail(request.actor, code)
    terms, row = detail.newest.terms, detail.row
    first = KIND_FORMS[terms.kind].first_values(terms, request.brand.time_zone, row.currency)
    form = _form(
        request,
        terms.kind,
        row.currency,
        data=request.POST if request.method == "POST" else None,
        initial={**first, "version": row.version},
        is_new=False,
    )
    if request.method == "POST" and _saved(request, form, row.code, row.version):
        return redirect("console:promotion", code=row.code)
    return _page(request, form, terms.kind, detail)


@staff_page(permission=Permission.WRITE)
def promotion_find(request: SignedInRequest, what: str) -> HttpResponse:
    """Dealers, labels or products a policy may name, found by what is typed: the lines of the form's boxes."""
    if what not in FINDERS:
        raise Missing
    found = FINDERS[what](request.actor, text_asked(request))
    return render(request, "ui/parts/picks.html", {"found": found})


@verb_page(permission=Permission.WRITE)
def preview_promotion(request: SignedInRequest) -> HttpResponse:
    """What the form says by now, as a sentence, and whom it meets; nothing is kept."""
    asked = request.GET.get("kind", "")
    kind = asked if asked in KIND_FORMS else next(iter(KIND_FORMS))
    said = request.GET.get("currency", "")
    currency = said if said in MINOR_DIGITS else brand_currency()
    form = _form(request, kind, currency, data=request.POST)
    form.is_valid()
    context: dict[str, Any] = {}
    try:
        terms = read_terms(form.document(request.brand.time_zone))
        context["sentence"] = told(terms, currency, names_for([terms]))
        found = overlaps(request.actor, terms, own=request.GET.get("own", "")[:30], currency=currency)
        context["overlaps"] = [(one, together_words(one.together)) for one in found]
    except DomainError as refusal:
        places = form.places()
        context["faults"] = [_said(form, places, fault) for fault in refusal.problems()[:6]]
    return render(request, "console/parts/promotion_says.html", context)


def _said(form: PolicyForm, places: dict[str, str], fault: DomainError) -> tuple[str, str]:
    name = places.get(fault.field or "", fault.field or "")
    label = form[name].label if name in form.fields else ""
    return str(label), words_of(fault)


def _form(
    request: SignedInRequest,
    kind: str,
    currency: str,
    *,
    data: Any = None,
    initial: dict[str, Any] | None = None,
    is_new: bool = True,
) -> PolicyForm:
    actor = request.actor
    usual = {"brand_share_bp": 10_000, "is_public": True, "tells_start": True, "measure": "CASES", "unit": "CASE"}
    return KIND_FORMS[kind](
        data,
        initial=usual if initial is None else initial,
        currency=currency,
        is_new=is_new,
        product_lines=[(one.code, called(one)) for one in lines_visible_to(actor)],
        dealers=offered_dealers(actor),
        skus=offered_skus(actor),
        groups=groups_in_use(actor),
    )


def _saved(request: SignedInRequest, form: PolicyForm, code: str | None, version: int | None) -> bool:
    """Whether the draft was kept; every fault stands at its field."""
    valid = form.is_valid()
    document = form.document(request.brand.time_zone)
    if not valid or form.errors:  # a step that cannot be read speaks up while the document is made
        _say_the_rest(form, document)
        return False
    seen = form.cleaned_data.get("version") if version is not None else None
    command = SavePolicy(code or form.cleaned_data["code"], document, seen, form.currency if version is None else "")
    try:
        services.save_policy(actor=request.actor, command=command)
    except DomainError as refusal:
        put_on(form, refusal, form.places())
        return False
    messages.success(request, _("The draft is kept. Try it in the simulator, then submit it for approval."))
    return True


def _say_the_rest(form: PolicyForm, document: dict[str, Any]) -> None:
    """What the room would refuse besides, at the fields the form itself has no fault with: all is said at once."""
    try:
        read_terms(document)
    except DomainError as refusal:
        places, silent = form.places(), set(form.fields) - set(form.errors)
        for fault in refusal.problems():
            name = places.get(fault.field or "", fault.field or "")
            if name in silent:
                form.add_error(name, words_of(fault))


def _page(request: SignedInRequest, form: PolicyForm, kind: str, detail: PolicyDetail | None) -> HttpResponse:
    asked = {"kind": kind, "own": detail.row.code if detail else "", "currency": form.currency}
    context = {
        "form": form,
        "kind_word": KIND_WORDS[kind][0],
        "policy": detail.row if detail else None,
        "is_further": bool(detail and detail.newest.row.status == "APPROVED"),
        "preview_url": f"{reverse('console:preview_promotion')}?{urlencode(asked)}",
    }
    status = REFUSED if form.errors else 200
    return shown(request, "console/promotion_form.html", context, at="promotions", status=status)
