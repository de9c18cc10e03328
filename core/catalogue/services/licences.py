"""Producers' SC licences: sent to be verified, the register's facts as they arrive, the warnings before the end."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from core.catalogue import events
from core.catalogue.errors import (
    LicenceDaysInvalid,
    LicenceOver,
    LicenceScanMissing,
    ProducerUnknown,
    ProducerWithoutFirm,
)
from core.catalogue.models import Producer, Sku, Spu
from core.catalogue.permissions import Permission
from core.catalogue.rules import ProducerLicence
from core.catalogue.services.commands import SaveProducer, SubmitProducerLicence
from core.db.acts import act
from core.db.scopes import lines_within
from core.events.services import record
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.endings import THRESHOLDS, threshold
from core.kernel.errors import DomainError, OutOfScope, refuse_all
from core.kernel.identifiers import licence_number
from core.kernel.ids import uuid7
from core.kernel.text import normalised

Check = Producer.Check
REFUTED = (Check.REJECTED, Check.WITHDRAWN)


def licence_of(producer: Producer) -> ProducerLicence:
    """The licence as the shelf gate asks for it."""
    return ProducerLicence(producer.sc_no, producer.sc_valid_to, producer.sc_check in REFUTED)


def refuse_shared(row: Producer, actor: Actor) -> None:
    """A producer of goods outside the seat's product lines is not the seat's to change. Raises ``OutOfScope``."""
    inside = lines_within(actor, "product_line__code")
    if inside and row.pk and Spu.objects.filter(producer=row).exclude(inside).exists():
        raise OutOfScope


def forget_old_checks(row: Producer, before: Mapping[str, events.Value]) -> None:
    """Another number or other days are another paper: what the platform said of the old one no longer holds."""
    said = (row.sc_no, row.sc_valid_to.isoformat() if row.sc_valid_to else None)
    if before and said != (before["sc_no"], before["sc_valid_to"]):
        row.sc_check, row.sc_reason, row.sc_licence_id, row.sc_warned_days = Check.NONE, "", None, None
        row.sc_file_ids = []


def take_firm(row: Producer, command: SaveProducer, before: Mapping[str, events.Value]) -> bool:
    """Tie the producer to the organisation of its USCC; whether that is news."""
    known = row.organisation_id if before and before["uscc"] == row.uscc else None
    wanted = command.organisation_id or known
    is_news = wanted is not None and wanted != row.organisation_id
    row.organisation_id = wanted
    return is_news


def tell_use(row: Producer, actor: Actor) -> None:
    """Let the register know whose goods these are, so that verified facts find their way."""
    _record(events.ORGANISATIONS_USED, row, actor, {"organisations": [str(row.organisation_id)]})


def submit_producer_licence(*, actor: Actor, command: SubmitProducerLicence) -> Producer:
    """Send a producer's SC licence to be verified; the number counts at once, as the brand's own word.

    Raises ``ProducerUnknown``, ``ProducerWithoutFirm``, ``LicenceScanMissing``, ``LicenceOver``,
    ``LicenceDaysInvalid`` or ``InvalidIdentifier``, and ``OutOfScope`` for a producer of other lines' goods too.
    """
    actor.require(Permission.EDIT)
    number = _checked(command)
    with act():
        row = Producer.objects.select_for_update().filter(name=normalised(command.producer_name)).first()
        if row is None:
            raise ProducerUnknown(field="producer_name", value=command.producer_name[:120])
        refuse_shared(row, actor)
        if row.organisation_id is None:
            raise ProducerWithoutFirm(field="uscc")
        row.sc_no, row.sc_valid_to, row.sc_warned_days = number, command.valid_to, None
        row.sc_check, row.sc_reason = Check.SUBMITTED, ""
        row.sc_licence_id, row.sc_licence_version, row.sc_file_ids = uuid7(), 0, list(command.file_ids)
        row.save()
        told = {
            "organisation_id": str(row.organisation_id),
            "licence_id": str(row.sc_licence_id),
            "type": "SC",
            "number": number,
            "scope": "",
            "valid_from": command.valid_from,
            "valid_to": command.valid_to,
            "file_ids": [str(one) for one in command.file_ids],
        }
        _record(events.LICENCE_SUBMITTED, row, actor, told)
    return row


def _checked(command: SubmitProducerLicence) -> str:
    faults: list[DomainError] = []
    number = ""
    try:
        number = licence_number(command.sc_no, "SC")
    except DomainError as fault:
        fault.field = "sc_no"
        faults.append(fault)
    if command.valid_to is not None and command.valid_to < command.valid_from:
        faults.append(LicenceDaysInvalid(field="valid_to"))
    elif command.valid_to is not None and command.valid_to < clock.business_day():
        faults.append(LicenceOver(field="valid_to", day=command.valid_to.isoformat()))
    if not command.file_ids:
        faults.append(LicenceScanMissing(field="scan"))
    refuse_all(faults)
    return number


def copy_verified(*, told: Mapping[str, Any], version: int) -> None:
    """A verified SC licence of a producer here. Another number than the brand wrote belongs to another works."""
    if told["type"] != "SC":
        return
    fits = Q(sc_licence_id=told["licence_id"]) | Q(sc_no__in=["", told["number"]])
    for row in Producer.objects.select_for_update().filter(fits, organisation_id=told["organisation_id"]):
        if str(row.sc_licence_id) == told["licence_id"] and row.sc_licence_version >= version:
            continue
        end = date.fromisoformat(told["valid_to"]) if told["valid_to"] else None
        row.sc_warned_days = row.sc_warned_days if row.sc_valid_to == end else None
        row.sc_file_ids = row.sc_file_ids if str(row.sc_licence_id) == told["licence_id"] else []
        row.sc_no, row.sc_valid_to = told["number"], end
        _write_check(row, Check.VERIFIED, told, version)


def copy_refuted(*, told: Mapping[str, Any], version: int, check: Producer.Check) -> None:
    """The platform rejected the licence that was sent, or withdrew the verified one."""
    rows = Producer.objects.select_for_update().filter(sc_licence_id=told["licence_id"], sc_licence_version__lt=version)
    for row in rows:
        _write_check(row, check, told, version)


def _write_check(row: Producer, check: Producer.Check, told: Mapping[str, Any], version: int) -> None:
    row.sc_check, row.sc_reason = check, told.get("reason", "")
    row.sc_licence_id, row.sc_licence_version = UUID(told["licence_id"]), version
    row.save()
    payload = {"producer_id": row.pk, "number": row.sc_no, "check": check.value, "reason": row.sc_reason}
    _record(events.PRODUCER_LICENCE_CHECKED, row, None, payload)


def warn_of_endings() -> int:
    """Tell of every SC licence that ends within 60, 30 or 7 days or has ended, once each; how many were told."""
    day = clock.business_day()
    with act():
        near = Producer.objects.exclude(sc_no="").filter(sc_valid_to__lte=day + timedelta(days=max(THRESHOLDS)))
        due = [(row, days) for row in near.order_by("pk") if (days := _due(row, day)) is not None]
        told = [pair for pair in due if _moved_on(*pair)]
        on_shelf = _on_shelf([row.pk for row, _ in told])
        for row, days in told:
            payload = {
                "producer_id": row.pk,
                "number": row.sc_no,
                "valid_to": row.sc_valid_to,
                "days": days,
                "on_shelf": on_shelf.get(row.pk, 0),
            }
            _record(events.PRODUCER_LICENCE_ENDING, row, None, payload)
    return len(told)


def _due(row: Producer, day: date) -> int | None:
    """The warning this licence is owed on ``day``; None: none, or it was given."""
    if row.sc_valid_to is None:
        return None
    days = threshold((row.sc_valid_to - day).days)
    return days if days is not None and (row.sc_warned_days is None or row.sc_warned_days > days) else None


def _moved_on(row: Producer, days: int) -> bool:
    """Conditional, so that of two workers one warns."""
    unwarned = Q(sc_warned_days=None) | Q(sc_warned_days__gt=days)
    return Producer.objects.filter(unwarned, pk=row.pk).update(sc_warned_days=days) > 0


def _on_shelf(producer_ids: list[int]) -> dict[int, int]:
    on = Sku.objects.filter(status=Sku.Status.ON, spu__producer_id__in=producer_ids)
    return dict(on.values("spu__producer_id").annotate(n=Count("pk")).values_list("spu__producer_id", "n"))


def _record(kind: str, row: Producer, actor: Actor | None, payload: dict[str, object]) -> None:
    record(
        kind=kind,
        aggregate_type="producer",
        aggregate_id=str(row.pk),
        version=0,
        actor=actor,
        payload=payload,
        seller_id=actor.dealer_id if actor else None,
    )
