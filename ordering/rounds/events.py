"""What happens to price rounds, as the timeline hears it. Payloads name the round; amounts stay with the prices."""

from core.kernel.errors import Field

ROUND = "price_round"
ROUND_DRAFTED = "ordering.price_round_drafted.v1"
ROUND_CHANGED = "ordering.price_round_changed.v1"
ROUND_SUBMITTED = "ordering.price_round_submitted.v1"
ROUND_APPROVED = "ordering.price_round_approved.v1"
ROUND_SENT_BACK = "ordering.price_round_sent_back.v1"
ROUND_PUBLISHED = "ordering.price_round_published.v1"
ROUND_WITHDRAWN = "ordering.price_round_withdrawn.v1"


def told(*, number: str, status: str, line_count: int, reason: str = "") -> dict[str, Field]:
    """Payload of all of them."""
    return {"number": number, "status": status, "line_count": line_count, "reason": reason}
