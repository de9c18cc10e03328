"""Products: the list with its shelf states, and the editors of SKU, family, producer and line."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.catalogue import selectors, services
from core.catalogue.models import Sku, Spu
from core.catalogue.permissions import Permission
from core.catalogue.rules.limits import Advice
from core.catalogue.selectors import SkuFilters
from core.catalogue.selectors.twins import pictures_of
from core.catalogue.services import ChangeShelfState, Shelved
from core.db.naming import called
from core.kernel.errors import DomainError, Missing
from core.kernel.sorting import name_key
from core.web.paging import page_of
from core.web.refusals import words_of
from core.web.requests import SignedInRequest
from frontend.console.doors import form_page, staff_page
from frontend.console.forms.products import FamilyForm, LineForm, SkuForm
from frontend.console.goods import drawing_of, name_of, picture_url_of, spec_of_sku
from frontend.console.lists import chips_of, choice_asked, ordered_list, pager_of, text_asked
from frontend.console.shell import shown
from frontend.ui.lists import ticked
from frontend.ui.paging import link_with
from frontend.ui.refusals import REFUSED, attempt, did
from frontend.ui.vocabulary import term
from frontend.ui.words import status_word

MOST_AT_ONCE = 200


@form_page(permission=Permission.READ)
def products(request: SignedInRequest) -> HttpResponse:
    """The list: search, states, aroma types, lines, sort; the ticked ones change their shelf state together."""
    if request.method != "POST":
        return _list(request)
    return _change_shelf(request)


def _list(request: SignedInRequest, problem: DomainError | None = None, told: Sequence[Shelved] = ()) -> HttpResponse:
    actor, asked = request.actor, SkuFilters.of(request.GET.dict())
    status, aroma, line = ("".join(chosen) for chosen in (asked.statuses, asked.aromas, asked.lines))
    counts = selectors.facets(selectors.listed(actor, replace(asked, statuses=())))
    by_status = {one.value: one.count for one in counts["status"]}
    total = by_status.get(status, 0) if status else sum(by_status.values())
    sort = choice_asked(request, "sort", selectors.SORTS, "rank")
    page = page_of(selectors.listed(actor, asked, sort=sort), request, total=total)
    return shown(
        request,
        "console/products.html",
        {
            "pager": pager_of(page.number, page.page_count, total, len(page.rows)),
            "rows": [_row(sku) for sku in page.rows],
            "chips": _status_chips(request, by_status),
            "aromas": [(one.value, term("aroma", one.value), one.count) for one in counts["aroma"]],
            "lines": counts["line"],
            "aroma": aroma,
            "line": line,
            "status": status,
            "sort": sort,
            "sorts": _sorts(),
            "q": asked.text,
            "is_filtered": asked != SkuFilters(),
            "may_edit": actor.can(Permission.EDIT),
            "may_import": actor.can(Permission.IMPORT),
            "problem": problem,
            "told": [(one, words_of(one.fault) if one.fault else "") for one in told],
        },
        at="products",
        status=REFUSED if problem or (told and all(one.fault for one in told)) else 200,
    )


def _status_chips(request: SignedInRequest, by_status: dict[str, int]) -> list[Any]:
    options = [("", _("All"), sum(by_status.values()))]
    options += [(code, status_word("sku", code), by_status.get(code, 0)) for code in Sku.Status.values]
    return chips_of(request, "status", options)


def _sorts() -> list[tuple[str, str]]:
    return [
        ("rank", _("As on the shelf")),
        ("name", _("By name")),
        ("code", _("By code")),
        ("-updated", _("Changed last")),
    ]


def _row(sku: Sku) -> dict[str, object]:
    return {
        "sku": sku,
        "name": name_of(sku),
        "spec": spec_of_sku(sku),
        "drawing": drawing_of(sku),
        "picture_url": picture_url_of(sku),
        "aroma": term("aroma", sku.aroma),
        "line": name_of(sku.product_line),
    }


def _change_shelf(request: SignedInRequest) -> HttpResponse:
    """On the shelf, off it, or discontinued; refused ones are named one by one."""
    ticks, is_more = ticked(request, "sku", lambda _limit: (), most=MOST_AT_ONCE)
    codes = tuple(ticks)
    if is_more:
        words = ngettext(
            "Only the first %(count)s product was taken; send the rest again.",
            "Only the first %(count)s products were taken; send the rest again.",
            MOST_AT_ONCE,
        )
        messages.warning(request, words % {"count": MOST_AT_ONCE})
    if not codes:
        messages.warning(request, _("Tick at least one product first."))
        return _back_to_list(request)
    try:
        told = services.change_each_shelf_state(
            actor=request.actor, command=ChangeShelfState(sku_codes=codes, to=request.POST.get("to", ""))
        )
    except DomainError as refusal:
        return _list(request, refusal)
    moved = sum(one.fault is None for one in told)
    if moved:
        messages.success(
            request, ngettext("%(count)s product changed.", "%(count)s products changed.", moved) % {"count": moved}
        )
    if moved < len(told):
        return _list(request, told=told)
    back = request.POST.get("back", "")
    return redirect("console:product", code=codes[0]) if back == "product" else _back_to_list(request)


def _back_to_list(request: SignedInRequest) -> HttpResponse:
    response = redirect("console:products")
    response["Location"] += link_with(request) if request.GET else ""
    return response


@form_page(permission=Permission.READ)
def product(request: SignedInRequest, code: str) -> HttpResponse:
    """One SKU: its facts, its shelf state, and for those who may, the editor."""
    sku = selectors.sku_by_code(request.actor, code)
    if not request.actor.can(Permission.EDIT):
        return _product_page(request, None, sku)
    families = selectors.spus_visible_to(request.actor)
    if request.method != "POST":
        return _product_page(request, SkuForm(initial=SkuForm.of(sku), families=families), sku)
    form = SkuForm(request.POST, families=families)
    return _saved_sku(request, form, sku)


@form_page(permission=Permission.EDIT)
def new_product(request: SignedInRequest) -> HttpResponse:
    """A new SKU, perhaps as another pack of one that exists (``?like=``)."""
    families = selectors.spus_visible_to(request.actor)
    if request.method == "POST":
        return _saved_sku(request, SkuForm(request.POST, families=families), None)
    initial: dict[str, Any] = {"inner_pack": 1, "age_code": "NV", "sells_in": "CASE", "order_multiple": 1, "rank": 0}
    if like := request.GET.get("like", ""):
        pattern = SkuForm.of(selectors.sku_by_code(request.actor, like))
        initial = {**pattern, "code": "", "gtin13": "", "gtin14": "", "version": None}
    elif family := request.GET.get("family", ""):
        initial["spu_code"] = family
    return _product_page(request, SkuForm(initial=initial, families=families), None)


def _saved_sku(request: SignedInRequest, form: SkuForm, before: Sku | None) -> HttpResponse:
    saved = None
    if form.is_valid():
        saved = attempt(form, lambda: services.save_sku(actor=request.actor, command=form.command(before)))
    if saved is None:
        return _product_page(request, form, before, status=REFUSED)
    messages.success(request, _("Saved: %(code)s.") % {"code": saved.code})
    _tell(request, saved.advice)
    return redirect("console:product", code=saved.code)


def _product_page(
    request: SignedInRequest, form: SkuForm | None, sku: Sku | None, *, status: int = 200
) -> HttpResponse:
    context: dict[str, object] = {
        "form": form,
        "sku": sku,
        "may_edit": request.actor.can(Permission.EDIT),
        "may_trace": request.actor.can("prices.read") and request.actor.can("dealers.read"),
    }
    if sku is not None:
        context |= {**_row(sku), "shelf_states": [(to, status_word("sku", to)) for to in _ways_from(sku.status)]}
        context["pictures"] = pictures_of(request.actor, sku)
    return shown(request, "console/product.html", context, at="products", status=status)


def _ways_from(status: str) -> tuple[str, ...]:
    """Shelf states offered; whether they are granted is the verb's to say."""
    return tuple(to for to in ("ON", "OFF", "DISCONTINUED") if to != status)


