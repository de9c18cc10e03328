"""What would have left the house: a page for developers and tests."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.kernel.errors import Missing
from core.messages.models import Message
from core.vault.services import unseal

_SHOWN = 200


@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """The last messages of this host's schema with their addresses; not there in production."""
    if settings.ENVIRONMENT not in {"dev", "test"}:
        raise Missing
    messages = list(Message.objects.order_by("-created_at", "-id")[:_SHOWN])
    lines = [{"message": message, "recipient": unseal(message.recipient)} for message in messages]
    return render(request, "messages/outbox.html", {"lines": lines})
