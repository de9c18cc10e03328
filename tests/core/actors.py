"""Actors of core's tests: values, no rows behind them."""

from uuid import NAMESPACE_URL, uuid5

from core.kernel.actor import Actor, Side

ROOT_DEALER_ID = 1


def an_actor(
    name: str = "周海棠",
    *codes: str,
    dealer_id: int = ROOT_DEALER_ID,
    schema: str = "t_xinghe",
    token_id: int | None = None,
) -> Actor:
    """Somebody of the brand (dealer 1) or of a dealer; the same ids for the same name."""
    return Actor(
        person_id=uuid5(NAMESPACE_URL, f"person/{name}"),
        person_name=name,
        seat_id=uuid5(NAMESPACE_URL, f"seat/{schema}/{name}"),
        side=Side.BRAND if dealer_id == ROOT_DEALER_ID else Side.DEALER,
        dealer_id=dealer_id,
        dealer_name="杏禾酒业" if dealer_id == ROOT_DEALER_ID else f"经销商{dealer_id}",
        codes=frozenset(codes),
        brand_schema=schema,
        request_id="request-1",
        token_id=token_id,
    )
