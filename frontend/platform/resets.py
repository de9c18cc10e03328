"""A forgotten password: ask, open the link or type the code, set a new one. The same pages on every host."""

from collections.abc import Mapping
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from core.kernel.errors import DomainError
from core.messages.port import sms_sender
from core.web.refusals import words_of
from core.web.requests import PageRequest
from core.web.throttling import client_address
from frontend.platform.answers import refuse, status_of
from frontend.platform.forms import CodeAndPasswordForm, ForgottenForm, NewPasswordForm
from frontend.platform.shelf import SHELF
from tenants.brands.addresses import address_of, home_of
from tenants.people import pending
from tenants.people.errors import ResetGone
from tenants.people.models import ResetRequest
from tenants.people.services import Proof, follow_link, request_reset, reset_password
from tenants.people.sessions import person_in


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forgot(request: HttpRequest) -> HttpResponse:
    """Ask for a link or a code. The answer is the same whether or not somebody has this name."""
    page = cast("PageRequest", request)
    by_mail_only = sms_sender() is None
    if request.method != "POST":
        if request.GET.get("sent"):
            return _page(page, "platform/forgot_sent.html", {})
        return _page(page, "platform/forgot.html", {"form": ForgottenForm(by_mail_only=by_mail_only)})
    form = ForgottenForm(request.POST, by_mail_only=by_mail_only)
    context = {"form": form, "by_mail_only": by_mail_only}
    if not form.is_valid():
        return _page(page, "platform/forgot.html", context, status=422)
    try:
        asked = request_reset(
            identifier=form.cleaned_data["identifier"], address=client_address(request), page=_link_page(page)
        )
    except DomainError as error:
        refuse(form, error)
        return _page(page, "platform/forgot.html", context, status=status_of(error))
    if asked.way == ResetRequest.Way.MAIL:
        return redirect(f"{reverse('forgot')}?sent=1")
    pending.remember_reset(page.session, request_id=asked.request_id)
    return redirect("reset")


@never_cache
@require_safe
def reset_link(request: HttpRequest, secret: str) -> HttpResponse:
    """The link of a mail: its secret goes into the session and out of the address before a page is shown."""
    page = cast("PageRequest", request)
    digest = follow_link(secret)
    if digest is None:
        response = _page(page, "platform/reset_gone.html", {"problem": words_of(ResetGone())}, status=409)
    else:
        if person_in(page.session) is None:  # a key planted in this browser before is worth nothing after
            page.session.cycle_key()
        pending.remember_reset(page.session, link_digest=digest)
        response = redirect("reset")
    return response


@never_cache
@sensitive_post_parameters("code", "password")
@require_http_methods(["GET", "HEAD", "POST"])
def reset(request: HttpRequest) -> HttpResponse:
    """Set the new password, with the code of the text message where it came that way."""
    page = cast("PageRequest", request)
    request_id, link_digest = pending.reset_in(page.session)
    if request_id is None and not link_digest:
        return redirect("forgot")
    kind = NewPasswordForm if link_digest else CodeAndPasswordForm
    form = kind(request.POST) if request.method == "POST" else kind()
    context = {"form": form, "is_code": not link_digest}
    if request.method != "POST" or not form.is_valid():
        return _page(page, "platform/reset.html", context, status=422 if form.is_bound else 200)
    proof = Proof(link_digest=link_digest, request_id=request_id, code=form.cleaned_data.get("code", ""))
    try:
        reset_password(proof=proof, password=form.cleaned_data["password"])
    except ResetGone as error:
        pending.forget_reset(page.session)
        return _page(page, "platform/reset_gone.html", {"problem": words_of(error)}, status=409)
    except DomainError as error:
        refuse(form, error)
        return _page(page, "platform/reset.html", context, status=status_of(error))
    pending.forget_reset(page.session)
    messages.success(request, gettext("Your password is set. Sign in with it."))
    return redirect("sign_in")


def _link_page(page: PageRequest) -> str:
    """Where the link of the mail leads: this portal's own first address, never what the request called its host."""
    home = home_of(page.brand.schema_name) if page.brand else ""
    return f"{home or address_of(settings.BASE_DOMAIN)}{reverse('reset')}"


def _page(page: PageRequest, template: str, context: Mapping[str, object], status: int = 200) -> HttpResponse:
    return render(page, template, {"shelf": SHELF[:4], "by_mail_only": sms_sender() is None, **context}, status=status)
