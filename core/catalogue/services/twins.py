"""Saying of two suspected SKUs that they are two products."""

from core.catalogue import events
from core.catalogue.errors import SameProduct, SkuUnknown
from core.catalogue.models import Sku, ToldApart
from core.catalogue.permissions import Permission
from core.db.acts import act
from core.db.scopes import lines_within
from core.events.services import record
from core.kernel import clock
from core.kernel.actor import Actor


def tell_apart(*, actor: Actor, codes: tuple[str, str]) -> bool:
    """Remember that these are two products, so that nobody is asked again; whether that is news.

    Raises ``SkuUnknown`` or ``SameProduct``.
    """
    actor.require(Permission.EDIT)
    wanted = tuple(code.strip().upper() for code in codes)
    with act():
        inside = Sku.objects.filter(lines_within(actor, "product_line__code"), code__in=wanted)
        found = {row.code: row.pk for row in inside}
        for code in wanted:
            if code not in found:
                raise SkuUnknown(value=code[:48])
        if len(found) != 2:
            raise SameProduct
        first, second = sorted(found.values())
        _row, is_new = ToldApart.objects.get_or_create(
            first_id=first, second_id=second, defaults={"said_by_name": actor.person_name[:80], "said_at": clock.now()}
        )
        if is_new:
            record(
                kind=events.SKUS_TOLD_APART,
                aggregate_type="sku",
                aggregate_id=wanted[0],
                version=0,
                actor=actor,
                payload={"skus": sorted(wanted)},
                seller_id=actor.dealer_id,
            )
    return is_new
