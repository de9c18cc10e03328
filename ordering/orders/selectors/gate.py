"""Who buys, under which terms: the facts every check of lines starts from."""

from dataclasses import dataclass
from datetime import date, datetime

from core.db.scopes import dealers_within
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import Missing
from dms.dealers.models import Dealer
from dms.dealers.selectors import ShipTo, TradingDealer, trading_dealer
from dms.territories.selectors import CoveredLines
from ordering.orders.errors import AddressUnknown
from ordering.orders.rules.checks import BuyerFacts, Terms
from ordering.orders.selectors.settings import OrderingTerms, ordering_settings
from ordering.pricing.selectors import coverage_of


@dataclass(frozen=True, slots=True)
class Gate:
    """A buyer at the gate at an instant. ``address`` None: the dealer has none on file, its own region counts."""

    buyer: TradingDealer
    settings: OrderingTerms
    covered: CoveredLines
    address: ShipTo | None
    address_fault: AddressUnknown | None
    at: datetime
    day: date

    @property
    def seller_id(self) -> int:
        """Who sells."""
        return self.buyer.supplier_id

    @property
    def region_code(self) -> str:
        """Where the goods go."""
        return self.address.region_code if self.address else self.buyer.region_code

    def buyer_facts(self) -> BuyerFacts:
        """The buyer as the rules see it."""
        return BuyerFacts(self.buyer.is_active and self.buyer.is_seller_active, self.buyer.missing_papers)

    def terms(self, *, shows_drafts: bool) -> Terms:
        """The seller's terms as the rules see them."""
        return Terms(
            minimum_amount=self.settings.minimum_amount,
            tax_rate_bp=self.settings.tax_rate_bp,
            requires_licence=self.settings.requires_licence,
            requires_grant=self.settings.requires_grant,
            shows_drafts=shows_drafts,
            covers=self.covered.covers,
            supplies=self.covered.supplies,
        )


def gate(
    *,
    buyer_id: int,
    seller_id: int | None,
    address_id: int | None = None,
    is_placing: bool = False,
    usual: ShipTo | None = None,
) -> Gate:
    """Three statements. Raises ``Missing`` when ``seller_id`` (None: its supplier) does not supply the buyer.

    ``usual``: where the goods go when no address is chosen; None: the buyer's default one.
    """
    settings = ordering_settings(is_placing=is_placing)
    now = clock.now()
    day = clock.business_day(now, settings.time_zone)
    buyer = trading_dealer(buyer_id=buyer_id, seller_id=seller_id, day=day)
    address = usual if usual is not None and address_id is None else _address(buyer, address_id)
    fault = AddressUnknown(field="address") if address_id is not None and address is None else None
    covered = coverage_of(buyer, region_code=address.region_code if address else buyer.region_code, day=day)
    return Gate(buyer, settings, covered, address, fault, now, day)


def _address(buyer: TradingDealer, address_id: int | None) -> ShipTo | None:
    if address_id is None:
        return next((address for address in buyer.addresses if address.is_default), None)
    return next((address for address in buyer.addresses if address.id == address_id), None)


def seller_id_by_code(code: str) -> int:
    """The house of this code; whether it sells to the buyer says ``trading_dealer``. Raises ``Missing``."""
    found = Dealer.objects.filter(code=code).values_list("pk", flat=True).first()
    if found is None:
        raise Missing
    return found


def buyer_id_by_code(actor: Actor, code: str) -> int:
    """The dealer of this code within the seat's limits. Raises ``Missing``."""
    inside = Dealer.objects.filter(dealers_within(actor, own="pk"), code=code)
    found = inside.values_list("pk", flat=True).first()
    if found is None:
        raise Missing(dealer=code)
    return found
