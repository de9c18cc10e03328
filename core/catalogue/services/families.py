"""What stands above a SKU: its producer, its product line, its family (SPU)."""

import re
from collections.abc import Iterator
from datetime import date

from core.catalogue import events
from core.catalogue.errors import (
    AromaUnknown,
    LineUnknown,
    NotBaijiu,
    ProducerUnknown,
    SpuCodeFormat,
)
from core.catalogue.models import Producer, ProductLine, Sku, Spu
from core.catalogue.permissions import Permission
from core.catalogue.rules import Advice, Aroma, aroma_of, standard
from core.catalogue.services.checks import choice, plain_text
from core.catalogue.services.commands import Saved, SaveLine, SaveProducer, SaveSpu
from core.catalogue.services.documents import write_documents
from core.catalogue.services.licences import forget_old_checks, refuse_shared, take_firm, tell_use
from core.db import sql
from core.db.acts import act
from core.events.services import record
from core.kernel import clock, regions
from core.kernel.actor import Actor, Scope
from core.kernel.errors import DomainError, OutOfScope, refuse_all
from core.kernel.identifiers import is_liquor_sc, licence_number, uscc
from core.kernel.text import N_, normalised

PACKAGINGS = ("BOX", "BARE", "GIFT", "JAR")
_CODE = re.compile(r"^[A-Z0-9][A-Z0-9-]*$", re.ASCII)
_FLAVOURED = re.compile(r"配制酒|调香白酒|露酒|GB/?T\s*27588")
"""GB/T 17204-2021: with added food additives it is 配制酒 (调香白酒), no longer 白酒."""


class Faults:
    """Collects the faults of one form, each with its field, to refuse them together."""

    def __init__(self) -> None:
        self.found: list[DomainError] = []

    def text(self, value: str, field: str, *, limit: int, is_needed: bool = False) -> str:
        """``plain_text``, its fault collected."""
        try:
            return plain_text(value, field, limit=limit, is_needed=is_needed)
        except DomainError as fault:
            self.found.append(fault)
            return ""

    def code(self, value: str, *, limit: int) -> str:
        """A short code in capitals."""
        code = self.text(value, "code", limit=limit, is_needed=True).upper()
        if code and not _CODE.match(code):
            self.found.append(SpuCodeFormat(field="code", value=code))
        return code

    def choice(self, value: str, field: str, known: tuple[str, ...]) -> str:
        """``checks.choice``, its fault collected."""
        try:
            return choice(value, field, known)
        except DomainError as fault:
            self.found.append(fault)
            return known[0]


def short_code(value: str) -> str:
    """A code in capitals as it is stored."""
    return normalised(value).upper()


def save_producer(*, actor: Actor, command: SaveProducer) -> Saved:
    """Make or change a producer, found by its (present) name.

    Refuses by field: name, uscc, sc_no, region_code, ``ProducerUnknown``. A licence that is not for liquor is only
    advised against: another of the producer's goods may need it.
    """
    actor.require(Permission.EDIT)
    with act():
        row = _producer_to_save(command)
        refuse_shared(row, actor)
        before = _words(row, _PRODUCER_WORDS) if row.pk else {}
        _fill_producer(row, command)
        forget_old_checks(row, before)
        is_firm_news = take_firm(row, command, before)
        row.save()
        if is_firm_news:
            tell_use(row, actor)
        _record_saved(events.PRODUCER_SAVED, "producer", str(row.pk), actor, before, _words(row, _PRODUCER_WORDS))
    advice = () if not row.sc_no or is_liquor_sc(row.sc_no) else (_NOT_LIQUOR,)
    return Saved(row.pk, row.name, not before, advice=advice)


_PRODUCER_WORDS = ("name", "uscc", "sc_no", "sc_valid_to", "region_code", "address")
_NOT_LIQUOR = Advice(
    "catalogue.licence_not_liquor",
    N_("This SC licence is not for liquor (SC115…): the producer's baijiu cannot go on the shelf."),
    {},
)


