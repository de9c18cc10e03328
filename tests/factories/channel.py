"""Dealers with what they need to trade, as plain rows: licence, grant, address, account with their supplier."""

from dataclasses import dataclass
from datetime import date

from billing.ledger.models import Book, Party, TradingAccount
from core.kernel import clock
from core.kernel.sorting import name_key
from dms.dealers.models import Address, Credential, Dealer
from dms.dealers.rules import search_text
from dms.territories.models import Grant

LONG_AGO = date(2025, 1, 1)


@dataclass(frozen=True, slots=True)
class DealerFacts:
    """What tells one dealer from another; ``credit_limit`` in fen with its supplier."""

    code: str
    name: str
    tier: str
    region_code: str
    credit_limit: int = 0


def make_root(code: str, name: str, region_code: str) -> Dealer:
    """The brand as the root of its channel tree, with its book."""
    root = _make_node(DealerFacts(code, name, Dealer.Tier.BRAND, region_code), None, None)
    make_book(root)
    return root


def make_dealer(facts: DealerFacts, *, parent: Dealer, supplier: Dealer) -> Dealer:
    """An active dealer that may buy from ``supplier`` at once."""
    dealer = _make_node(facts, parent, supplier)
    for kind, number in (
        ("BUSINESS", f"91{facts.region_code}{dealer.pk:010d}"),
        ("JY", f"JY1{facts.region_code}{dealer.pk:07d}"),
    ):
        Credential.objects.create(dealer=dealer, type=kind, number=number, valid_from=LONG_AGO)
    Grant.objects.create(dealer=dealer, region_code=facts.region_code, valid_from=LONG_AGO, created_at=clock.now())
    Address.objects.create(
        dealer=dealer,
        label="总仓",
        recipient="收货人",
        region_code=facts.region_code,
        line="工业路 1 号",
        is_default=True,
    )
    TradingAccount.objects.create(
        book=make_book(supplier), buyer=_party(dealer), currency="CNY", credit_limit=facts.credit_limit
    )
    return dealer


def make_book(seller: Dealer) -> Book:
    """The seller's book in CNY, made once."""
    return Book.objects.get_or_create(seller=_party(seller), currency="CNY")[0]


def _party(dealer: Dealer) -> Party:
    if dealer.party is None:
        raise ValueError("every node of the tree has a party")
    return dealer.party


def _make_node(facts: DealerFacts, parent: Dealer | None, supplier: Dealer | None) -> Dealer:
    dealer = Dealer.objects.create(
        code=facts.code,
        name=facts.name,
        tier=facts.tier,
        parent=parent,
        supplier=supplier,
        path=f"new-{facts.code}",
        status=Dealer.Status.ACTIVE,
        region_code=facts.region_code,
        search_text=search_text(facts.code, facts.name),
        name_key=name_key(facts.name),
        created_at=clock.now(),
    )
    dealer.path = f"{parent.path if parent else '/'}{dealer.pk}/"
    dealer.party = Party.objects.create(
        dealer_id=dealer.pk, name=facts.name, path=dealer.path, region_code=facts.region_code
    )
    dealer.save(update_fields=["path", "party"])
    return dealer
