"""The one verb of the register: find an organisation by its USCC or write it down."""

from core.db.acts import act, public
from core.kernel import clock
from core.kernel.identifiers import uscc as checked_uscc
from core.kernel.text import normalised
from tenants.organisations.errors import NamelessOrganisation
from tenants.organisations.models import Organisation


def find_or_create(*, uscc: str, name: str, kind: str) -> Organisation:
    """The organisation with this USCC (统一社会信用代码). Acts in the public schema, before any act of a brand.

    What is written already stays as it is: a brand may add an organisation, never edit one. Raises
    ``InvalidIdentifier`` for a USCC with a wrong check character and ``NamelessOrganisation``.
    """
    code, registered_name = checked_uscc(uscc), normalised(name)[:160]
    if not registered_name:
        raise NamelessOrganisation
    with public(), act():
        return Organisation.objects.get_or_create(
            uscc=code,
            defaults={"name": registered_name, "kind": Organisation.Kind(kind), "created_at": clock.now()},
        )[0]