def _producer_to_save(command: SaveProducer) -> Producer:
    current = normalised(command.current_name)
    row = Producer.objects.filter(name=current or normalised(command.name)).first()
    if current and row is None:
        raise ProducerUnknown(field="current_name", value=current[:120])
    return row or Producer()


def _fill_producer(row: Producer, command: SaveProducer) -> None:
    faults = Faults()
    row.name = faults.text(command.name, "name", limit=120, is_needed=True)
    row.address = faults.text(command.address, "address", limit=200)
    for field, value, read in (
        ("uscc", command.uscc, uscc),
        ("sc_no", command.sc_no, lambda text: licence_number(text, "SC")),
        ("region_code", command.region_code, lambda text: regions.region(text).code),
    ):
        try:
            setattr(row, field, read(normalised(value)) if normalised(value) else "")
        except DomainError as fault:
            fault.field = field
            faults.found.append(fault)
    row.sc_valid_to = command.sc_valid_to
    refuse_all(faults.found)


def save_line(*, actor: Actor, command: SaveLine) -> Saved:
    """Make or change a product line, found by its code. Its SKUs become findable by the new names."""
    actor.require(Permission.EDIT)
    faults = Faults()
    code = faults.code(command.code, limit=20)
    if code and not actor.scope.covers_line(code):
        faults.found.append(OutOfScope(field="code"))
    words: dict[str, events.Value] = {
        "name": faults.text(command.name, "name", limit=60, is_needed=True),
        "name_en": faults.text(command.name_en, "name_en", limit=60),
        "position": command.position,
    }
    refuse_all(faults.found)
    with act():
        row = ProductLine.objects.filter(code=code).first() or ProductLine(code=code)
        before = _words(row, tuple(words)) if row.pk else {}
        for name, value in words.items():
            setattr(row, name, value)
        row.save()
        if before and (before["name"], before["name_en"]) != (row.name, row.name_en):
            write_documents(list(Sku.objects.filter(product_line=row).values_list("pk", flat=True)))
        _record_saved(events.LINE_SAVED, "product_line", row.code, actor, before, words)
    return Saved(row.pk, row.code, not before)


def save_spu(*, actor: Actor, command: SaveSpu) -> Saved:
    """Make or change a family, found by its code; its SKUs follow its aroma type and product line.

    Refuses by field, among others ``AromaUnknown``, ``LineUnknown``, ``ProducerUnknown`` and ``NotBaijiu``. Advises
    where the standard is not the one in force for the aroma type.
    """
    actor.require(Permission.EDIT)
    with act():
        row = Spu.objects.select_related("product_line").filter(code=short_code(command.code)).first() or Spu()
        if row.pk and not actor.scope.covers_line(row.product_line.code):
            raise OutOfScope(field="code")
        before = _words(row, _SPU_WORDS) if row.pk else {}
        _fill_spu(row, command, actor.scope)
        row.save()
        after = _words(row, _SPU_WORDS)
        if before and (before["aroma"], before["product_line_id"]) != (after["aroma"], after["product_line_id"]):
            follow_family([row.pk])
        _record_saved(events.SPU_SAVED, "spu", row.code, actor, before, after)
    return Saved(row.pk, row.code, not before, advice=tuple(standard_advice(row.exec_standard, row.aroma)))


_SPU_TEXTS = {
    "name_en": 120,
    "process": 20,
    "grade": 20,
    "exec_standard": 40,
    "raw_materials": 200,
}
_SPU_WORDS = ("name", "aroma", "product_line_id", "producer_id", "category", "age_basis", "packaging", *_SPU_TEXTS)


