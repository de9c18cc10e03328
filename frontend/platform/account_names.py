"""Mobile number and e-mail of one's account: proved, changed, taken away. The same pages on every host."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters

from core.kernel.errors import DomainError
from core.messages.port import sms_sender
from core.web.refusals import words_of
from core.web.requests import PageRequest
from core.web.throttling import client_address
from frontend.platform.answers import refuse, status_of
from frontend.platform.forms import AddressCodeForm, AddressForm, ProofForm
from frontend.platform.own import own, own_page
from tenants.people import pending, services
from tenants.people.errors import AddressGone, AddressNeeded, AddressTaken, NothingToProve, SignInOver
from tenants.people.rules import Means
from tenants.people.selectors import ClaimFacts, OwnFacts, claim_facts, factor_state, own_facts, person
from tenants.people.services import Bearer
from tenants.people.sessions import begin_anew, sign_in_in

PAGES = {Means.PHONE: "change_phone", Means.EMAIL: "change_email"}


@dataclass(frozen=True, slots=True)
class NameRow:
    """One of the two account names as its owner sees it: ``value`` masked, empty where there is none."""

    label: str
    icon: str
    value: str
    is_proved: bool
    can_be_reached: bool
    may_go: bool
    url: str


def account_names(facts: OwnFacts) -> list[NameRow]:
    """Mobile number and e-mail, each with what can be done about it."""
    phone, email = facts.phone_proved_at is not None, facts.email_proved_at is not None
    return [
        NameRow(
            label=gettext("Mobile number"),
            icon="phone",
            value=facts.phone,
            is_proved=phone,
            can_be_reached=sms_sender() is not None,
            may_go=bool(facts.phone and facts.email and email),
            url=reverse("change_phone"),
        ),
        NameRow(
            label=gettext("E-mail address"),
            icon="send",
            value=facts.email,
            is_proved=email,
            can_be_reached=True,
            may_go=bool(facts.phone and facts.email and phone),
            url=reverse("change_email"),
        ),
    ]


@sensitive_post_parameters("current", "code")
@own("GET", "POST")
def change_phone(page: PageRequest, person_id: UUID) -> HttpResponse:
    """Add, change, prove or take away the mobile number."""
    return _change(page, person_id, Means.PHONE)


@sensitive_post_parameters("current", "code")
@own("GET", "POST")
def change_email(page: PageRequest, person_id: UUID) -> HttpResponse:
    """Add, change, prove or take away the e-mail address."""
    return _change(page, person_id, Means.EMAIL)


@sensitive_post_parameters("code")
@own("GET", "POST")
def address_code(page: PageRequest, person_id: UUID) -> HttpResponse:
    """Take the code that was sent to the number or address."""
    claim_id = pending.claim_in(page.session)
    claim = claim_facts(claim_id=claim_id, person_id=person_id) if claim_id else None
    if claim_id is None or claim is None:
        pending.forget_claim(page.session)
        return redirect("profile")
    form = AddressCodeForm(page.POST) if page.method == "POST" else AddressCodeForm()
    if not form.is_valid():
        return _code_page(page, person_id, claim, form, status=422 if form.is_bound else 200)
    try:
        is_new = services.prove_address(
            bearer=_bearer(page, person_id), claim_id=claim_id, code=form.cleaned_data["code"]
        )
    except (AddressGone, AddressTaken) as error:
        pending.forget_claim(page.session)
        return _code_page(page, person_id, claim, form, problem=words_of(error), status=409)
    except DomainError as error:
        refuse(form, error)
        return _code_page(page, person_id, claim, form, status=status_of(error))
    pending.forget_claim(page.session)
    if not is_new:
        messages.success(page, gettext("Proved: this is yours."))
        return redirect("profile")
    return _changed(page, person_id, gettext("You sign in with it from now on. All other devices are signed out."))


def _change(page: PageRequest, person_id: UUID, means: Means) -> HttpResponse:
    has_factor = factor_state(person_id).is_on
    act = page.POST.get("act", "") if page.method == "POST" else ""
    if act == "prove":
        return _prove(page, person_id, means)
    if act == "remove":
        form: Form = ProofForm(page.POST, has_factor=has_factor, auto_id="remove_%s")
    else:
        data = page.POST if page.method == "POST" else None
        form = AddressForm(data, has_factor=has_factor, is_phone=means is Means.PHONE)
    if not form.is_valid():
        return _page(page, person_id, means, {act: form}, status=422 if form.is_bound else 200)
    try:
        if act == "remove":
            return _remove(page, person_id, means, form)
        claim_id = services.claim_address(
            bearer=_bearer(page, person_id),
            means=means,
            typed=form.cleaned_data["identifier"],
            password=form.cleaned_data["current"],
            code=form.cleaned_data.get("code", ""),
        )
    except DomainError as error:
        refuse(form, error)
        # Its form is not on the page while the address may not go.
        problem = words_of(error) if isinstance(error, AddressNeeded | NothingToProve) else ""
        return _page(page, person_id, means, {act: form}, problem=problem, status=status_of(error))
    pending.remember_claim(page.session, claim_id)
    return redirect("address_code")


def _prove(page: PageRequest, person_id: UUID, means: Means) -> HttpResponse:
    """Send a code to what stands there, from the button beside it."""
    try:
        claim_id = services.claim_own_address(bearer=_bearer(page, person_id), means=means)
    except DomainError as error:
        return _page(page, person_id, means, problem=words_of(error), status=status_of(error))
    pending.remember_claim(page.session, claim_id)
    return redirect("address_code")


def _remove(page: PageRequest, person_id: UUID, means: Means, form: Form) -> HttpResponse:
    given = form.cleaned_data
    services.remove_address(
        bearer=_bearer(page, person_id), means=means, password=given["current"], code=given.get("code", "")
    )
    return _changed(page, person_id, gettext("Taken away. All other devices are signed out."))


def _changed(page: PageRequest, person_id: UUID, words: str) -> HttpResponse:
    """On with a new sign-in and a new key: whoever knew the former one is out."""
    known = person(person_id)
    if known is None:
        raise SignInOver
    begin_anew(page, known)
    messages.success(page, words)
    return redirect("profile")


def _bearer(page: PageRequest, person_id: UUID) -> Bearer:
    sign_in_id = sign_in_in(page.session)
    if sign_in_id is None:
        raise SignInOver
    return Bearer(person_id, sign_in_id, client_address(page))


def _page(
    page: PageRequest,
    person_id: UUID,
    means: Means,
    sent: dict[str, Form] | None = None,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    facts, forms = own_facts(person_id), sent or {}
    has_factor, is_phone = factor_state(person_id).is_on, means is Means.PHONE
    row = account_names(facts)[0 if is_phone else 1]
    context = {
        **own_page(page, facts),
        "row": row,
        "is_phone": is_phone,
        "problem": problem,
        "form": forms.get("") or AddressForm(has_factor=has_factor, is_phone=is_phone),
        "remove": forms.get("remove") or ProofForm(has_factor=has_factor, auto_id="remove_%s"),
    }
    return render(page, "platform/account_name.html", context, status=status)


def _code_page(
    page: PageRequest, person_id: UUID, claim: ClaimFacts, form: Form, *, problem: str = "", status: int = 200
) -> HttpResponse:
    context = {
        **own_page(page, own_facts(person_id)),
        "claim": claim,
        "form": form,
        "problem": problem,
        "again_url": reverse(PAGES[claim.means]),
    }
    return render(page, "platform/address_code.html", context, status=status)
