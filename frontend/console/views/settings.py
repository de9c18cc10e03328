"""The house's own settings, and the audit trail."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.catalogue.selectors.brand import BrandRules, brand_rules
from core.catalogue.services import save_settings
from core.db.acts import public
from core.events.models import Event
from core.events.selectors import Narrowed, happenings, happenings_of_brand
from core.kernel import clock
from core.messages.port import sms_sender
from core.web.paging import page_of
from core.web.requests import SignedInRequest
from dms.dealers.selectors import paper_rules
from dms.dealers.services import change_paper_rules
from dms.notices.selectors import notice_settings
from dms.notices.services import change_notice_rules
from dms.territories.selectors.coverage import territory_settings
from dms.territories.services import change_territory_rules
from frontend.console.auditlinks import deed_of, more_of, titles_of, url_of
from frontend.console.auditwords import PORTAL, TOPICS
from frontend.console.doors import form_page, staff_page
from frontend.console.forms.licences import PaperRulesForm
from frontend.console.forms.settings import GraceForm, NoticeRulesForm, PacksForm, RulesForm, SignInForm
from frontend.console.lists import chips_of, choice_asked, pager_of, text_asked
from frontend.console.shell import shown
from frontend.console.who import names_of
from frontend.ui.refusals import REFUSED, attempt
from ordering.orders.permissions import Permission
from ordering.orders.selectors import OrderingTerms, ordering_settings
from ordering.orders.services import change_settings
from tenants.access.permissions import Permission as AccessPermission
from tenants.access.selectors import seats_visible_to
from tenants.brands.services import require_second_factor

MOST_NAMESAKES = 500
"""People a typed name may mean; more of it is typed then."""
HouseForm = SignInForm | RulesForm | GraceForm | PacksForm | NoticeRulesForm | PaperRulesForm


@form_page(permission=Permission.SETTINGS)
def settings(request: SignedInRequest) -> HttpResponse:
    """How staff sign in, the rules for orders, products, ground, notices and dealers' papers; each its form."""
    brand = request.brand
    act = request.POST.get("act", "rules") if request.method == "POST" else ""
    ground, told = territory_settings(), notice_settings()
    forms: dict[str, HouseForm] = {
        "rules": RulesForm(request.POST if act == "rules" else None, initial=_said(ordering_settings())),
        "grace": GraceForm(
            request.POST if act == "grace" else None,
            initial={"grace_days": ground.grace_days, "version": ground.version if ground.pk else 0},
        ),
        "packs": PacksForm(request.POST if act == "packs" else None, initial=_packs(brand_rules())),
        "notices": NoticeRulesForm(
            request.POST if act == "notices" else None,
            initial={"texts_urgent": told.texts_urgent, "version": told.version},
        ),
        "safety": SignInForm(
            request.POST if act == "safety" else None,
            initial={"requires_second_factor": brand.requires_second_factor},
        ),
        "papers": PaperRulesForm(request.POST if act == "papers" else None, initial=PaperRulesForm.of(paper_rules())),
    }
    for name, one in forms.items():
        one.auto_id = f"{name}-%s"  # six forms on one page: no id may stand there twice
    form = forms.get(act)
    if form is not None and form.is_valid():
        done = attempt(form, lambda: _change(request, form), {"tax_rate_bp": "tax_rate"})
        if done:
            messages.success(request, _("Saved; in force at once."))
            return redirect("console:settings")
    is_refused = any(one.errors for one in forms.values())
    context = {**forms, "currency": brand.currency, "carries_texts": sms_sender() is not None}
    return shown(request, "console/settings.html", context, at="settings", status=REFUSED if is_refused else 200)


def _change(request: SignedInRequest, form: HouseForm) -> bool:
    if isinstance(form, SignInForm):
        require_second_factor(actor=request.actor, on=form.cleaned_data["requires_second_factor"])
    elif isinstance(form, RulesForm):
        change_settings(actor=request.actor, command=form.command())
    elif isinstance(form, GraceForm):
        change_territory_rules(actor=request.actor, command=form.command())
    elif isinstance(form, PacksForm):
        save_settings(actor=request.actor, command=form.command())
    elif isinstance(form, NoticeRulesForm):
        change_notice_rules(actor=request.actor, command=form.command())
    else:
        change_paper_rules(actor=request.actor, command=form.command())
    return True


def _said(terms: OrderingTerms) -> dict[str, object]:
    names = (
        *("approval_hours", "minimum_amount", "auto_approve_up_to", "requires_licence", "requires_grant"),
        "shows_prices_on_notes",
        "version",
    )
    return {**{name: getattr(terms, name) for name in names}, "tax_rate": terms.tax_rate_bp // 10}


def _packs(rules: BrandRules) -> dict[str, object]:
    limits = rules.limits
    return {
        "abv_tenths_min": limits.abv_tenths_min,
        "abv_tenths_max": limits.abv_tenths_max,
        "bottles_per_case_max": limits.bottles_per_case_max,
        "code_prefixes": " ".join(rules.code_prefixes),
        "requires_sc_licence": rules.requires_sc_licence,
        "version": rules.version,
    }


@staff_page(permission=AccessPermission.READ)
def audit(request: SignedInRequest) -> HttpResponse:
    """Everything that happened in this house: by subject, thing, name and day."""
    topic = choice_asked(request, "room", TOPICS)
    asked = _asked(request, topic)
    if topic == PORTAL:
        with public():
            page = page_of(happenings_of_brand(request.actor, request.brand.slug, asked), request)
    else:
        page = page_of(happenings(request.actor, asked), request)
    names, titles = names_of(request.actor, [one.person_id for one in page.rows]), titles_of(request.actor, page.rows)
    options = [("", _("Everything"), None), *((code, str(one.word), None) for code, one in TOPICS.items())]
    context = {
        "rows": [
            (
                one,
                deed_of(one),
                more_of(one),
                titles.get((one.aggregate_type, one.aggregate_id), one.aggregate_id),
                url_of(one, request.actor),
                _who(one, names),
            )
            for one in page.rows
        ],
        "pager": pager_of(page.number, page.page_count, 0, len(page.rows)),
        "chips": chips_of(request, "room", options),
        "who": text_asked(request, "who"),
        "room": topic,
        "q": asked.thing,
        "since": _day(request, "since"),
        "until": _day(request, "until"),
        "is_filtered": asked != Narrowed() or bool(topic),
    }
    return shown(request, "console/audit.html", context, at="audit")


def _asked(request: SignedInRequest, topic: str) -> Narrowed:
    who, zone = text_asked(request, "who"), request.brand.time_zone
    since, until = _day(request, "since"), _day(request, "until")
    people = None
    if who:
        called = seats_visible_to(request.actor).filter(person_name__icontains=who).order_by()
        people = list(called.values_list("person_id", flat=True).distinct()[:MOST_NAMESAKES])
    return Narrowed(
        kinds=TOPICS[topic].kinds if topic else (),
        thing=text_asked(request),
        people=people,
        since=clock.start_of_day(since, zone) if since else None,
        until=clock.end_of_day(until, zone) if until else None,
    )


def _who(one: Event, names: dict[UUID, str]) -> str:
    if one.person_id is None:
        return ""
    # Operators have no seat; who they are is the platform's own matter.
    return names.get(one.person_id) or ("" if one.seat_id else _("the platform"))


def _day(request: SignedInRequest, name: str) -> date | None:
    try:
        return clock.read_day(request.GET.get(name, ""))
    except ValueError:
        return None
