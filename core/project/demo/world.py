"""A demo brand with its goods; what else it has on its first day stands in houses.py and offer.py."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random

from core.catalogue import services as catalogue
from core.db.acts import brand_schema
from core.kernel.actor import Actor, Side
from core.project.demo.channel import DemoDealer
from core.project.demo.products import DemoAssortment
from dms.dealers import services as dealers
from tenants.access.actors import system_actor
from tenants.brands.rules import schema_of
from tenants.brands.services import create_brand
from tenants.organisations.services import find_or_create


@dataclass(frozen=True, slots=True)
class DemoBrand:
    """Facts of a brand of the demo."""

    slug: str
    name: str
    name_en: str
    seal: str
    accent: str
    region_code: str
    organisation: str


BRANDS = {
    "xinghe": DemoBrand("xinghe", "杏禾酒业", "Xinghe Distillery", "杏", "", "141182", "山西杏禾酒业股份有限公司"),
    "chishui": DemoBrand(
        "chishui", "赤水河酒业", "Chishui River Distillery", "赤", "", "520381", "贵州赤水河酒业有限公司"
    ),
}


@dataclass(slots=True)
class World:
    """What the acts of a brand need: who acts, with whom, with what."""

    brand: DemoBrand
    assortment: DemoAssortment
    dealers: tuple[DemoDealer, ...]
    started_at: datetime
    dice: Random
    system: Actor
    staff: dict[str, Actor] = field(default_factory=dict)
    buyers: dict[str, Actor] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)

    @property
    def schema(self) -> str:
        """The brand's schema."""
        return schema_of(self.brand.slug)

    def house(self, dealer_code: str) -> Actor:
        """The product acting for one dealer's house, where its own people would do it by hand."""
        dealer_id = self.ids[dealer_code]
        name = next(dealer.name for dealer in self.dealers if dealer.code == dealer_code)
        return replace(self.system, dealer_id=dealer_id, dealer_name=name, side=Side.DEALER)


def open_brand(facts: DemoBrand, assortment: DemoAssortment, channel: tuple[DemoDealer, ...], at: datetime) -> World:
    """The brand with its schema, root and goods. The clock stands at ``at``; called outside the brand's schema."""
    maker = assortment.producers[0]
    organisation = find_or_create(uscc=maker.uscc, name=maker.name, kind="DISTILLERY")
    create_brand(
        slug=facts.slug,
        name=facts.name,
        name_en=facts.name_en,
        seal=facts.seal,
        accent=facts.accent,
        organisation_id=organisation.pk,
    )
    with brand_schema(schema_of(facts.slug)):
        root = dealers.create_root(
            code="ROOT", name=facts.name, region_code=facts.region_code, organisation_id=organisation.pk
        )
        system = system_actor(schema_of(facts.slug), root.pk, root.name)
        world = World(facts, assortment, channel, at, Random(facts.slug), system)
        world.ids["ROOT"] = root.pk
        _make_goods(world)
    return world


def _make_goods(world: World) -> None:
    actor, goods = world.system, world.assortment
    catalogue.save_settings(actor=actor, command=catalogue.SaveSettings(code_prefixes=goods.code_prefixes))
    for maker in goods.producers:
        catalogue.save_producer(
            actor=actor,
            command=catalogue.SaveProducer(maker.name, maker.uscc, maker.sc_no, region_code=maker.region_code),
        )
    for position, line in enumerate(goods.lines):
        catalogue.save_line(
            actor=actor, command=catalogue.SaveLine(line.code, line.name, line.name_en, position=position)
        )
    families = {product.spu_code: product for product in reversed(goods.products)}
    for product in families.values():
        catalogue.save_spu(
            actor=actor,
            command=catalogue.SaveSpu(
                code=product.spu_code,
                name=product.name,
                line_code=product.line_code,
                aroma=product.aroma,
                producer_name=product.producer,
                name_en=product.name_en,
                exec_standard=product.exec_standard,
                age_basis=product.age_basis,
                packaging=product.packaging,
            ),
        )
    for product in goods.products:
        catalogue.save_sku(
            actor=actor,
            command=catalogue.SaveSku(
                code=product.code,
                spu_code=product.spu_code,
                name=product.name,
                abv_tenths=product.abv_tenths,
                volume_ml=product.volume_ml,
                bottles_per_case=product.bottles_per_case,
                name_en=product.name_en,
                age_code=product.age_code,
                edition=product.edition,
                gtin13=product.gtin13,
                gtin14=product.gtin14,
                sells_in=product.sells_in,
                rank=product.rank,
            ),
        )
    for state, following in (("ON", ("ON", "OFF")), ("OFF", ("OFF",))):
        codes = tuple(product.code for product in goods.products if product.status in following)
        if codes:
            catalogue.change_shelf_state(actor=actor, command=catalogue.ChangeShelfState(codes, state))
