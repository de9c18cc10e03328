"""What of access is bound to a server: the index open invitations are found by."""

from core.db.acts import act
from tenants.access.invitees import account_of, index_of
from tenants.access.models import Invitation


def index_invitations() -> None:
    """Index every invitation anew with this server's key. May be repeated."""
    with act():
        changed = list(Invitation.objects.exclude(identifier_sealed=""))  # an erased person's has none
        for invitation in changed:
            invitation.identifier_index = index_of(account_of(invitation))
        Invitation.objects.bulk_update(changed, ["identifier_index"], batch_size=500)
