"""The door wrapper of every POST: one key, one act, one answer."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from core.idempotency.rules import Claim
from core.idempotency.services import answering
from core.kernel.text import N_
from core.web.api import actor_of

KEY_MISSING = N_("A POST needs an Idempotency-Key header, so that sending it again is harmless.")
REPEATED = "Idempotency-Replayed"


class KeyMissing(APIException):
    """Without a key nobody could repeat the request safely after a lost answer."""

    status_code = 400
    default_code = "idempotency.key_missing"
    default_detail = KEY_MISSING


def answered_once(
    request: Request,
    do: Callable[[], Any],
    *,
    status: int = 200,
    location: Callable[[Any], str] | None = None,
    body: bytes | None = None,
) -> Response:
    """Call ``do`` (which calls ONE verb and prints what came of it, as plain JSON) inside the act of the request's key.

    The same request again gets the answer it got before, marked ``Idempotency-Replayed``. Raises ``KeyMissing``, and
    what ``answering`` raises. Everything that can be refused by reading is read before this.
    ``body`` as in ``claim_of``.
    """
    claim = claim_of(request, body=body)
    with answering(claim) as asked:
        if asked.given is None:
            asked.answer(status=status, body=do())
    given = asked.given or asked.fresh
    if given is None:
        raise RuntimeError("neither an old answer nor a new one")
    headers = {REPEATED: "true"} if asked.given else {}
    if location is not None:
        headers["Location"] = location(given.body)
    return Response(given.body, status=given.status, headers=headers)


def claim_of(request: Request, *, body: bytes | None = None) -> Claim:
    """The request's claim. ``body`` stands in for the bytes sent where those differ each time (file uploads)."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        raise KeyMissing(gettext(KEY_MISSING))
    sent = request._request.body if body is None else body
    return Claim.of(actor=actor_of(request), method=request.method or "POST", route=request.path, key=key, body=sent)
