"""Who sells to a dealer: what the map decided, written down where orders need it."""

from collections.abc import Collection

from billing.ledger import services as ledger
from billing.ledger.models import Book, TradingAccount
from core.events.services import record
from core.kernel.actor import Actor
from dms.dealers.events import DEALER, DEALER_SUPPLIER_CHANGED
from dms.dealers.models import Dealer
from dms.dealers.rules import Tier


def take_over(*, dealer: Dealer, supplier: Dealer, is_usual: bool, actor: Actor | None = None) -> None:
    """Let ``supplier`` sell to the dealer from now on: an account in its book, and, when usual, ``Dealer.supplier``.

    Inside an act that holds the tree. Said twice it changes nothing. A new account has no credit: that is for the new
    supplier to give; one from earlier stays as it is, as does everything open at the former supplier.
    """
    open_account_with(dealer, supplier)
    former_id = dealer.supplier_id
    if not is_usual or former_id == supplier.pk:
        return
    dealer.supplier, dealer.version = supplier, dealer.version + 1
    dealer.save(update_fields=["supplier", "version"])
    record(
        kind=DEALER_SUPPLIER_CHANGED,
        aggregate_type=DEALER,
        aggregate_id=dealer.code,
        version=dealer.version,
        actor=actor,
        payload={"dealer_id": dealer.pk, "supplier_id": supplier.pk, "former_id": former_id},
        seller_id=supplier.pk,
        buyer_id=dealer.pk,
    )


def open_account_with(dealer: Dealer, supplier: Dealer) -> None:
    """An account of the dealer in the supplier's book, unless there is one. Inside an act that holds the tree."""
    seller, buyer = supplier.party_id, dealer.party_id
    if seller is None or buyer is None:
        raise RuntimeError("a dealer without a party")
    if not TradingAccount.objects.filter(book__seller_id=seller, buyer_id=buyer).exists():
        currency = currencies_of([seller])[seller]
        ledger.open_accounts(openings=[ledger.Opening(seller, buyer, currency)])


def currencies_of(seller_party_ids: Collection[int]) -> dict[int, str]:
    """The currency each of these sells in: of its first book; who never sold takes the brand's. Two queries."""
    books: dict[int, str] = dict(
        Book.objects.filter(seller_id__in=seller_party_ids).order_by("-id").values_list("seller_id", "currency")
    )
    root = Dealer.objects.get(tier=Tier.BRAND)
    brand = Book.objects.filter(seller__dealer_id=root.pk).values_list("currency", flat=True).order_by("id").first()
    return {party_id: books.get(party_id) or brand or "CNY" for party_id in seller_party_ids}
