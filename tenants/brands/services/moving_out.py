"""A brand as one archive: everything that is its own, of one instant."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.module_loading import import_string

from core.db import replay, rows
from core.db.acts import act, brand_schema, public
from core.db.schemas import schema_exists
from core.files.services import kept_bytes
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import Missing
from core.kernel.operators import Ops
from core.vault import keys
from core.vault.services import blind_index
from tenants.brands.archive import BRAND, Manifest, Writer
from tenants.brands.events import BRAND_EXPORTED
from tenants.brands.models import Brand, Domain
from tenants.brands.services.journal import required, written
from tenants.brands.services.tables import is_current
from tenants.organisations.services import moving as organisations
from tenants.people import moving as people

COLUMNS = (
    "slug",
    "public_id",
    "name",
    "name_en",
    "seal",
    "organisation_id",
    "state",
    "state_reason",
    "currency",
    "language",
    "time_zone",
    "accent",
    "logo_square",
    "logo_wide",
    "tagline",
    "tagline_en",
    "welcome",
    "welcome_en",
    "contact",
    "contact_en",
    "entitlements",
    "requires_second_factor",
    "is_listed",
    "introduction",
    "introduction_en",
    "region_code",
    "aromas",
    "created_at",
)
"""Of ``Brand``, as they go into an archive."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What went into an archive: rows by table, number of files."""

    rows: dict[str, int]
    files: int


def export_brand(*, actor: Actor | None, slug: str, target: IO[bytes], reason: str = "") -> Exported:
    """Write the whole brand into ``target``, a seekable binary file. Takes a second per some ten thousand rows.

    Its tables are read at one instant; it may go on working meanwhile. ``reason`` is kept with the happening. Raises
    ``Missing``.
    """
    required(actor, Ops.DELETE_BRANDS)
    with public():
        brand = Brand.objects.filter(slug=slug).exclude(state=Brand.State.DELETED).first()
    if brand is None or not schema_exists(brand.schema_name):
        raise Missing
    manifest = Manifest(
        slug=slug,
        fingerprint=replay.fingerprint() if is_current(brand.schema_name) else "",
        made_at=clock.now().isoformat(),
        vault_keys=sorted(keys.parsed(settings.VAULT_KEYS)),
        index_key=index_key(),
    )
    with Writer(target, manifest) as archive:
        _put_tables(archive, brand.schema_name)
        archive.put(BRAND, [_public_rows(brand)])  # after its seats: nobody who sits in them is left out
        files = _put_files(archive, brand.schema_name)
    with public(), act():
        why = {"reason": reason} if reason else {}
        written(BRAND_EXPORTED, brand, actor, {"rows": sum(manifest.rows.values()), "files": files, **why})
    return Exported(dict(manifest.rows), files)


def index_key() -> str:
    """A word that is the same where blind indexes are."""
    return blind_index("the same key", "brands.archive")[:16]


def _public_rows(brand: Brand) -> bytes:
    """Its people are those of its seats: what the platform shows of portals may lag behind."""
    with brand_schema(brand.schema_name):
        seated: list[tuple[UUID, str]] = sorted(import_string(settings.SEATED_PEOPLE)())
    with public():
        hosts = list(Domain.objects.filter(tenant=brand, is_primary=False).values("domain", "challenge"))
    also: list[UUID] = [brand.organisation_id] if brand.organisation_id else []
    told: dict[str, Any] = {
        "brand": {name: getattr(brand, name) for name in COLUMNS},
        "hosts": hosts,
        "portals": [{"person_id": person_id, "side": side} for person_id, side in seated],
        "people": people.leaving({person_id for person_id, _ in seated}),
        "organisations": organisations.leaving(brand.schema_name, also=also),
    }
    return json.dumps(told, cls=_Exact, ensure_ascii=False, indent=1).encode()


class _Exact(DjangoJSONEncoder):
    """Instants to the microsecond: Django's own cuts them to milliseconds."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


def _put_tables(archive: Writer, schema: str) -> None:
    manifest = archive.manifest
    with rows.snapshot():
        manifest.columns = rows.tables(schema)
        manifest.sequences = rows.sequences(schema)
        for table, columns in manifest.columns.items():
            manifest.rows[table] = rows.counted(schema, table)
            archive.put(f"tables/{table}.csv", rows.copied_out(schema, table, columns))


def _put_files(archive: Writer, schema: str) -> int:
    count = 0
    with brand_schema(schema):
        for file_id, pieces in kept_bytes():
            archive.put(f"files/{file_id}", pieces)
            count += 1
    return count
