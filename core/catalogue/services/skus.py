"""Saving one SKU."""

from dataclasses import asdict, fields

from core.catalogue import events
from core.catalogue.errors import ProductOfAnother, SpuUnknown
from core.catalogue.models import Sku, Spu
from core.catalogue.permissions import Permission
from core.catalogue.selectors import brand_rules
from core.catalogue.services.checks import Checked, SkuFacts, checked
from core.catalogue.services.commands import Saved, SaveSku
from core.catalogue.services.families import short_code
from core.catalogue.services.records import SkuRecord, facts_of, write_records
from core.catalogue.services.relations import (
    barcode_fault,
    bottle_advice,
    bottles_by_barcode,
    identity_faults,
    owners_of_case_barcodes,
)
from core.db.acts import act
from core.db.scopes import lines_within
from core.events.services import record
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import DomainError, OutOfScope, VersionConflict, refuse_all


def save_sku(*, actor: Actor, command: SaveSku) -> Saved:
    """Make a SKU (as DRAFT) or change one, found by its code.

    Hard rules refuse by field, all at once: code, prefix, measures, barcodes, texts, ``NeedsNewCode``,
    ``ProductOfAnother``, ``BarcodeTaken``, ``SpuUnknown``. Soft ones come back as advice. Raises ``VersionConflict``
    when it was changed since ``command.version``, ``OutOfScope`` where the code names another line's SKU. Saying again
    what is known writes nothing.
    """
    actor.require(Permission.EDIT)
    with act():
        families = Spu.objects.select_related("product_line").filter(lines_within(actor, "product_line__code"))
        spu = families.filter(code=short_code(command.spu_code)).first()
        if spu is None:
            raise SpuUnknown(field="spu_code", value=command.spu_code[:40])
        before = Sku.objects.select_related("product_line").filter(code=short_code(command.code)).first()
        if before and not actor.scope.covers_line(before.product_line.code):
            raise OutOfScope(field="code")
        if before and command.version not in (None, before.version):
            raise VersionConflict
        found = checked(_facts(command, spu), brand_rules())
        refuse_all([*found.faults, *_faults(found, before, spu)])
        advice = (*found.advice, *bottle_advice(found.facts, bottles_by_barcode([found.facts])))
        if before and facts_of(before) == found.facts:
            return Saved(before.pk, before.code, is_new=False, version=before.version, advice=advice)
        sku_id = _write(actor, found.facts, before, spu)
    version = before.version + 1 if before else 1
    return Saved(sku_id, found.facts.code, is_new=before is None, version=version, advice=advice)


def _facts(command: SaveSku, spu: Spu) -> SkuFacts:
    said = {field.name: getattr(command, field.name) for field in fields(SkuFacts) if field.name != "aroma"}
    return SkuFacts(**said, aroma=spu.aroma)


def _faults(found: Checked, before: Sku | None, spu: Spu) -> list[DomainError]:
    faults: list[DomainError] = []
    if before and before.spu_id != spu.pk:
        faults.append(ProductOfAnother(field="spu_code", before=before.spu.code))
    if before:
        faults += identity_faults(facts_of(before), found.facts, status=before.status)
    taken = barcode_fault(found.facts, owners_of_case_barcodes([found.facts]))
    return [*faults, taken] if taken else faults


def _write(actor: Actor, facts: SkuFacts, before: Sku | None, spu: Spu) -> int:
    version = before.version + 1 if before else 1
    line = spu.product_line
    written = write_records([SkuRecord(facts, spu.pk, line.pk, line.name, version, line.name_en)], clock.now())
    record(
        kind=events.SKU_SAVED,
        aggregate_type="sku",
        aggregate_id=facts.code,
        version=version,
        actor=actor,
        payload=events.changed(_words(facts_of(before)) if before else {}, _words(facts)),
        seller_id=actor.dealer_id,
    )
    return written[facts.code]


def _words(facts: SkuFacts) -> dict[str, events.Value]:
    said = asdict(facts)
    said["picture_file_id"] = str(facts.picture_file_id) if facts.picture_file_id else None
    return said
