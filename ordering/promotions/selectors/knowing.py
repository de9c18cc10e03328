"""What a brand has of what a policy's terms name, and whether a seat answers for all of it."""

from core.catalogue.models import ProductLine, Sku
from core.catalogue.rules import Aroma
from core.db.scopes import dealers_within
from core.kernel import regions
from core.kernel.actor import Actor
from core.kernel.errors import OutOfScope
from dms.dealers.models import Dealer
from dms.dealers.rules import Channel, Tier
from ordering.promotions.rules.checking import Known, KnownSku, named_skus
from ordering.promotions.rules.terms import Terms


def known_to(seller_id: int, terms: Terms) -> Known:
    """The codes the terms name, as far as they are there; three statements at most."""
    named = named_skus(terms)
    skus = Sku.objects.filter(code__in=named).values_list("code", "status", "sells_in", "product_line__code")
    lines = terms.goods.product_lines
    customers = Dealer.objects.filter(supplier_id=seller_id)
    audience = terms.audience
    return Known(
        skus={code: KnownSku(*facts) for code, *facts in skus} if named else {},
        codes={
            "product_lines": frozenset(
                ProductLine.objects.filter(code__in=lines).values_list("code", flat=True) if lines else ()
            ),
            "aromas": frozenset(aroma.value for aroma in Aroma),
            "tiers": frozenset(tier.value for tier in Tier if tier is not Tier.BRAND),
            "channels": frozenset(channel.value for channel in Channel),
            "regions": frozenset(code for code in audience.regions if _is_region(code, seller_id)),
            "labels": frozenset(
                label
                for labels in customers.filter(labels__overlap=sorted(audience.labels)).values_list("labels", flat=True)
                for label in labels
            )
            if audience.labels
            else frozenset(),
            "dealers": frozenset(
                customers.filter(code__in=audience.dealers).values_list("code", flat=True) if audience.dealers else ()
            ),
        },
    )


def _is_region(code: str, seller_id: int) -> bool:
    """A division of the register, or one that a customer lies in (brands outside China)."""
    try:
        regions.region(code)
    except regions.UnknownRegion:
        return Dealer.objects.filter(supplier_id=seller_id, region_code=code).exists()
    return True


def require_ground(actor: Actor, terms: Terms, known: Known) -> None:
    """A limited seat plans for its own dealers, regions and lines alone. Raises ``OutOfScope`` by field."""
    scope, audience, goods = actor.scope, terms.audience, terms.goods
    if scope.limits_dealers:
        inside = Dealer.objects.filter(dealers_within(actor), code__in=audience.dealers, supplier_id=actor.dealer_id)
        by_dealers = bool(audience.dealers) and inside.count() == len(audience.dealers)
        by_regions = not scope.subtree and bool(audience.regions) and all(map(scope.covers_region, audience.regions))
        if not (by_dealers or by_regions):
            raise OutOfScope(field="audience.dealers" if scope.subtree else "audience.regions")
    if scope.product_lines:
        by_lines = bool(goods.product_lines) and all(map(scope.covers_line, goods.product_lines))
        by_skus = all(scope.covers_line(sku.product_line) for sku in known.skus.values())
        names_skus = bool(named_skus(terms) - goods.without - {terms.gift_sku})
        if not by_skus or not (by_lines or names_skus):
            raise OutOfScope(field="goods.product_lines")
