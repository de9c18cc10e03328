"""What the rooms of a brand write when it is opened, and mend when it comes from another server."""

from uuid import UUID

from core.kernel.brand import BrandFacts
from dms.dealers.models import Dealer
from dms.dealers.services import create_root
from dms.dealers.services.moving import index_contacts
from ordering.orders.services.settings import keep_days_of
from tenants.access.services.moving import index_invitations

ROOT = "ROOT"


def plant_root(facts: BrandFacts, *, region_code: str, organisation_id: UUID | None) -> None:
    """The root of the channel tree with its party and book; nothing where there is one."""
    if Dealer.objects.exists():
        return
    create_root(
        code=ROOT,
        name=facts.name,
        region_code=region_code,
        organisation_id=organisation_id,
        currency=facts.currency,
    )


def keep_own_days(facts: BrandFacts, *, region_code: str, organisation_id: UUID | None) -> None:
    """Orders are judged by the brand's own midnight."""
    keep_days_of(facts.time_zone)


def index_anew() -> None:
    """Blind indexes of the brand's own tables, made again with this server's key."""
    index_contacts()
    index_invitations()
