"""A brand that comes from another server: its tables are ours, only its rows are taken in."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, IntegrityError, transaction
from django.utils.module_loading import import_string

from core.db import replay, rows
from core.db.acts import act, brand_schema, public
from core.db.schemas import claim_empty
from core.events.models import Event
from core.events.services import drop_deliveries_over_brands
from core.files.services import put_bytes
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.operators import Ops
from core.vault import keys
from tenants.brands import hosts, rules
from tenants.brands.archive import Reader
from tenants.brands.errors import (
    ArchiveOfAnotherVersion,
    ArchiveUnreadable,
    BrandIsHere,
    FiguresDiffer,
    KeysMissing,
    OtherArchive,
)
from tenants.brands.events import BRAND_CREATED, BRAND_IMPORTED
from tenants.brands.models import Brand, Domain, Portal
from tenants.brands.services.journal import required, written
from tenants.brands.services.moving_out import index_key
from tenants.brands.services.tables import ensure_tables, note_current
from tenants.brands.services.told import Told, told_by
from tenants.organisations.services import moving as organisations
from tenants.people import moving as people

IMPORT = "brands.import"
_UUID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_SHOWN = 12
_DELIVERIES = "events_delivery"
_PROVISIONING = Brand.State.PROVISIONING
Ids = Mapping[bytes, bytes]


@dataclass(frozen=True, slots=True)
class Imported:
    """What came in: rows by table, files, people and organisations that are others here than there."""

    slug: str
    rows: dict[str, int]
    files: int
    renamed: int


def import_brand(*, actor: Actor | None, source: IO[bytes], job_id: UUID | None = None) -> Imported:
    """Take in an archive that ``export_brand`` wrote, by steps that may be repeated after a kill.

    The portal answers at the end, in the state it left with, at ``<slug>.<base domain>`` here; hosts of its own wait to
    be verified. ``job_id`` names the run: asked again for one that has ended, nothing is done and the same is said.
    Raises ``ArchiveUnreadable``, ``ArchiveOfAnotherVersion``, ``KeysMissing``, ``BadSlug``, ``BadBrand``,
    ``BrandIsHere``, ``OtherArchive``, ``FiguresDiffer``; after any of them nothing is kept of an archive just begun.
    """
    required(actor, Ops.EDIT_BRANDS)
    with Reader(source) as archive:
        archive.verify()
        _check_fits(archive)
        told = told_by(archive)
        ids = _ids(told)
        if job_id is None or not _has_ended(told, job_id):
            _take_in(archive, told, ids, actor, job_id)
        renamed = sum(1 for there, here in ids.items() if there != here)
        slug = told.brand["slug"]
        return Imported(slug, _rows_there(rules.schema_of(slug)), len(archive.files()), renamed)


def _has_ended(told: Told, job_id: UUID) -> bool:
    """Whether this run let the brand in, and was killed before it could say so."""
    return _happened(BRAND_IMPORTED, told.brand["slug"], job=str(job_id))


def _happened(kind: str, slug: str, **said: str) -> bool:
    with public():
        found = Event.objects.filter(kind=kind, aggregate_type="brand", aggregate_id=slug)
        newest = found.order_by("-pk").values_list("payload", flat=True).first() or {}
        return all(newest.get(name) == value for name, value in said.items())


def _take_in(archive: Reader, told: Told, ids: Ids, actor: Actor | None, job_id: UUID | None) -> None:
    brand = _written_down(archive, told, ids, actor)
    with brand_schema(brand.schema_name), act():
        drop_deliveries_over_brands()  # before the relay ever looks into this schema
    _take_files(archive, brand)
    _greet(archive, brand)
    organisations.settle(brand.schema_name, [UUID(_here(one["id"], ids)) for one in told.organisations])
    _let_in(told, brand, ids, actor, {"job": str(job_id)} if job_id else {})


def _check_fits(archive: Reader) -> None:
    manifest, ours = archive.manifest, replay.fingerprint()
    if manifest.fingerprint != ours:
        raise ArchiveOfAnotherVersion(theirs=manifest.fingerprint[:_SHOWN] or "?", ours=ours[:_SHOWN])
    missing = set(manifest.vault_keys) - set(keys.parsed(settings.VAULT_KEYS))
    if missing:
        raise KeysMissing(keys=", ".join(sorted(missing)))


def _ids(told: Told) -> dict[bytes, bytes]:
    """People and organisations, found or written down: their ids here by their ids there, as texts."""
    found = {**organisations.arriving(told.organisations), **people.arriving(told.people)}
    return {str(there).encode(): str(here).encode() for there, here in found.items()}


def _written_down(archive: Reader, told: Told, ids: Ids, actor: Actor | None) -> Brand:
    """Row, host, tables and all rows in one act: a refusal leaves nothing behind, and nothing to be taken back.

    One whose import broke off after that is found again, with the rows of this very archive.
    """
    facts = dict(told.brand)
    slug, schema = facts["slug"], rules.schema_of(facts["slug"])
    facts |= {"state": Brand.State.PROVISIONING, "state_reason": "", "schema_name": schema}
    if facts["organisation_id"]:
        facts["organisation_id"] = _here(facts["organisation_id"], ids)
    replay.text()  # made before the act begins, where it must be
    try:
        with public(), act():
            is_new = _noted(facts, told, actor)
            if is_new:
                if not claim_empty(schema):
                    raise FiguresDiffer(table="*")  # tables that are nobody's
                replay.replay(schema)
                _fill(archive, schema, ids)
    except IntegrityError as error:  # of two tables that do not fit together
        raise FiguresDiffer(table="*") from error
    if is_new:
        note_current(schema)
    else:
        ensure_tables(schema)
        _check_rows(archive, schema)
    with public():
        return Brand.objects.get(slug=slug)


def _noted(facts: Mapping[str, Any], told: Told, actor: Actor | None) -> bool:
    """Write the brand down, or find it again by its public id; whether its rows are still to come. Inside the act."""
    there = Brand.objects.select_for_update().filter(slug=facts["slug"]).first()
    if there is None:
        try:
            with transaction.atomic():
                there = Brand.objects.create(**facts)
        except IntegrityError:
            raise BrandIsHere(slug=facts["slug"]) from None
    elif str(there.public_id) != facts["public_id"] or there.state not in (_PROVISIONING, Brand.State.DELETED):
        raise BrandIsHere(slug=there.slug)
    elif there.state == _PROVISIONING:
        if not _happened(BRAND_CREATED, there.slug, archive=told.digest):
            raise OtherArchive(slug=there.slug)
        return False
    else:  # deleted here before, and back from its archive
        for name, value in facts.items():
            setattr(there, name, value)
        there.deleted_at = None
        there.save()
    own = f"{there.slug}.{settings.BASE_DOMAIN}"
    Domain.objects.create(tenant=there, domain=own, is_primary=True, verified_at=clock.now())
    about = {"slug": there.slug, "currency": there.currency, "archive": told.digest}
    written(BRAND_CREATED, there, actor, about)
    return True


def _check_rows(archive: Reader, schema: str) -> None:
    """What a run before has taken in is all there; deliveries over brands were left out since."""
    there, said = _rows_there(schema), archive.manifest.rows
    for table in sorted(there.keys() | said.keys()):
        if there.get(table) != said.get(table) and table != _DELIVERIES:
            raise FiguresDiffer(table=table)


def _rows_there(schema: str) -> dict[str, int]:
    return {table: rows.counted(schema, table) for table in rows.tables(schema)}


def _fill(archive: Reader, schema: str, ids: Ids) -> None:
    manifest, ours = archive.manifest, rows.tables(schema)
    if ours != manifest.columns:
        raise ArchiveOfAnotherVersion(theirs=manifest.fingerprint[:_SHOWN], ours="?")
    with rows.triggers_at_rest(schema, ours):
        for table, columns in ours.items():
            _take_table(archive, schema, table, columns, ids)
    if not manifest.sequences.keys() <= rows.sequences(schema).keys():
        raise ArchiveUnreadable(fault="sequences")
    for name, (value, is_called) in manifest.sequences.items():
        rows.set_sequence(schema, name, value, is_called=is_called)


def _take_table(archive: Reader, schema: str, table: str, columns: list[str], ids: Ids) -> None:
    try:
        taken = rows.copy_in(schema, table, columns, _renamed(archive.lines(f"tables/{table}.csv"), ids))
    except DatabaseError as error:
        raise FiguresDiffer(table=table) from error
    if taken != archive.manifest.rows[table] or rows.counted(schema, table) != taken:
        raise FiguresDiffer(table=table)


def _renamed(lines: Iterator[bytes], ids: Ids) -> Iterator[bytes]:
    """The lines without the head, ids of there turned into those of here (in JSON and lists too)."""
    changed = {there: here for there, here in ids.items() if there != here}
    next(lines, None)
    if not changed:
        yield from lines
    else:
        for line in lines:
            yield _UUID.sub(lambda found: changed.get(found[0], found[0]), line)


def _take_files(archive: Reader, brand: Brand) -> None:
    with brand_schema(brand.schema_name):
        for file_id in archive.files():
            put_bytes(UUID(file_id), partial(archive.open, f"files/{file_id}"))


def _greet(archive: Reader, brand: Brand) -> None:
    """Let the rooms mend what is bound to a server: blind indexes, where the other one's key was another."""
    if archive.manifest.index_key != index_key():
        with brand_schema(brand.schema_name):
            for name in settings.BRAND_GREETERS:
                import_string(name)()


def _let_in(told: Told, brand: Brand, ids: Ids, actor: Actor | None, run: Mapping[str, str]) -> None:
    with public(), act():
        row = Brand.objects.select_for_update().get(pk=brand.pk)
        for host, challenge in told.hosts:
            about = {"is_primary": False, "challenge": challenge}
            Domain.objects.get_or_create(tenant=row, domain=host, defaults=about)
        for person_id, side in told.portals:
            Portal.objects.get_or_create(brand=row, person_id=_here(person_id, ids), side=side)
        if row.state == _PROVISIONING:
            row.state, row.state_reason = _state_of(told), told.brand["state_reason"]
            row.save(update_fields=["state", "state_reason"])
            written(BRAND_IMPORTED, row, actor, {"state": str(row.state), **run})
            transaction.on_commit(partial(hosts.tell, row))


def _here(there: str, ids: Ids) -> str:
    return ids.get(there.encode(), there.encode()).decode()


def _state_of(told: Told) -> Brand.State:
    """The state it left with; one that was being deleted there is only suspended here."""
    left = told.brand["state"]
    return Brand.State(left) if left in (rules.ACTIVE, rules.READ_ONLY, rules.SUSPENDED) else Brand.State.SUSPENDED