def _advised(advice: Advice) -> str:
    """Advice in the present language."""
    text = _(advice.text)
    return text % advice.fields if advice.fields else text


def _tell(request: SignedInRequest, advice: Iterable[Advice]) -> None:
    for one in advice:
        messages.warning(request, _advised(one))


@staff_page(permission=Permission.EDIT)
def families(request: SignedInRequest) -> HttpResponse:
    """The families, their lines and producers: what products are made of."""
    actor, text = request.actor, text_asked(request).lower()
    rows = list(selectors.spus_visible_to(actor))
    rows = [one for one in rows if text in f"{one.name} {one.name_en} {one.code}".lower()]
    columns: dict[str, tuple[str, Callable[[Spu], str]]] = {
        "name": (_("Name"), lambda one: name_key(one.name)),
        "code": (_("Code"), lambda one: one.code),
        "line": (_("Product line"), lambda one: name_key(called(one.product_line))),
    }
    rows, sorts = ordered_list(request, rows, columns, usual="code", rising=columns)
    page = page_of(rows, request, total=len(rows))
    return shown(
        request,
        "console/families.html",
        {
            "page": page,
            "sorts": sorts,
            "pager": pager_of(page.number, page.page_count, len(rows), len(page.rows)),
            "q": text,
        },
        at="products",
    )


