"""Names of erased people on shipments: kept as long as the law wants the record of a transaction, then taken away."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from core.db.acts import act
from ordering.fulfilment.models import Shipment
from tenants.people.erasing import NAMELESS


def forget_names(person_ids: Collection[UUID], *, before: datetime) -> int:
    """Take these people's names off shipments sent before ``before`` and signed for before it; how many times."""
    people = list(person_ids)
    with act():
        sent = Shipment.objects.filter(shipped_by_id__in=people, shipped_at__lt=before)
        signed = Shipment.objects.filter(signed_by_id__in=people, signed_at__lt=before)
        sent, signed = sent.exclude(shipped_by_name=NAMELESS), signed.exclude(signed_by_name=NAMELESS)
        return sent.update(shipped_by_name=NAMELESS) + signed.update(signed_by_name=NAMELESS)
