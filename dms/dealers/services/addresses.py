"""Where a dealer takes goods in. Orders copy what they are sent to, so an address may be changed and taken away."""

from dataclasses import dataclass

from core.db.acts import act
from core.db.locks import Rank, locked
from core.db.scopes import dealers_within
from core.kernel.actor import Actor
from core.kernel.errors import Missing
from core.kernel.text import normalised
from core.vault.services import seal
from dms.dealers import rules
from dms.dealers.events import ADDRESS_DELETED, ADDRESS_SAVED
from dms.dealers.models import Address, Dealer
from dms.dealers.permissions import Permission
from dms.dealers.rules import Delivery
from dms.dealers.services.lifecycle import tell


@dataclass(frozen=True, slots=True)
class SaveAddress:
    """A new address (``address_id`` None) or a changed one."""

    dealer_code: str
    delivery: Delivery
    address_id: int | None = None


def save_address(*, actor: Actor, command: SaveAddress) -> Address:
    """Save where a dealer takes goods in: the brand for any dealer, a dealer's administrator for its own.

    The first address of a dealer is its default. Raises ``Missing``, ``AddressInvalid``, ``PhoneInvalid``.
    """
    actor.require(Permission.EDIT if actor.is_brand_staff else Permission.EDIT_OWN)
    delivery = rules.checked_address(command.delivery)
    with act():
        dealer = _own_or_any(actor, command.dealer_code)
        others = Address.objects.filter(dealer=dealer).exclude(pk=command.address_id or 0)
        is_default = delivery.is_default or not others.filter(is_default=True).exists()
        if is_default:
            others.filter(is_default=True).update(is_default=False)
        values = {
            "label": delivery.label[:40],
            "recipient": delivery.recipient,
            "phone_sealed": seal(delivery.phone),
            "region_code": delivery.region_code or dealer.region_code,
            "line": delivery.line,
            "is_default": is_default,
        }
        address = _written(dealer, command.address_id, values)
        tell(ADDRESS_SAVED, dealer, actor, _facts(address))
        return address


def delete_address(*, actor: Actor, dealer_code: str, address_id: int) -> Address | None:
    """Take an address away; orders keep where they were sent to. The one that is the default from now on, if any.

    Where the default goes, the oldest of the others takes its place: a house with addresses has one it uses unless
    told. Raises ``Missing``.
    """
    actor.require(Permission.EDIT if actor.is_brand_staff else Permission.EDIT_OWN)
    with act():
        dealer = _own_or_any(actor, dealer_code)
        address = Address.objects.filter(pk=address_id, dealer=dealer).first()
        if address is None:
            raise Missing
        told = _facts(address)
        address.delete()
        left = Address.objects.filter(dealer=dealer)
        heir = left.filter(is_default=True).first()
        if heir is None and (heir := left.order_by("pk").first()) is not None:
            heir.is_default = True
            heir.save(update_fields=["is_default"])
        tell(ADDRESS_DELETED, dealer, actor, {**told, "default_id": heir.pk if heir is not None else None})
        return heir


def _facts(address: Address) -> dict[str, object]:
    return {
        "dealer_id": address.dealer_id,
        "address_id": address.pk,
        "region": address.region_code,
        "is_default": address.is_default,
    }


def _own_or_any(actor: Actor, code: str) -> Dealer:
    """The dealer, locked so that two defaults cannot be chosen at once."""
    rows = Dealer.objects.filter(dealers_within(actor, own="pk"), code=normalised(code))
    if not actor.is_brand_staff:
        rows = rows.filter(pk=actor.dealer_id)
    found = locked(rows, Rank.KEY)
    if not found:
        raise Missing
    return found[0]


def _written(dealer: Dealer, address_id: int | None, values: dict[str, object]) -> Address:
    if address_id is None:
        return Address.objects.create(dealer=dealer, **values)
    if not Address.objects.filter(pk=address_id, dealer=dealer).update(**values):
        raise Missing
    return Address.objects.get(pk=address_id)
