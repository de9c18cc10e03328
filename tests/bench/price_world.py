"""Two brands that differ in one thing only: how many entries the lists beside a buyer's own chain hold.

Each has 2,000 SKUs, 300 lists, 20,000 dealers and 200 live policies. In the small one 30 lists hold all entries, those
of the measured buyers' chains among them; in the large one all of them do, so that the same question finds the same.
The rows are made inside the server by ``INSERT … SELECT``, which writes a million of them in seconds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from django.db.models import Model

from billing.ledger.models import Party, TradingAccount
from core.catalogue.models import CatalogueSettings, Sku
from core.db import sql
from core.db.acts import brand_schema, connection
from core.kernel import clock
from dms.dealers.models import Address, Credential, Dealer, PriceGroup
from dms.territories.models import Grant
from ordering.pricing.models import PriceList
from tenants.access.models import Seat
from tests.bench import policies, world
from tests.factories.channel import DealerFacts, make_dealer, make_root
from tests.factories.prices import SINCE, make_list
from tests.portals import TestPortal

SKUS, LISTS, DEALERS, FILLED = 2_000, 300, 20_000, 30
LARGE, SMALL = 1_000_000, 100_000
BUYERS, GROUPS = 10, 60
STEPS = (1, 10, 100)
CITY = "CITY"
TIERS = ("PROVINCIAL", CITY, "COUNTY", "TERMINAL")
REGIONS = ("370000", "370100", "140000", "510000")


@dataclass(frozen=True, slots=True)
class PriceWorld:
    """What the measuring needs: the brand, seats of ten buyers and of the pricing desk, SKU and list codes."""

    portal: TestPortal
    entries: int
    buyers: tuple[Seat, ...]
    desk: Seat
    codes: tuple[str, ...]
    lists: tuple[str, ...]


def build(portal: TestPortal, entries: int) -> PriceWorld:
    """Make the world in the empty schema of a brand of the connected database."""
    with brand_schema(portal.schema):
        root = make_root("ROOT", portal.name, "140100")
        CatalogueSettings.objects.update_or_create(pk=1, defaults={"code_prefixes": "XH"})
        goods = world.make_skus(SKUS)
        world.stock_up(root, goods)
        _make_dealers(root)
        lists = _make_lists(root)
        _fill(lists, goods, entries)
        policies.make_policies(root, goods)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        buyers = Dealer.objects.filter(code__in=[_buyer(n) for n in range(BUYERS)]).order_by("pk")
        return PriceWorld(
            portal,
            entries,
            tuple(_seat(dealer, Seat.Side.DEALER, "dealer_buyer") for dealer in buyers),
            _seat(root, Seat.Side.BRAND, "brand_admin"),
            tuple(sku.code for sku in goods),
            tuple(one.code for one in lists if one.parent_id is None and one.kind == PriceList.Kind.SALE),
        )


def _seat(dealer: Dealer, side: str, role: str) -> Seat:
    return Seat.objects.create(
        person_id=uuid4(),
        person_name=f"量测{dealer.code}",
        side=side,
        dealer_id=dealer.pk,
        dealer_name=dealer.name,
        roles=[role],
        created_at=clock.now(),
    )


# dealers -----------------------------------------------------------------------------------------


def _buyer(number: int) -> str:
    """City dealers of 370100."""
    return f"D{number * 16 + 5:05d}"


def _make_dealers(root: Dealer) -> None:
    """One by the factory, the others as copies of it: tiers and regions in turn, each in two price groups."""
    first = make_dealer(
        DealerFacts("D00000", "量测商00000", TIERS[0], REGIONS[0], 900_000_000_000_000), parent=root, supplier=root
    )
    PriceGroup.objects.bulk_create(PriceGroup(code=f"G{n:02d}", name=f"价格组{n:02d}", rank=n) for n in range(GROUPS))
    party = first.party_id
    facts: dict[str, object] = {"base": first.pk, "party": party, "root": root.pk}
    number = "lpad(n::text, 5, '0')"
    turns = {
        "tier": f"('{{{','.join(TIERS)}}}'::text[])[n %% {len(TIERS)} + 1]",
        "region_code": f"('{{{','.join(REGIONS)}}}'::text[])[n / 4 %% {len(REGIONS)} + 1]",
    }
    path = "'/' || %(root)s || '/' || %(base)s + n || '/'"
    name = f"'量测商' || {number}"
    own = {"id": "%(party)s + n", "dealer_id": "%(base)s + n", "path": path, "name": name}
    _copy(Party, "source.id = %(party)s", own | {"region_code": turns["region_code"]}, facts)
    named = {"code": f"'D' || {number}", "name": name, "search_text": f"lower('D' || {number} || ' ' || {name})"}
    dealer = {"id": "%(base)s + n", "party_id": "%(party)s + n", "path": path, "name_key": number, **named, **turns}
    _copy(Dealer, "source.id = %(base)s", dealer, facts)
    of_dealer = {"dealer_id": "%(base)s + n"}
    numbered = of_dealer | {"number": "source.number || n"}
    _copy(Credential, "source.dealer_id = %(base)s", numbered, facts)
    _copy(Grant, "source.dealer_id = %(base)s", of_dealer | {"region_code": "'CN'"}, facts)
    _copy(Address, "source.dealer_id = %(base)s", of_dealer | {"region_code": turns["region_code"]}, facts)
    _copy(TradingAccount, "source.buyer_id = %(party)s", {"buyer_id": "%(party)s + n", "rebate_balance": "10^9"}, facts)
    sql.execute(
        """INSERT INTO dealers_dealer_price_groups (dealer_id, pricegroup_id)
           SELECT dealer.id, g.id FROM dealers_dealer AS dealer JOIN dealers_pricegroup AS g
             ON g.rank IN (dealer.id %% 5, dealer.id %% 47 + 6) WHERE dealer.tier <> 'BRAND'""",
        {},
    )


def _copy(model: type[Model], which: str, own: dict[str, str], facts: dict[str, object]) -> None:
    """Copy the row ``which`` of ``source`` for every further dealer ``n``, with ``own`` columns as SQL."""
    columns = [
        str(field.column)
        for field in model._meta.concrete_fields
        if field.column in own or not (field.primary_key or field.generated)
    ]
    values = ", ".join(own.get(column, f"source.{column}") for column in columns)
    table = model._meta.db_table
    sql.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table} AS source, "
        f"generate_series(1, %(dealers)s) AS n WHERE {which}",
        {**facts, "dealers": DEALERS - 1},
    )
    if "id" in own:
        sql.rows(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}", {})


# prices ------------------------------------------------------------------------------------------


def _make_lists(root: Dealer) -> list[PriceList]:
    """The first ``FILLED`` are those of the measured buyers' chains; the last is derived and holds no entry."""
    groups = list(PriceGroup.objects.order_by("rank"))
    made = [make_list(root, "L000", "全国价"), make_list(root, "L001", "红线价", kind=PriceList.Kind.FLOOR)]
    made += [make_list(root, f"L{n:03d}", f"价盘{n:03d}", **_place(n, groups)) for n in range(2, LISTS - 1)]
    place = {"scope": PriceList.Scope.TIER, "tier": CITY, "region_code": "370100"}
    parent = next(one for one in made if (one.tier, one.region_code) == (CITY, "CN"))
    made.append(make_list(root, f"L{LISTS - 1}", "市级 × 0.97", parent=parent, factor_ppm=970_000, **place))
    return made


