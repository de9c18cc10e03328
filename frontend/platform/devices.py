"""Where somebody is signed in, as they see it themselves, and the doors that end it."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from core.kernel.errors import Missing
from core.kernel.text import N_
from core.web.requests import PageRequest
from frontend.platform.arrivals import wanted
from tenants.brands.addresses import address_of
from tenants.people.sessions import end, person_in, sign_in_in
from tenants.people.sign_ins import Device, devices_of, end_all_sessions, end_sign_in

_BROWSERS = {
    "wechat": N_("WeChat"),
    "dingtalk": N_("DingTalk"),
    "feishu": N_("Feishu"),
    "quark": N_("Quark browser"),
    "uc": N_("UC browser"),
    "qq": N_("QQ browser"),
    "edge": "Edge",
    "firefox": "Firefox",
    "opera": "Opera",
    "chrome": "Chrome",
    "safari": "Safari",
}
_SYSTEMS = {
    "harmony": N_("HarmonyOS"),
    "ios": N_("iPhone or iPad"),
    "android": N_("Android"),
    "windows": "Windows",
    "mac": "Mac",
    "linux": "Linux",
}


@dataclass(frozen=True, slots=True)
class DeviceCard:
    """One sign-in in words."""

    sign_in_id: UUID
    words: str
    is_phone: bool
    network: str
    hosts: tuple[str, ...]
    started_at: datetime
    seen_at: datetime
    has_second_factor: bool
    is_this: bool


def devices_context(request: HttpRequest) -> dict[str, object]:
    """What the parts ``sign_ins.html`` and ``my_data.html`` need: one's open sign-ins, this one first."""
    page = cast("PageRequest", request)
    person_id, this = person_in(page.session), sign_in_in(page.session)
    found = devices_of(person_id) if person_id else []
    cards = sorted((_card(device, this) for device in found), key=lambda card: not card.is_this)
    has_others = any(not card.is_this for card in cards)
    return {"devices": cards, "has_other_devices": has_others, "my_data_url": _my_data_url(page)}


def _my_data_url(page: PageRequest) -> str:
    """One's data are read on the platform's host alone; from a brand's host the sign-in goes along."""
    path = reverse("my_data", settings.ROOT_URLCONF)
    if page.brand is None:
        return path
    asked = urlencode({"from": page.get_host().partition(":")[0].lower(), "next": path})
    return f"{address_of(settings.BASE_DOMAIN)}{reverse('enter')}?{asked}"


def _card(device: Device, this: UUID | None) -> DeviceCard:
    browser, _, system = device.agent.partition("/")
    words = (_said(_BROWSERS, browser), _said(_SYSTEMS, system))
    return DeviceCard(
        sign_in_id=device.sign_in_id,
        words=" · ".join(word for word in words if word) or gettext("Unknown device"),
        is_phone=system in {"ios", "android", "harmony"},
        network=device.network,
        hosts=device.hosts,
        started_at=device.started_at,
        seen_at=device.seen_at,
        has_second_factor=device.has_second_factor,
        is_this=device.sign_in_id == this,
    )


def _said(words: dict[str, str], code: str) -> str:
    return gettext(words[code]) if code in words else ""


@require_POST
def end_session(request: HttpRequest) -> HttpResponse:
    """End one of the person's sign-ins on all its hosts, or with ``others`` every one but this. Raises ``Missing``."""
    page = cast("PageRequest", request)
    person_id, this = person_in(page.session), sign_in_in(page.session)
    if person_id is None or this is None:
        return redirect("sign_in")
    if page.POST.get("others"):
        end_all_sessions(person_id, but=this)
        messages.success(page, gettext("You are signed out everywhere else."))
        return redirect(wanted(page) or "/")
    chosen = _chosen(page.POST.get("sign_in", ""))
    if chosen == this:
        end(page)
        return redirect("sign_in")
    end_sign_in(person_id=person_id, sign_in_id=chosen)
    messages.success(page, gettext("That device is signed out."))
    return redirect(wanted(page) or "/")


def _chosen(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Missing from None
