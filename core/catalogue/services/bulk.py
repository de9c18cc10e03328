"""Saving many SKUs at once, set-based: families first, then 1,000 SKUs a statement."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import orjson

from core.catalogue import events
from core.catalogue.models import Producer, ProductLine
from core.catalogue.permissions import Permission
from core.catalogue.services.commands import BulkSaved, BulkSaveSkus
from core.catalogue.services.documents import CHUNK
from core.catalogue.services.families import follow_family
from core.catalogue.services.known import Family, Known, Stored
from core.catalogue.services.planning import BulkPlan, Fate, PlannedRow, plan_rows
from core.catalogue.services.records import SkuRecord, write_records
from core.db import sql
from core.db.acts import act
from core.events.services import record
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import VersionConflict, refuse_all

_MERGE_FAMILIES = """
INSERT INTO catalogue_spu (code, name, name_en, category, product_line_id, producer_id, aroma, process, grade,
                           exec_standard, raw_materials, age_basis, packaging, description)
SELECT incoming.code, incoming.name, '', incoming.category, line.id, producer.id, incoming.aroma, '', '',
       incoming.exec_standard, '', incoming.age_basis, incoming.packaging, ''
FROM jsonb_to_recordset(%(families)s::jsonb) AS incoming(
    code text, name text, category text, line text, producer_name text, aroma text, exec_standard text,
    age_basis text, packaging text)
JOIN catalogue_productline AS line ON line.code = incoming.line
LEFT JOIN catalogue_producer AS producer ON producer.name = incoming.producer_name
ON CONFLICT (code) DO UPDATE SET category = EXCLUDED.category, product_line_id = EXCLUDED.product_line_id,
    producer_id = EXCLUDED.producer_id, aroma = EXCLUDED.aroma, exec_standard = EXCLUDED.exec_standard,
    age_basis = EXCLUDED.age_basis, packaging = EXCLUDED.packaging
RETURNING code, id
"""
_FAMILY_WORDS = (
    "code",
    "name",
    "category",
    "line",
    "producer_name",
    "aroma",
    "exec_standard",
    "age_basis",
    "packaging",
)


def bulk_save_skus(*, actor: Actor, command: BulkSaveSkus) -> BulkSaved:
    """Save all rows or none, in one act; said twice, the second time changes nothing.

    Refuses with every row's faults, each on its row as line (see ``save_sku``, and ``RowRepeated``,
    ``FamilyDisagrees``, ``ValueMissing``, ``OutOfScope``). New SKUs are DRAFT. One event a batch of 1,000. Raises
    ``VersionConflict`` where a SKU has another version by now than ``command.versions`` says.
    """
    actor.require(Permission.IMPORT)
    with act():
        plan = plan_rows(command.rows, actor.scope)
        refuse_all(plan.faults)
        if any(command.versions.get(one.facts.code, one.version) != one.version for one in _stored(plan)):
            raise VersionConflict
        touched = [row for row in plan.rows if row.fate is not Fate.SAME]
        ids = _write(touched, plan.known, clock.now()) if touched else {}
        _record(actor, command.batch, touched)
    ids |= {row.stored.facts.code: row.stored.id for row in plan.rows if row.stored is not None}
    new = sum(row.stored is None for row in touched)
    return BulkSaved(new=new, changed=len(touched) - new, same=len(plan.rows) - len(touched), ids=ids)


def _stored(plan: BulkPlan) -> Iterator[Stored]:
    return (row.stored for row in plan.rows if row.stored is not None)


def _write(rows: Sequence[PlannedRow], there: Known, now: datetime) -> dict[str, int]:
    families = {row.family.code: row.family for row in rows if row.family is not None}
    _make_lines_and_producers(families.values(), there)
    spu_ids = _merge_families(families.values())
    lines = {line.code: line for line in ProductLine.objects.all()}
    records = [
        SkuRecord(
            facts=row.facts,
            spu_id=spu_ids[row.family.code],
            product_line_id=lines[row.family.line].pk,
            line_name=there.lines[row.family.line],
            version=row.stored.version + 1 if row.stored else 1,
            line_name_en=lines[row.family.line].name_en,
        )
        for row in rows
        if row.facts is not None and row.family is not None
    ]
    ids = write_records(records, now)
    follow_family([family.id for family in families.values() if family.id is not None and family.told])
    return ids


def _make_lines_and_producers(families: Iterable[Family], there: Known) -> None:
    last = len(there.lines)
    lines = {family.line for family in families} & there.new_lines.keys()
    ProductLine.objects.bulk_create(
        ProductLine(code=code, name=there.new_lines[code], position=last + place)
        for place, code in enumerate(sorted(lines))
    )
    producers = {family.producer_name for family in families if family.producer_name} - there.producers.keys()
    Producer.objects.bulk_create(Producer(name=name) for name in sorted(producers))


def _merge_families(families: Iterable[Family]) -> dict[str, int]:
    said = [{name: getattr(family, name) for name in _FAMILY_WORDS} for family in families]
    ids: dict[str, int] = {}
    for first in range(0, len(said), CHUNK):
        ids.update(sql.rows(_MERGE_FAMILIES, {"families": orjson.dumps(said[first : first + CHUNK]).decode()}))
    return ids


def _record(actor: Actor, batch: str, rows: Sequence[PlannedRow]) -> None:
    for first in range(0, len(rows), CHUNK):
        chunk = rows[first : first + CHUNK]
        new = [row.facts.code for row in chunk if row.facts and row.stored is None]
        changed = [row.facts.code for row in chunk if row.facts and row.stored is not None]
        record(
            kind=events.SKUS_MERGED,
            aggregate_type="product_import",
            aggregate_id=batch or "bulk",
            version=first // CHUNK + 1,
            actor=actor,
            payload=events.skus_merged(batch=batch, new=new, changed_codes=changed),
            seller_id=actor.dealer_id,
        )
