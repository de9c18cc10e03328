"""A form that counts once: its hidden key answers a second sending with what the first one did."""

from collections.abc import Callable
from urllib.parse import urlencode
from uuid import uuid4

from core.idempotency.rules import Claim
from core.idempotency.services import answering
from core.web.requests import SignedInRequest

KEY = "once"


def new_key() -> str:
    """The key of a form about to be shown."""
    return uuid4().hex


def once(request: SignedInRequest, call: Callable[[], str], *, key: str = "") -> str:
    """Call one verb unless this form was answered before; what it said (a document's number). Raises its refusals.

    ``key``: of a request that is no form, and is told from others by all of its body.
    """
    said = sorted((name, value) for name, value in request.POST.items() if name != "csrfmiddlewaretoken")
    claim = Claim.of(
        actor=request.actor,
        method="POST",
        route=request.path,
        key=key or request.POST.get(KEY, "") or new_key(),
        body=request.body if key else urlencode(said).encode(),
    )
    with answering(claim) as asked:
        if asked.given is not None:
            return str(asked.given.body)
        number = call()
        asked.answer(status=201, body=number)
    return number
