"""One's own data, on the platform's host only: taken along as a file, or taken away for good."""

import io
import json
import zipfile
from collections.abc import Mapping
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from core.kernel import clock
from core.kernel.errors import DomainError
from core.web.requests import PageRequest
from frontend.platform.answers import refuse, status_of
from frontend.platform.forms import PasswordForm
from frontend.platform.own import Owner
from tenants.access.services.personal import brands_left_alone, erase_person, personal_data
from tenants.brands.selectors import portals_of
from tenants.people.selectors import own_facts
from tenants.people.sessions import end, person_in


@never_cache
@require_safe
def my_data(request: HttpRequest) -> HttpResponse:
    """What there is, what can be taken along, what goes and what stays."""
    page = cast("PageRequest", request)
    person_id = person_in(page.session)
    return redirect("sign_in") if person_id is None else _page(page, person_id)


@never_cache
@sensitive_post_parameters("current")
@require_POST
def take_along(request: HttpRequest) -> HttpResponse:
    """The file, made now and kept nowhere: whoever has this answer is its owner."""
    page = cast("PageRequest", request)
    person_id = person_in(page.session)
    if person_id is None:
        return redirect("sign_in")
    form = PasswordForm(request.POST)
    if not form.is_valid():
        return _page(page, person_id, take=form, status=422)
    try:
        files = personal_data(person_id=person_id, password=form.cleaned_data["current"])
    except DomainError as error:
        refuse(form, error)
        return _page(page, person_id, take=form, status=status_of(error))
    name = f"jiumai-{clock.business_day().isoformat()}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(_packed(files), content_type="application/zip", headers=headers)


@never_cache
@sensitive_post_parameters("current")
@require_POST
def erase(request: HttpRequest) -> HttpResponse:
    """The person is forgotten, and signed out everywhere."""
    page = cast("PageRequest", request)
    person_id = person_in(page.session)
    if person_id is None:
        return redirect("sign_in")
    form = PasswordForm(request.POST)
    if not form.is_valid():
        return _page(page, person_id, erase=form, status=422)
    if not request.POST.get("sure"):
        form.add_error(None, gettext("Tick the box first: this cannot be undone."))
        return _page(page, person_id, erase=form, status=422)
    try:
        erase_person(person_id=person_id, password=form.cleaned_data["current"])
    except DomainError as error:
        refuse(form, error)
        return _page(page, person_id, erase=form, status=status_of(error))
    end(request)
    messages.success(request, gettext("Your account is erased. Goodbye, and thank you."))
    return redirect("landing")


def _page(
    page: PageRequest,
    person_id: UUID,
    *,
    take: PasswordForm | None = None,
    erase: PasswordForm | None = None,
    status: int = 200,
) -> HttpResponse:
    staffed = [card.schema_name for card in portals_of(person_id) if "brand" in card.sides]
    context = {
        "actor": Owner(own_facts(person_id).name),
        "take": take or PasswordForm(auto_id="take_%s"),
        "erase": erase or PasswordForm(auto_id="erase_%s"),
        "alone": "、".join(brands_left_alone(person_id, only=staffed)),
        "back_url": reverse("portals"),
        "portals_url": reverse("portals"),
    }
    return render(page, "platform/my_data.html", context, status=status)


def _packed(files: Mapping[str, object]) -> bytes:
    """A ZIP of JSON files with a page that says what they are."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", _read_me())
        for name, facts in files.items():
            archive.writestr(name, json.dumps(facts, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2))
    return packed.getvalue()


def _read_me() -> str:
    lines = (
        gettext("account.json: your account. sign-ins.json: where and when you signed in."),
        gettext("brands/: your seats and access tokens at each brand."),
        gettext(
            "Orders, shipments and accounts belong to the company you acted for; its administrator can export them."
        ),
    )
    return "\n".join(lines) + "\n"
