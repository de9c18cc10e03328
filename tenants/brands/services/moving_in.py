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
from core.db.schemas import claim_empty, schema_exists
from core.events.models import Event
from core.events.services import drop_deliveries_over_brands
from core.files.services import put_bytes
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.operators import Ops
from core.vault import keys
from tenants.brands import hosts, rules
from tenants.brands.archive import Reader
from tenants.brands.errors import ArchiveOfAnotherVersion, BrandIsHere, FiguresDiffer, KeysMissing
from tenants.brands.events import BRAND_CREATED, BRAND_IMPORTED
from tenants.brands.models import Brand, Domain, Portal
from tenants.brands.services.journal import required, written
from tenants.brands.services.moving_out import COLUMNS, index_key
from tenants.brands.services.tables import ensure_tables, note_current
from tenants.organisations.services import moving as organisations
from tenants.people import moving as people

IMPORT = "brands.import"
_UUID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_SHOWN = 12
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
    Raises ``ArchiveUnreadable``, ``ArchiveOfAnotherVersion``, ``KeysMissing``, ``BrandIsHere``, ``FiguresDiffer``.
    """
    required(actor, Ops.EDIT_BRANDS)
    with Reader(source) as archive:
        archive.verify()
        _check_fits(archive)
        told = archive.brand()
        ids = _ids(told)
        if job_id is None or not _has_ended(told, job_id):
            _take_in(archive, told, ids, actor, job_id)
        renamed = sum(1 for there, here in ids.items() if there != here)
        return Imported(told["brand"]["slug"], dict(archive.manifest.rows), len(archive.files()), renamed)


def _has_ended(told: Mapping[str, Any], job_id: UUID) -> bool:
    """Whether this run let the brand in, and was killed before it could say so."""
    with public():
        let_in = Event.objects.filter(kind=BRAND_IMPORTED, aggregate_type="brand", aggregate_id=told["brand"]["slug"])
        return let_in.filter(payload__job=str(job_id)).exists()


def _take_in(archive: Reader, told: Mapping[str, Any], ids: Ids, actor: Actor | None, job_id: UUID | None) -> None:
    brand = _written_down(told, ids, actor)
    _take_rows(archive, brand, ids)
    with brand_schema(brand.schema_name), act():
        drop_deliveries_over_brands()  # before the relay ever looks into this schema
    _take_files(archive, brand)
    _greet(archive, brand)
    organisations.settle(brand.schema_name, [UUID(_here(one["id"], ids)) for one in told["organisations"]])
    _let_in(told, brand, ids, actor, {"job": str(job_id)} if job_id else {})


def _check_fits(archive: Reader) -> None:
    manifest, ours = archive.manifest, replay.fingerprint()
    if manifest.fingerprint != ours:
        raise ArchiveOfAnotherVersion(theirs=manifest.fingerprint[:_SHOWN] or "?", ours=ours[:_SHOWN])
    missing = set(manifest.vault_keys) - set(keys.parsed(settings.VAULT_KEYS))
    if missing:
        raise KeysMissing(keys=", ".join(sorted(missing)))


def _ids(told: Mapping[str, Any]) -> dict[bytes, bytes]:
    """People and organisations, found or written down: their ids here by their ids there, as texts."""
    found = {**organisations.arriving(told["organisations"]), **people.arriving(told["people"])}
    return {str(there).encode(): str(here).encode() for there, here in found.items()}


def _written_down(told: Mapping[str, Any], ids: Ids, actor: Actor | None) -> Brand:
    """The row and the host; one that came before and broke off is found again by its public id."""
    facts = {name: told["brand"][name] for name in COLUMNS}
    slug = rules.checked_slug(facts["slug"])
    facts |= {"state": Brand.State.PROVISIONING, "state_reason": "", "schema_name": rules.schema_of(slug)}
    if facts["organisation_id"]:
        facts["organisation_id"] = _here(facts["organisation_id"], ids)
    with public():
        there = Brand.objects.filter(slug=slug).first()
        if there is not None:
            return _found_again(there, facts, actor)
        try:
            with act():
                brand = Brand.objects.create(**facts)
                _announce(brand, actor)
        except IntegrityError:
            raise BrandIsHere(slug=slug) from None
        return Brand.objects.get(pk=brand.pk)


def _found_again(there: Brand, facts: Mapping[str, Any], actor: Actor | None) -> Brand:
    """The same brand, by its public id: one whose import broke off, or one that was deleted here and comes back."""
    if str(there.public_id) != facts["public_id"]:
        raise BrandIsHere(slug=there.slug)
    with act():
        row = Brand.objects.select_for_update().get(pk=there.pk)
        if row.state == Brand.State.DELETED:
            for name, value in facts.items():
                setattr(row, name, value)
            row.deleted_at = None
            row.save()
            _announce(row, actor)
        elif row.state != Brand.State.PROVISIONING:
            raise BrandIsHere(slug=there.slug)
    return Brand.objects.get(pk=there.pk)


def _announce(brand: Brand, actor: Actor | None) -> None:
    """Its own host, and the word that it is there; inside the act that writes it down."""
    own = f"{brand.slug}.{settings.BASE_DOMAIN}"
    Domain.objects.create(tenant=brand, domain=own, is_primary=True, verified_at=clock.now())
    written(BRAND_CREATED, brand, actor, {"slug": brand.slug, "currency": brand.currency})


def _take_rows(archive: Reader, brand: Brand, ids: Ids) -> None:
    """Tables by replay and all rows, in one act; nothing where a run before has done it."""
    schema = brand.schema_name
    if schema_exists(schema):
        ensure_tables(schema)
        return
    replay.text()
    try:
        with public(), act():
            if claim_empty(schema):
                replay.replay(schema)
                _fill(archive, schema, ids)
    except IntegrityError as error:  # of two tables that do not fit together
        raise FiguresDiffer(table="*") from error
    note_current(schema)


def _fill(archive: Reader, schema: str, ids: Ids) -> None:
    manifest, ours = archive.manifest, rows.tables(schema)
    if ours != manifest.columns:
        raise ArchiveOfAnotherVersion(theirs=manifest.fingerprint[:_SHOWN], ours="?")
    with rows.triggers_at_rest(schema, ours):
        for table, columns in ours.items():
            _take_table(archive, schema, table, columns, ids)
    for name, (value, is_called) in manifest.sequences.items():
        rows.set_sequence(schema, name, int(value), is_called=bool(is_called))


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


def _let_in(told: Mapping[str, Any], brand: Brand, ids: Ids, actor: Actor | None, run: Mapping[str, str]) -> None:
    with public(), act():
        row = Brand.objects.select_for_update().get(pk=brand.pk)
        for host in told["hosts"][: rules.MOST_HOSTS]:
            bare = rules.checked_own_host(host["domain"], settings.BASE_DOMAIN)
            Domain.objects.get_or_create(
                tenant=row, domain=bare, defaults={"is_primary": False, "challenge": host["challenge"][:64]}
            )
        for portal in told["portals"]:
            person_id = _here(portal["person_id"], ids)
            Portal.objects.get_or_create(brand=row, person_id=person_id, side=portal["side"])
        if row.state == Brand.State.PROVISIONING:
            row.state, row.state_reason = _state_of(told), told["brand"]["state_reason"]
            row.save(update_fields=["state", "state_reason"])
            written(BRAND_IMPORTED, row, actor, {"state": str(row.state), **run})
            transaction.on_commit(partial(hosts.tell, row))


def _here(there: str, ids: Ids) -> str:
    return ids.get(there.encode(), there.encode()).decode()


def _state_of(told: Mapping[str, Any]) -> Brand.State:
    """The state it left with; one that was being deleted there is only suspended here."""
    left = told["brand"]["state"]
    return Brand.State(left) if left in (rules.ACTIVE, rules.READ_ONLY, rules.SUSPENDED) else Brand.State.SUSPENDED
