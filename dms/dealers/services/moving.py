"""What of the tree is bound to a server: the index its contacts are found by."""

from core.db.acts import act
from core.vault.services import blind_index, seal, unseal
from dms.dealers.models import Dealer
from dms.dealers.services.creation import PHONE_INDEX

_AT_ONCE = 500


def index_contacts() -> None:
    """Seal every dealer's contact with this server's key and index it anew. May be repeated."""
    with act():
        changed = []
        for dealer in Dealer.objects.exclude(contact_phone_sealed="").only("contact_phone_sealed"):
            phone = unseal(dealer.contact_phone_sealed)
            dealer.contact_phone_sealed, dealer.contact_phone_index = seal(phone), blind_index(phone, PHONE_INDEX)
            changed.append(dealer)
        Dealer.objects.bulk_update(changed, ["contact_phone_sealed", "contact_phone_index"], batch_size=_AT_ONCE)