def _place(number: int, groups: Sequence[PriceGroup]) -> dict[str, object]:
    """Eight lists of tiers, fifteen of groups, five of measured buyers; then houses and groups of other provinces."""
    scope = PriceList.Scope
    if number < 10:
        region = "CN" if number < 6 else "370000"
        return {"scope": scope.TIER, "tier": TIERS[number % len(TIERS)], "region_code": region}
    if number < 25:
        return {"scope": scope.GROUP, "price_group": groups[number - 10]}
    if number >= FILLED and number % 3 == 0:
        return {"scope": scope.GROUP, "price_group": groups[number % GROUPS], "region_code": REGIONS[2 + number % 2]}
    code = _buyer(number - 25) if number < FILLED else f"D{number * 40:05d}"
    return {"scope": scope.DEALER, "dealer": Dealer.objects.get(code=code)}


def _fill(lists: Sequence[PriceList], goods: Sequence[Sku], entries: int) -> None:
    """Spread the entries evenly over the lists that hold any: every SKU from 1 case, most from 10 cases too."""
    holding = [one for one in lists if one.parent_id is None][: FILLED if entries == SMALL else None]
    each, over = divmod(entries, len(holding))
    for place, one in enumerate(holding):
        facts = {
            "list": one.pk,
            "base": 150_000 if one.kind == PriceList.Kind.FLOOR else 200_000 - place * 10,
            "skus": [sku.pk for sku in goods],
            "steps": list(STEPS),
            "count": each + (place < over),
            "since": SINCE,
        }
        sql.execute(_ENTRIES, facts)


_ENTRIES = """
INSERT INTO pricing_priceentry (price_list_id, sku_id, unit, min_quantity, valid_from, amount, created_at)
SELECT %(list)s, sku_id, 'CASE', (%(steps)s::int[])[step + 1], %(since)s,
       %(base)s - step * 2000 + place %% 500 * 10, %(since)s
FROM unnest(%(skus)s::bigint[]) WITH ORDINALITY AS sku(sku_id, place), generate_series(0, 2) AS step
ORDER BY step, place LIMIT %(count)s
"""
