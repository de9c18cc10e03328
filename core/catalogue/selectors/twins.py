"""Suspected duplicates and pictures: what somebody who keeps the catalogue clean looks at."""

from dataclasses import dataclass

from core.catalogue.models import Sku, SkuPicture, ToldApart
from core.catalogue.permissions import Permission
from core.catalogue.rules.twins import Reason, TwinFacts, suspects
from core.catalogue.selectors.shelf import skus_visible_to
from core.kernel.actor import Actor

_FACTS = (
    *("id", "code", "name", "spu_id", "aroma", "abv_tenths", "volume_ml", "bottles_per_case"),
    *("age_code", "edition", "gtin13"),
)


@dataclass(frozen=True, slots=True)
class SuspectIds:
    """One suspicion by the ids of its SKUs (``second`` None: one alone)."""

    first: int
    second: int | None
    reasons: tuple[Reason, ...]


def suspected(actor: Actor, reason: str = "") -> list[SuspectIds]:
    """Suspects among what is not discontinued and within the seat's lines, the surest first. Two queries."""
    actor.require(Permission.EDIT, writes=False)
    rows = skus_visible_to(actor).select_related(None).exclude(status=Sku.Status.DISCONTINUED)
    facts = [TwinFacts(*row) for row in rows.order_by("rank", "id").values_list(*_FACTS)]
    apart = frozenset(ToldApart.objects.values_list("first_id", "second_id"))
    found = suspects(facts, apart)
    return [SuspectIds(one.first, one.second, one.reasons) for one in found if not reason or reason in one.reasons]


def pictures_of(actor: Actor, sku: Sku) -> tuple[SkuPicture, ...]:
    """The pictures of a SKU the actor sees, its face first. One query."""
    actor.require(Permission.READ, writes=False)
    return tuple(SkuPicture.objects.filter(sku=sku).order_by("position", "pk"))
