"""Events of grants, with everything their hearers need."""

from collections.abc import Sequence

from core.catalogue.models import Sku
from core.events.services import record
from core.kernel.actor import Actor
from dms.territories.events import GRANT
from dms.territories.models import Grant


def tell(kind: str, grants: Sequence[Grant], actor: Actor, *, reason: str = "") -> None:
    """Record what became of the grants; dealers, lines and zones are joined already."""
    sku_ids = {sku_id for one in grants for sku_id in one.sku_ids}
    codes = dict(Sku.objects.filter(pk__in=sku_ids).values_list("pk", "code")) if sku_ids else {}
    for one in grants:
        payload = {
            "grant_id": one.pk,
            "dealer_id": one.dealer_id,
            "line": one.product_line.code if one.product_line is not None else None,
            "skus": [codes[sku_id] for sku_id in one.sku_ids if sku_id in codes],
            "channels": one.channels,
            "region": one.region_code,
            "zone": one.zone.code if one.zone is not None else None,
            "kind": one.kind,
            "priority": one.priority,
            "valid_from": one.valid_from,
            "valid_to": one.valid_to,
            "contract": one.contract_number,
            "carved_out_of": one.carved_out_of_id,
            "follows": one.follows_id,
        }
        record(
            kind=kind,
            aggregate_type=GRANT,
            aggregate_id=one.dealer.code,
            version=one.pk,
            actor=actor,
            payload={**payload, "reason": reason} if reason else payload,
            seller_id=one.dealer.supplier_id or one.dealer_id,
            buyer_id=one.dealer_id,
        )