@form_page(permission=Permission.EDIT)
def family(request: SignedInRequest, code: str = "") -> HttpResponse:
    """One family, new or known."""
    actor = request.actor
    known = _family(request, code) if code else None
    offered = partial(
        FamilyForm, lines=selectors.lines_visible_to(actor), producers=selectors.producers_visible_to(actor)
    )
    if request.method != "POST":
        initial = FamilyForm.of(known) if known else {"category": "BAIJIU", "packaging": "BOX", "age_basis": "NONE"}
        return _family_page(request, offered(initial=initial), known)
    form = offered(request.POST)
    saved = None
    if form.is_valid():
        saved = attempt(form, lambda: services.save_spu(actor=actor, command=form.command()))
    if saved is None:
        return _family_page(request, form, known, status=REFUSED)
    messages.success(request, _("Saved: %(code)s.") % {"code": saved.code})
    _tell(request, saved.advice)
    return redirect("console:family", code=saved.code)


def _family(request: SignedInRequest, code: str) -> Spu:
    found = selectors.spus_visible_to(request.actor).filter(code=code).first()
    if found is None:
        raise Missing
    return found


def _family_page(request: SignedInRequest, form: FamilyForm, known: Spu | None, *, status: int = 200) -> HttpResponse:
    rows: list[dict[str, object]] = []
    if known is not None:
        rows = [_row(sku) for sku in selectors.skus_visible_to(request.actor).filter(spu=known).order_by("rank", "id")]
    context = {"form": form, "family": known, "rows": rows}
    return shown(request, "console/family.html", context, at="products", status=status)


@form_page(permission=Permission.EDIT)
def lines(request: SignedInRequest) -> HttpResponse:
    """Product lines; the form makes one or changes the one named by ``?edit=``."""
    rows = list(selectors.lines_visible_to(request.actor))
    edited = next((one for one in rows if one.code == request.GET.get("edit")), None)
    if request.method == "POST":
        form = LineForm(request.POST)
        if did(form, lambda: services.save_line(actor=request.actor, command=form.command())):
            messages.success(request, _("Saved."))
            return redirect("console:lines")
    else:
        names = ("code", "name", "name_en", "position")
        form = LineForm(initial={name: getattr(edited, name) for name in names} if edited else {})
    context = {"rows": rows, "form": form, "edited": edited}
    return shown(request, "console/lines.html", context, at="products", status=REFUSED if form.errors else 200)
