"""What would have left the house: a page for developers and tests."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.kernel.errors import Missing
from core.messages.models import Message
from core.messages.registry import Words
from core.messages.selectors import secrets_of, words_of
from core.vault.services import unseal

_SHOWN = 200
WAYS = {"MAIL": gettext_lazy("E-mail"), "SMS": gettext_lazy("Text message"), "IN_APP": gettext_lazy("In the portal")}
STATUSES = {
    "QUEUED": gettext_lazy("Waiting"),
    "SENDING": gettext_lazy("Being sent"),
    "SENT": gettext_lazy("Sent"),
    "FAILED": gettext_lazy("Could not be sent"),
    "NO_ADDRESS": gettext_lazy("No address"),
}


@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """The last messages of this host's schema with their addresses; not there in production."""
    if settings.ENVIRONMENT not in {"dev", "test"}:
        raise Missing
    messages = list(Message.objects.order_by("-created_at", "-id")[:_SHOWN])
    lines = [
        {
            "message": message,
            "recipient": unseal(message.recipient),
            "words": _words(message),
            "link": request.build_absolute_uri(message.link) if message.link else "",
            "way": WAYS.get(message.way, message.way),
            "status": STATUSES.get(message.status, message.status),
        }
        for message in messages
    ]
    return render(request, "messages/outbox.html", {"lines": lines})


def _words(message: Message) -> Words:
    """As it was sent, secrets in their places."""
    if message.secrets_sealed:
        return words_of(message, message.language, secrets_of(message))
    return Words(subject=message.subject, body=message.body)