def _fill_spu(row: Spu, command: SaveSpu, scope: Scope) -> None:
    faults = Faults()
    row.code = faults.code(command.code, limit=40)
    row.name = faults.text(command.name, "name", limit=120, is_needed=True)
    for name, limit in _SPU_TEXTS.items():
        setattr(row, name, faults.text(getattr(command, name), name, limit=limit))
    row.description = faults.text(command.description, "description", limit=4000)
    row.category = faults.choice(command.category, "category", tuple(Spu.Category.values))
    row.age_basis = faults.choice(command.age_basis, "age_basis", tuple(Spu.AgeBasis.values))
    row.packaging = faults.choice(command.packaging, "packaging", PACKAGINGS)
    _fill_relations(row, command, faults, scope)
    if is_flavoured_as_baijiu(row.name, row.exec_standard, row.category):
        faults.found.append(NotBaijiu(field="category"))
    refuse_all(faults.found)


def _fill_relations(row: Spu, command: SaveSpu, faults: Faults, scope: Scope) -> None:
    aroma = aroma_of(command.aroma)
    if aroma is None:
        faults.found.append(AromaUnknown(field="aroma", value=command.aroma[:20]))
    row.aroma = aroma or Aroma.OT
    line = ProductLine.objects.filter(code=short_code(command.line_code)).first()
    if line is None or not scope.covers_line(line.code):
        faults.found.append(LineUnknown(field="line_code", value=command.line_code[:20]))
    else:
        row.product_line = line
    row.producer = Producer.objects.filter(name=normalised(command.producer_name)).first()
    if command.producer_name and row.producer is None:
        faults.found.append(ProducerUnknown(field="producer_name", value=command.producer_name[:120]))


def is_flavoured_as_baijiu(name: str, exec_standard: str, category: str) -> bool:
    """Whether a spirit with added flavour is filed as baijiu."""
    return category == Spu.Category.BAIJIU and _FLAVOURED.search(f"{name} {exec_standard}") is not None


def standard_advice(number: str, aroma: str, day: date | None = None) -> Iterator[Advice]:
    """Whether the standard is known, for this aroma type, and in force on ``day`` (today)."""
    found = standard(number) if number else None
    if found is None:
        if number:
            yield Advice(
                "catalogue.standard_unknown", N_("Standard %(value)s is not in the dictionary."), {"value": number}
            )
        return
    if found.aroma != aroma:
        yield Advice(
            "catalogue.standard_of_other_aroma",
            N_("Standard %(value)s is for another aroma type. Compare both with the label."),
            {"value": number},
        )
    elif found.replaced_by and not found.is_in_force(day or clock.business_day()):
        yield Advice(
            "catalogue.standard_superseded",
            N_("Standard %(value)s was replaced by %(new)s; only earlier batches may name it."),
            {"value": number, "new": found.replaced_by},
        )


_FOLLOW = """
UPDATE catalogue_sku AS sku
SET aroma = spu.aroma, product_line_id = spu.product_line_id, version = sku.version + 1, updated_at = %(now)s
FROM catalogue_spu AS spu
WHERE sku.spu_id = spu.id AND spu.id = ANY(%(families)s::bigint[])
  AND (sku.aroma, sku.product_line_id) IS DISTINCT FROM (spu.aroma, spu.product_line_id)
RETURNING sku.id
"""


def follow_family(spu_ids: list[int]) -> None:
    """Let the SKUs of families take their aroma type and line, and be found by them. Inside the caller's act."""
    moved = sql.rows(_FOLLOW, {"families": spu_ids, "now": clock.now()})
    if moved:
        write_documents([sku_id for (sku_id,) in moved])


def _words(row: Producer | ProductLine | Spu, names: tuple[str, ...]) -> dict[str, events.Value]:
    values = {name: getattr(row, name) for name in names}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def _record_saved(
    kind: str,
    aggregate_type: str,
    aggregate_id: str,
    actor: Actor,
    before: dict[str, events.Value],
    after: dict[str, events.Value],
) -> None:
    """Record what changed; nothing when nothing did."""
    if before == after:
        return
    record(
        kind=kind,
        aggregate_type=aggregate_type,
        aggregate_id=aggregate_id,
        version=0,
        actor=actor,
        payload=events.changed(before, after),
        seller_id=actor.dealer_id,
    )
