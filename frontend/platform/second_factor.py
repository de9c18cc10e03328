"""The sign-in code: set up with a QR code, proved, taken away; recovery codes shown once."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters

from core.kernel.errors import DomainError
from core.web.requests import PageRequest
from frontend.platform.answers import refuse, status_of, with_next
from frontend.platform.arrivals import wanted
from frontend.platform.forms import CodeForm, DropFactorForm, PasswordForm
from frontend.platform.own import own, own_page
from frontend.platform.qr import qr_svg
from tenants.people import pending, rules, services
from tenants.people.selectors import FactorState, factor_state, own_facts
from tenants.people.sessions import forget_second_factor, has_second_factor, note_second_factor

FORMS: dict[str, type[Form]] = {
    "password": PasswordForm,
    "begin": Form,
    "confirm": CodeForm,
    "prove": CodeForm,
    "renew": CodeForm,
    "drop": DropFactorForm,
}
"""What the page's forms may ask for (``act``), and their fields."""


@sensitive_post_parameters("current", "code")
@own("GET", "POST")
def second_factor(page: PageRequest, person_id: UUID) -> HttpResponse:
    """Where one stands with the sign-in code, and the next step: each form of the page names its ``act``."""
    name = page.POST.get("act", "")
    if page.method != "POST" or name not in FORMS:
        return _page(page, person_id)
    form = FORMS[name](page.POST)
    if not form.is_valid():
        return _page(page, person_id, {name: form}, status=422)
    if name in {"begin", "confirm"} and not pending.is_password_fresh(page.session):
        return _page(page, person_id)  # which asks for the password first
    try:
        return ACTS[name](page, person_id, form)
    except DomainError as error:
        refuse(form, error)
        return _page(page, person_id, {name: form}, status=status_of(error))


def _page(page: PageRequest, person_id: UUID, sent: dict[str, Form] | None = None, status: int = 200) -> HttpResponse:
    facts, state = own_facts(person_id), factor_state(person_id)
    context = {
        **own_page(page, facts),
        "factor": state,
        "step": _step(page, state),
        "next": wanted(page),
        "is_required": page.brand is not None and page.brand.requires_second_factor,
        "is_proved": has_second_factor(page.session),
        "forms": {name: (sent or {}).get(name) or form() for name, form in FORMS.items()},
    }
    if context["step"] == "confirm":
        uri = rules.provisioning_uri(secret=state.secret, account=facts.account)
        groups = [state.secret[start : start + 4] for start in range(0, len(state.secret), 4)]
        context |= {"qr": qr_svg(uri), "uri": uri, "secret": " ".join(groups)}
    return render(page, "platform/second_factor.html", context, status=status)


def _step(page: PageRequest, state: FactorState) -> str:
    """What the page asks for now."""
    if state.is_on:
        return "manage" if has_second_factor(page.session) else "prove"
    if not pending.is_password_fresh(page.session):
        return "password"
    return "confirm" if state.secret else "begin"


def _password(page: PageRequest, person_id: UUID, form: Form) -> HttpResponse:
    services.prove_password(person_id=person_id, password=form.cleaned_data["current"])
    pending.note_password(page.session)
    return redirect(with_next("second_factor", page))


def _begin(page: PageRequest, person_id: UUID, form: Form) -> HttpResponse:
    services.begin_totp(person_id=person_id)
    return redirect(with_next("second_factor", page))


def _confirm(page: PageRequest, person_id: UUID, form: Form) -> HttpResponse:
    codes = services.confirm_totp(person_id=person_id, code=form.cleaned_data["code"])
    note_second_factor(page.session)
    return _codes(page, person_id, codes, is_new=True)


def _prove(page: PageRequest, person_id: UUID, form: Form) -> HttpResponse:
    services.prove_second_factor(person_id=person_id, code=form.cleaned_data["code"])
    note_second_factor(page.session)
    return redirect(wanted(page) or "profile")


def _renew(page: PageRequest, person_id: UUID, form: Form) -> HttpResponse:
    codes = services.renew_recovery_codes(person_id=person_id, code=form.cleaned_data["code"])
    return _codes(page, person_id, codes, is_new=False)


def _drop(page: PageRequest, person_id: UUID, form: Form) -> HttpResponse:
    services.drop_totp(person_id=person_id, password=form.cleaned_data["current"], code=form.cleaned_data["code"])
    forget_second_factor(page.session)
    messages.success(page, gettext("The sign-in code is off."))
    return redirect("profile")


def _codes(page: PageRequest, person_id: UUID, codes: list[str], *, is_new: bool) -> HttpResponse:
    """The sheet, this once: not kept anywhere in the clear, so it is the answer to the form itself."""
    facts = own_facts(person_id)
    context = {**own_page(page, facts), "codes": codes, "is_new": is_new, "next": wanted(page), "facts": facts}
    return render(page, "platform/recovery_codes.html", context)


ACTS: dict[str, Callable[[PageRequest, UUID, Form], HttpResponse]] = {
    "password": _password,
    "begin": _begin,
    "confirm": _confirm,
    "prove": _prove,
    "renew": _renew,
    "drop": _drop,
}
