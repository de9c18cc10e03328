"""Refusals of a repeated request."""

from core.kernel.errors import DomainError, Kind
from core.kernel.text import N_


class KeyInvalid(DomainError):
    """The key is empty, too long or not printable ASCII."""

    code = "idempotency.key_invalid"
    text = N_("The Idempotency-Key must be 1 to 255 printable ASCII characters.")


class BodyDiffers(DomainError):
    """The key was used for another request before."""

    code = "idempotency.body_differs"
    text = N_("This Idempotency-Key was already used for a different request.")


class InProgress(DomainError):
    """The first request with this key is still being answered."""

    code = "idempotency.in_progress"
    kind = Kind.CONFLICT
    text = N_("The same request is still being processed. Try again in a moment.")
