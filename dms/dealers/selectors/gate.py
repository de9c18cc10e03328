"""The buyer at the order gate."""

from dataclasses import dataclass
from datetime import date

from core.db import sql
from core.kernel.errors import Missing
from dms.dealers.rules import GATE_TYPES, Licence, MissingPaper, missing_papers


@dataclass(frozen=True, slots=True)
class ShipTo:
    """Where a dealer takes goods in. The phone stays sealed."""

    id: int
    label: str
    recipient: str
    phone_sealed: str
    region_code: str
    line: str
    is_default: bool


@dataclass(frozen=True, slots=True)
class TradingDealer:
    """A buyer as the order gate sees it. ``path`` is ``/1/5/9/``, root first.

    ``missing_papers``: what its accepted licences do not meet on the day; empty: they open the order gate.
    ``price_group_ids``: its price groups, the one asked first in front. ``labels``: the brand's words for it.
    ``supplier_id`` is who sells here. ``is_seller_active``: it may trade itself (the brand always; a dealer while
    ACTIVE). ``currency`` is that of the account between the two, empty when there is none. ``is_usual``: it supplies
    the buyer with every line that has no supplier of its own. ``rebate_pool``: what is free in its rebate pool on that
    account, minor units.
    """

    id: int
    code: str
    name: str
    status: str
    tier: str
    region_code: str
    channel: str
    path: str
    parent_id: int | None
    supplier_id: int
    price_group_ids: tuple[int, ...]
    missing_papers: tuple[MissingPaper, ...]
    is_seller_active: bool
    currency: str
    addresses: tuple[ShipTo, ...]
    is_usual: bool = True
    labels: frozenset[str] = frozenset()
    rebate_pool: int = 0

    @property
    def is_active(self) -> bool:
        """Whether the dealer itself may trade."""
        return self.status == "ACTIVE"

    @property
    def has_licence(self) -> bool:
        """Whether its papers open the order gate."""
        return not self.missing_papers


_TRADING = """
SELECT buyer.id, buyer.code, buyer.name, buyer.status, buyer.tier, buyer.region_code, buyer.channel, buyer.path,
       buyer.parent_id, seller.id,
       ARRAY(SELECT price_group.id FROM dealers_dealer_price_groups AS member
             JOIN dealers_pricegroup AS price_group ON price_group.id = member.pricegroup_id
             WHERE member.dealer_id = buyer.id ORDER BY price_group.rank, price_group.id),
       (SELECT json_agg(json_build_array(type, number, valid_from, valid_to)) FROM dealers_credential
        WHERE dealer_id = buyer.id AND is_accepted AND type = ANY(%(types)s::text[])),
       EXISTS (SELECT FROM dealers_dealersettings
               WHERE left(buyer.region_code, 2) || '0000' = ANY(wholesale_provinces)),
       seller.status = 'ACTIVE' OR seller.tier = 'BRAND',
       coalesce(account.currency, ''),
       (SELECT json_agg(json_build_array(id, label, recipient, phone_sealed, region_code, line, is_default)
                        ORDER BY is_default DESC, id)
        FROM dealers_address WHERE dealer_id = buyer.id),
       seller.id = buyer.supplier_id, buyer.labels, coalesce(account.pool, 0)
FROM dealers_dealer AS buyer
JOIN dealers_dealer AS seller ON seller.id = coalesce(%(seller)s::bigint, buyer.supplier_id)
LEFT JOIN LATERAL (
    SELECT account.currency, account.rebate_balance - account.rebate_held AS pool
    FROM ledger_tradingaccount AS account JOIN ledger_book AS book ON book.id = account.book_id
    WHERE book.seller_id = seller.party_id AND account.buyer_id = buyer.party_id
    ORDER BY account.id LIMIT 1) AS account ON true
WHERE buyer.id = %(buyer)s
  AND (seller.id = buyer.supplier_id
       OR (buyer.tier = 'TERMINAL' AND EXISTS (
               SELECT FROM ledger_tradingaccount AS account JOIN ledger_book AS book ON book.id = account.book_id
               WHERE book.seller_id = seller.party_id AND account.buyer_id = buyer.party_id)))
"""


def trading_dealer(*, buyer_id: int, seller_id: int | None, day: date) -> TradingDealer:
    """The buyer as the order gate needs it, in one query. Raises ``Missing`` when the seller does not supply it.

    ``seller_id`` None: whoever supplies it. An outlet may also come to another house it has an account with: which
    lines it may buy there is the map's to say.

    A licence counts on its first and its last day (有效期至 is inclusive).
    """
    found = sql.row(_TRADING, {"buyer": buyer_id, "seller": seller_id, "types": sorted(GATE_TYPES)})
    if found is None:
        raise Missing
    *facts, group_ids, papers, wholesale, is_seller_active, currency, addresses, is_usual, labels, pool = found
    missing = missing_papers(map(_licence, papers or ()), day, wholesale=wholesale)
    places = tuple(ShipTo(*address) for address in addresses or ())
    told = (tuple(group_ids), missing, is_seller_active, currency, places, is_usual, frozenset(labels), pool)
    return TradingDealer(*(*facts, *told))


def _licence(row: tuple[str, str, str, str | None]) -> Licence:
    kind, number, valid_from, valid_to = row
    return Licence(kind, number, date.fromisoformat(valid_from), date.fromisoformat(valid_to) if valid_to else None)
