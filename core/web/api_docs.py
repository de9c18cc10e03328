"""The API, readable and triable: Swagger UI under the strict content policy, from files of our own host."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def api_docs(request: HttpRequest) -> HttpResponse:
    """The page; what it shows comes from ``/api/v1/openapi.json``."""
    return render(request, "web/api_docs.html")
