"""Deleting a brand: its archive first, then everything but a tombstone."""

import tempfile
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import transaction

from core.db.acts import act, brand_schema, public
from core.db.schemas import drop_schema, schema_exists
from core.files.models import StoredFile
from core.files.rules import Purpose, Type
from core.files.services import forget_bytes, keep_produced
from core.jobs.models import Job
from core.jobs.services import begin_once
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import Missing
from core.kernel.operators import Ops
from core.kernel.text import N_, normalised
from tenants.brands import hosts
from tenants.brands.archive import Reader
from tenants.brands.errors import FilesLost, ReasonMissing
from tenants.brands.events import BRAND_DELETED
from tenants.brands.models import Brand, Domain, Portal
from tenants.brands.services.journal import locked_brand, required, written
from tenants.brands.services.moving_out import export_brand
from tenants.brands.services.states import moved
from tenants.brands.services.steps import Step
from tenants.brands.services.tables import forget
from tenants.organisations.services import forget_uses

DELETE, EXPORT = "brands.delete", "brands.export"


def request_deletion(*, actor: Actor, slug: str, reason: str) -> Job:
    """Close a portal for good and start its deletion in the background; the archive is made and checked first.

    One act: no closed portal waits without a job. Asked again while the job goes on, it is the same job; after one that
    failed, a new one. Raises ``ReasonMissing``, ``WrongState`` or ``Missing``.
    """
    required(actor, Ops.DELETE_BRANDS)
    words = _reason(reason)
    with public(), act():
        brand = _closed(actor, slug, words)
        return begin_once(actor=actor, kind=DELETE, parameters={"slug": brand.slug})


def begin_deletion(*, actor: Actor | None, slug: str, reason: str) -> Brand:
    """Close a portal for good; nothing is deleted yet. Raises ``ReasonMissing``, ``WrongState`` or ``Missing``."""
    required(actor, Ops.DELETE_BRANDS)
    words = _reason(reason)
    with public(), act():
        return _closed(actor, slug, words)


def _reason(given: str) -> str:
    words = normalised(given)[:200]
    if not words:
        raise ReasonMissing(field="reason")
    return words


def _closed(actor: Actor | None, slug: str, reason: str) -> Brand:
    return moved(locked_brand(slug), state=Brand.State.DELETING, reason=reason, actor=actor)


def keep_archive(*, actor: Actor | None, slug: str, reason: str = "", may_lack_files: bool = True) -> UUID | None:
    """Export a brand into the public schema's files, read it back, and say which file it is.

    None for a brand that never had a schema, or has none any more. Raises ``FilesLost`` where bytes are missing and
    ``may_lack_files`` is False.
    """
    required(actor, Ops.DELETE_BRANDS)
    with public():
        brand = Brand.objects.filter(slug=slug).first()
    if brand is None:
        raise Missing
    if not schema_exists(brand.schema_name):
        return None
    settings.VAR.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=settings.VAR) as target:  # a container's /tmp is memory
        export_brand(actor=actor, slug=slug, target=target, reason=reason)
        with Reader(target) as archive:
            archive.verify()
            lost = archive.lost_files()
        if lost and not may_lack_files:
            raise FilesLost(count=lost)
        with public():
            kept = keep_produced(
                name=f"{slug}.{clock.now():%Y%m%d-%H%M%S}.zip",
                content=target,
                content_type=Type.ZIP,
                dealer_id=actor.dealer_id if actor else 0,
                seat_id=actor.seat_id if actor else None,
                purpose=Purpose.ARCHIVE,
            )
    return kept.pk


def archive_of(slug: str) -> UUID | None:
    """The newest archive of a brand that is kept here."""
    with public():
        kept = StoredFile.objects.filter(purpose=Purpose.ARCHIVE, name__startswith=f"{slug}.")
        return kept.order_by("-created_at", "-pk").values_list("pk", flat=True).first()


def export_first(slug: str, actor: Actor | None, *, may_lack_files: bool = False) -> None:
    """Make and check the archive, which holds every file; there is none to make when the schema is gone already.

    Nothing where it was made before: files go after it, and an archive made anew would lack them. Raises ``FilesLost``.
    """
    if not _is_archived(slug):
        keep_archive(actor=actor, slug=slug, may_lack_files=may_lack_files)


def _is_archived(slug: str) -> bool:
    """Hosts go after the archive only, and no brand is without one before."""
    with public():
        has_hosts = Domain.objects.filter(tenant__slug=slug).exists()
    return not has_hosts and archive_of(slug) is not None


def close_doors(slug: str, _actor: Actor | None) -> None:
    """Take the brand's hosts and portals away; every web process follows at once."""
    with public(), act():
        brand = Brand.objects.select_for_update().get(slug=slug)
        if brand.state != Brand.State.DELETING:
            return
        answered = Domain.objects.filter(tenant=brand, verified_at__isnull=False)
        gone = list(answered.values_list("domain", flat=True))
        Domain.objects.filter(tenant=brand).delete()
        Portal.objects.filter(brand=brand).delete()
        transaction.on_commit(partial(hosts.tell, brand, gone=gone))


def remove_all(slug: str, _actor: Actor | None) -> None:
    """Remove the brand's files and then its schema: while the schema is there, files can be found again."""
    with public():
        brand = Brand.objects.get(slug=slug)
    if brand.state != Brand.State.DELETING:
        return
    if schema_exists(brand.schema_name):
        with brand_schema(brand.schema_name):
            forget_bytes()
    with public(), act():
        drop_schema(brand.schema_name)
        forget(brand.schema_name)
    forget_uses(schema_name=brand.schema_name)


def bury(slug: str, actor: Actor | None) -> None:
    """Leave a tombstone: slug, ids and dates, so that nobody else ever takes the name."""
    with public(), act():
        brand = Brand.objects.select_for_update().get(slug=slug)
        if brand.state != Brand.State.DELETING:
            return
        told = ("name", "name_en", "seal", "accent", "introduction", "introduction_en", "region_code")
        for name in (*told, "tagline", "tagline_en", "welcome", "welcome_en", "contact", "contact_en"):
            setattr(brand, name, "")
        brand.state, brand.state_reason, brand.deleted_at = Brand.State.DELETED, "", clock.now()
        brand.logo_square = brand.logo_wide = None
        brand.organisation_id, brand.entitlements, brand.aromas = None, [], []
        brand.is_listed = brand.requires_second_factor = False
        brand.save()
        archive_id = archive_of(slug)
        archived = {"archive_id": str(archive_id)} if archive_id else {}
        written(BRAND_DELETED, brand, actor, {"schema": brand.schema_name, **archived})


STEPS: tuple[Step, ...] = (
    Step(N_("Export and check the archive"), export_first),
    Step(N_("Close hosts and portals"), close_doors),
    Step(N_("Remove files and tables"), remove_all),
    Step(N_("Leave the tombstone"), bury),
)
"""Of a deletion, in order; a job's cursor is how many are done."""
