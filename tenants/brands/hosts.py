"""The host map: which brand answers on a host, kept in the shared cache and never believed for longer than a minute.

A verb writes the new facts over the old (``tell``), a reader only fills a gap (``add``): whichever comes first, the
verb's word stays. With Redis down every look-up reads the database.
"""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django.core.cache import caches

from core.db.acts import act, public
from core.kernel import clock
from core.kernel.brand import BrandFacts
from tenants.brands.models import Brand, Domain
from tenants.brands.rules import PORTAL_TEXTS

KEPT_S = 60
_NOBODY = "nobody"


def brand_at(host: str) -> BrandFacts | None:
    """The brand that answers on ``host`` (lower case, no port), or None. One cache look-up, mostly."""
    return _facts(f"host:{host}", {"domains__domain": host, "domains__verified_at__isnull": False})


def brand_in(schema_name: str) -> BrandFacts | None:
    """The brand whose schema this is: for tasks and commands that start from a schema."""
    return _facts(f"schema:{schema_name}", {"schema_name": schema_name})


def zone_of(schema_name: str) -> str:
    """The time zone days are counted in where a task acts; Shanghai's outside of any brand."""
    brand = brand_in(schema_name) if schema_name.startswith("t_") else None
    return brand.time_zone if brand is not None else clock.SHANGHAI


def tell(brand: Brand, *, gone: Iterable[str] = ()) -> None:
    """Let every process know the brand's facts at once, as they are now; ``gone`` are hosts it no longer answers on.

    Told under the row's lock: of two verbs that end together neither tells what the other has changed.
    """
    with public(), act():
        present = Brand.objects.select_for_update().get(pk=brand.pk)
        facts = asdict(facts_of(present))
        verified = Domain.objects.filter(tenant=present, verified_at__isnull=False)
        news: dict[str, Any] = {f"host:{host}": _NOBODY for host in gone}
        news.update({f"host:{host}": facts for host in verified.values_list("domain", flat=True)})
        news[f"schema:{present.schema_name}"] = facts
        caches["shared"].set_many(news, KEPT_S)


def facts_of(brand: Brand) -> BrandFacts:
    """The brand as a value."""
    return BrandFacts(
        public_id=brand.public_id,
        slug=brand.slug,
        name=brand.name,
        name_en=brand.name_en,
        seal=brand.seal,
        schema_name=brand.schema_name,
        currency=brand.currency,
        language=brand.language,
        time_zone=brand.time_zone,
        accent=brand.accent,
        state=brand.state,
        state_reason=brand.state_reason,
        requires_second_factor=brand.requires_second_factor,
        entitlements=frozenset(brand.entitlements),
        logo_square=str(brand.logo_square or ""),
        logo_wide=str(brand.logo_wide or ""),
        **{name: getattr(brand, name) for name in PORTAL_TEXTS},
        look_version=brand.look_version,
    )


def _facts(key: str, where: dict[str, str | bool]) -> BrandFacts | None:
    shared = caches["shared"]
    kept = shared.get(key)
    if kept == _NOBODY:
        return None
    if kept is not None:
        try:
            return BrandFacts(**kept)
        except TypeError:  # written by another version of the product
            shared.delete(key)
    with public():
        brand = Brand.objects.filter(**where).first()
    if brand is None:
        shared.add(key, _NOBODY, KEPT_S)
        return None
    facts = facts_of(brand)
    shared.add(key, asdict(facts), KEPT_S)
    return facts
