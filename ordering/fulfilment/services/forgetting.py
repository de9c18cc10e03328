"""Names of erased people on shipments: kept as long as the law wants the record of a transaction, then taken away."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from core.db.acts import act
from ordering.fulfilment.models import Shipment
from tenants.people.erasing import NAMELESS


def forget_names(person_ids: Collection[UUID], *, before: datetime) -> int:
    """Take these people's names off shipments sent before ``before`` and signed for before it; how many times."""
    with act():
        sent = _sent_by(person_ids).filter(shipped_at__lt=before).update(shipped_by_name=NAMELESS)
        return sent + _signed_by(person_ids).filter(signed_at__lt=before).update(signed_by_name=NAMELESS)


def still_named(person_ids: Collection[UUID]) -> set[UUID]:
    """Those among these people whose name some shipment still bears."""
    signed = _signed_by(person_ids).values_list("signed_by_id", flat=True)
    sent = _sent_by(person_ids).values_list("shipped_by_id", flat=True)
    return {*sent, *(person_id for person_id in signed if person_id is not None)}


def _sent_by(person_ids: Collection[UUID]) -> QuerySet[Shipment]:
    return Shipment.objects.filter(shipped_by_id__in=list(person_ids)).exclude(shipped_by_name__in=["", NAMELESS])


def _signed_by(person_ids: Collection[UUID]) -> QuerySet[Shipment]:
    return Shipment.objects.filter(signed_by_id__in=list(person_ids)).exclude(signed_by_name__in=["", NAMELESS])
