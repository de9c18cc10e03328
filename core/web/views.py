"""Doors that belong to no room: refusal of a forged form."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form is stale or came from elsewhere: a calm page, nothing done."""
    return render(request, "ui/403.html", {"is_stale_form": True}, status=403)
