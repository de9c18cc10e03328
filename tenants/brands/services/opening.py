"""Opening a brand: its row at once, its schema in steps that may be repeated."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.module_loading import import_string

from core.db.acts import act, brand_schema, public
from core.jobs.models import Job
from core.jobs.services import begin_once
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.operators import Ops
from core.kernel.text import N_, normalised
from tenants.brands import hosts, rules
from tenants.brands.errors import BadBrand, SlugTaken
from tenants.brands.events import BRAND_CREATED, BRAND_OPENED, BRAND_STATE_CHANGED
from tenants.brands.hosts import facts_of
from tenants.brands.models import Brand, Domain
from tenants.brands.services.journal import required, written
from tenants.brands.services.steps import Step
from tenants.brands.services.tables import ensure_tables

PROVISION = "brands.provision"


@dataclass(frozen=True, slots=True)
class OpenBrand:
    """A new brand. ``seal`` is one character (the first of the name unless given), ``accent`` ``#rrggbb`` or empty,
    ``region_code`` (GB/T 2260) and ``organisation_id`` its house in the public register, where known."""

    slug: str
    name: str
    name_en: str = ""
    seal: str = ""
    currency: str = "CNY"
    language: str = "zh-hans"
    time_zone: str = "Asia/Shanghai"
    accent: str = ""
    region_code: str = ""
    organisation_id: UUID | None = None


def provision(*, actor: Actor, command: OpenBrand) -> Job:
    """Write a brand down and start its provisioning in the background; the job's ``parameters`` name it by ``slug``.

    One act of the public schema: no brand waits without a job. Asked again while the job goes on, it is the same job;
    after one that failed, a new one. Raises ``BadSlug``, ``BadBrand`` or ``SlugTaken``.
    """
    required(actor, Ops.EDIT_BRANDS)
    with public(), _writing_down(command.slug):
        brand = _found_or_written(actor, command)
        return begin_once(actor=actor, kind=PROVISION, parameters={"slug": brand.slug})


def create_brand(
    *,
    slug: str,
    name: str,
    name_en: str = "",
    seal: str = "",
    currency: str = "CNY",
    language: str = "zh-hans",
    time_zone: str = "Asia/Shanghai",
    accent: str = "",
    organisation_id: UUID | None = None,
) -> Brand:
    """Open a brand here and now, with its tables and nothing in them: for seeds and tests.

    A brand whose opening broke off is taken up again. Raises ``BadSlug``, ``BadBrand`` or ``SlugTaken``.
    """
    command = OpenBrand(slug, name, name_en, seal, currency, language, time_zone, accent, "", organisation_id)
    open_brand(actor=None, command=command)
    ensure_tables(rules.schema_of(slug))
    return opened(slug, None)


def open_brand(*, actor: Actor | None, command: OpenBrand) -> Brand:
    """Write a brand down with its host ``<slug>.<base domain>``; nothing answers there yet.

    One whose opening broke off is found again. Raises ``BadSlug``, ``BadBrand`` or ``SlugTaken``.
    """
    required(actor, Ops.EDIT_BRANDS)
    with public(), _writing_down(command.slug):
        return _found_or_written(actor, command)


@contextmanager
def _writing_down(slug: str) -> Iterator[None]:
    """The act; who writes the same brand down at the same moment comes second."""
    try:
        with act():
            yield
    except IntegrityError:
        raise SlugTaken(slug=slug) from None


def _found_or_written(actor: Actor | None, command: OpenBrand) -> Brand:
    brand = _judged(command)
    there = Brand.objects.select_for_update().filter(slug=brand.slug).first()
    if there is not None:
        if there.state != Brand.State.PROVISIONING:
            raise SlugTaken(slug=brand.slug)
        return there
    brand.save(force_insert=True)
    own = f"{brand.slug}.{settings.BASE_DOMAIN}"
    Domain.objects.create(tenant=brand, domain=own, is_primary=True, verified_at=brand.created_at)
    written(BRAND_CREATED, brand, actor, {"slug": brand.slug, "currency": brand.currency})
    return brand


def _judged(command: OpenBrand) -> Brand:
    name = normalised(command.name)[:80]
    if not name:
        raise BadBrand(value="", field="name")
    slug = rules.checked_slug(command.slug)
    return Brand(
        slug=slug,
        schema_name=rules.schema_of(slug),
        name=name,
        name_en=normalised(command.name_en)[:80],
        seal=(normalised(command.seal) or name)[:1],
        currency=rules.checked_currency(command.currency),
        language=command.language,
        time_zone=rules.checked_zone(command.time_zone),
        accent=rules.checked_accent(command.accent),
        region_code=command.region_code,
        organisation_id=command.organisation_id,
        created_at=clock.now(),
    )


def make_tables(slug: str, _actor: Actor | None = None) -> None:
    """Make the brand's tables, or bring those there are up to date."""
    ensure_tables(rules.schema_of(slug))


def make_first_rows(slug: str, _actor: Actor | None = None) -> None:
    """Let the rooms write what every brand begins with, each inside the brand's schema and as often as it is asked."""
    with public():
        brand = Brand.objects.get(slug=slug)
    with brand_schema(brand.schema_name):
        for name in settings.BRAND_OPENERS:
            import_string(name)(facts_of(brand), region_code=brand.region_code, organisation_id=brand.organisation_id)


def let_in(slug: str, actor: Actor | None = None) -> None:
    """Open the portal."""
    opened(slug, actor)


def opened(slug: str, actor: Actor | None) -> Brand:
    """Let the portal answer, in every web process at once, and tell the brand's own schema."""
    with public(), act():
        brand = Brand.objects.select_for_update().get(slug=slug)
        if brand.state == Brand.State.PROVISIONING:
            brand.state = Brand.State.ACTIVE
            brand.save(update_fields=["state"])
            written(BRAND_STATE_CHANGED, brand, actor, {"from": rules.PROVISIONING, "to": rules.ACTIVE})
            written(BRAND_OPENED, brand, actor, {"brand_schemas": [brand.schema_name]})
            transaction.on_commit(partial(hosts.tell, brand))
    return brand


STEPS: tuple[Step, ...] = (
    Step(N_("Make the tables"), make_tables),
    Step(N_("Write the first entries"), make_first_rows),
    Step(N_("Let people in"), let_in),
)
"""Of provisioning, in order; a job's cursor is how many are done."""
