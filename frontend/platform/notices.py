"""Putting an announcement of the platform away, on every host."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from tenants.access.banners import put_away


@require_POST
def dismiss(request: HttpRequest, announcement_id: UUID) -> HttpResponse:
    """Back to the page it stood on, without it."""
    wanted = request.POST.get("next", "")
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts=None, require_https=request.is_secure()
    )
    response = redirect(wanted if is_ours else "/")
    put_away(request, response, announcement_id, secure=settings.SESSION_COOKIE_SECURE)
    return response
