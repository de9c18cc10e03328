"""Ground given and ended, and what a dealer may buy by it."""

from datetime import date

import pytest

from core.catalogue.models import ProductLine
from core.events.models import Event
from core.kernel.errors import DomainError
from dms.territories import selectors, services
from dms.territories.models import Grant
from dms.territories.selectors import CoveredLines
from dms.territories.services import GrantTerritory
from tests.cast import Cast
from tests.factories.goods import make_line

TODAY = date(2026, 1, 12)


def _grant(cast: Cast, dealer: str = "C2", region: str = "370200", **facts: object) -> Grant:
    command = GrantTerritory(dealer, region, **facts)  # type: ignore[arg-type]  # each test names what it wants
    return services.grant(actor=cast.admin, command=command)


def _covered(dealer_id: int, region: str = "370200", channel: str = "TRADITIONAL", day: date = TODAY) -> CoveredLines:
    return selectors.covered_lines(dealer_id=dealer_id, channel=channel, region_code=region, day=day)


@pytest.fixture
def lines(cast: Cast) -> tuple[ProductLine, ProductLine]:
    """Two product lines; nobody holds any ground."""
    Grant.objects.all().delete()
    return make_line("A", "甲系列"), make_line("B", "乙系列")


def test_covers_the_line_channel_region_and_days_it_names(cast: Cast, lines: tuple[ProductLine, ProductLine]) -> None:
    _grant(cast, line_code="A", channels=("KA",), valid_to=date(2026, 6, 1))
    (a, b) = (line.pk for line in lines)
    covered = _covered(cast.c2.pk, "370202", "KA")
    assert (covered.covers(a), covered.covers(b)) == (True, False)
    assert not _covered(cast.c2.pk, "370102", "KA").covers(a)
    assert not _covered(cast.c2.pk, "370202", "TRADITIONAL").covers(a)
    assert not _covered(cast.c2.pk, "370202", "KA", date(2026, 1, 11)).covers(a)
    assert _covered(cast.c2.pk, "370202", "KA", date(2026, 5, 31)).covers(a)
    assert not _covered(cast.c2.pk, "370202", "KA", date(2026, 6, 1)).covers(a)


def test_a_grant_that_ended_yesterday_covers_nothing(cast: Cast, lines: tuple[ProductLine, ProductLine]) -> None:
    """Acceptance seed 4 of the handbook: its last day was yesterday."""
    _grant(cast, valid_from=date(2025, 1, 1), valid_to=TODAY)
    assert _covered(cast.c2.pk, day=date(2026, 1, 11)).all_lines
    assert not _covered(cast.c2.pk).all_lines


def test_what_the_brand_reserves_nobody_else_may_buy(cast: Cast, lines: tuple[ProductLine, ProductLine]) -> None:
    (a, b) = (line.pk for line in lines)
    _grant(cast)
    _grant(cast, "ROOT", "370000", line_code="A", channels=("KA",), kind="RESERVED")
    in_ka = _covered(cast.c2.pk, channel="KA")
    assert (in_ka.covers(a), in_ka.covers(b)) == (False, True)
    assert _covered(cast.c2.pk).covers(a)
    _grant(cast, "ROOT", "CN", channels=("KA",), kind="RESERVED")
    assert not _covered(cast.c2.pk, channel="KA").covers(b)
    assert _covered(cast.root.pk, channel="KA").covers(a), "its own customers buy it from the brand"


def test_records_what_happened(cast: Cast) -> None:
    Grant.objects.all().delete()
    row = _grant(cast)
    event = Event.objects.get()
    assert (event.kind, event.buyer_id, event.payload["region"]) == ("dms.territory_granted.v1", cast.c2.pk, "370200")
    services.end_grant(actor=cast.admin, grant_id=row.pk, ends_on=date(2026, 3, 1))
    assert Event.objects.get(kind="dms.grant_ended.v1").payload["valid_to"] == "2026-03-01"


@pytest.mark.parametrize(
    ("dealer", "region", "facts", "code"),
    [
        ("NO", "370200", {}, "territories.dealer_unknown"),
        ("C2", "419000", {}, "region.unknown"),
        ("C2", "370200", {"line_code": "NO"}, "territories.line_unknown"),
        ("C2", "370200", {"channels": ("MOON",)}, "territories.channel_unknown"),
        ("C2", "370200", {"channels": ("ONLINE",)}, "territories.nationwide_channel"),
        ("C2", "370200", {"kind": "OWNED"}, "territories.kind_invalid"),
        ("C2", "370200", {"kind": "RESERVED"}, "territories.kind_invalid"),
        ("C2", "370200", {"valid_to": TODAY}, "territories.range_invalid"),
        ("C2", "370200", {"valid_to": date(9999, 12, 31)}, "territories.day_beyond"),
        ("C2", "370200", {"valid_from": date(1, 1, 1)}, "territories.day_beyond"),
        ("C1", "410000", {}, "territories.outside_parent"),
        ("C2", "370200", {}, "territories.held_already"),
        ("C2", "370200", {"zone_code": "HT"}, "territories.region_or_zone"),
        ("C2", "", {}, "territories.region_or_zone"),
        ("C2", "", {"zone_code": "HT"}, "territories.zone_unknown"),
        ("C2", "370200", {"sku_codes": ("NO",)}, "territories.sku_unknown"),
        ("C2", "370200", {"channels": ()}, "territories.channel_unknown"),
        ("C2", "370200", {"priority": 0}, "territories.priority_invalid"),
    ],
)
def test_refuses(cast: Cast, dealer: str, region: str, facts: dict[str, object], code: str) -> None:
    before = Grant.objects.count()
    with pytest.raises(DomainError) as refusal:
        _grant(cast, dealer, region, **facts)
    assert refusal.value.code == code
    assert Grant.objects.count() == before
    assert not Event.objects.exists()


def test_exclusive_ground_is_given_once_but_for_a_carve_out(cast: Cast) -> None:
    """Acceptance seed 6 of the handbook."""
    _grant(cast, "P1", "370000", kind="EXCLUSIVE")
    with pytest.raises(DomainError) as refusal:
        _grant(cast, "C2", "370200", kind="EXCLUSIVE")
    assert (refusal.value.code, refusal.value.fields["dealer"]) == ("territories.conflict", cast.p1.name)
    wide = Grant.objects.get(kind="EXCLUSIVE")
    assert refusal.value.fields["grant_id"] == wide.pk
    assert refusal.value.fields["since"] == "2026-01-12"
    assert _grant(cast, "C1", "370100", kind="EXCLUSIVE").carved_out_of == wide


def test_every_conflict_is_told_at_once(cast: Cast) -> None:
    _grant(cast, "C1", "370102", kind="EXCLUSIVE")
    _grant(cast, "P1", "370203", kind="EXCLUSIVE")
    with pytest.raises(DomainError) as refusal:
        _grant(cast, "C2", "370000", kind="EXCLUSIVE")
    assert {fault.fields["dealer"] for fault in refusal.value.problems()} == {cast.c1.name, cast.p1.name}


def test_the_wider_grant_given_later_takes_the_pieces_of_its_tree(cast: Cast) -> None:
    piece = _grant(cast, "C1", "370100", kind="EXCLUSIVE")
    wide = _grant(cast, "P1", "370000", kind="EXCLUSIVE")
    piece.refresh_from_db()
    assert (piece.carved_out_of, wide.carved_out_of) == (wide, None)


def test_single_products_are_granted(cast: Cast, lines: tuple[ProductLine, ProductLine]) -> None:
    one, other = cast.skus[1], cast.skus[2]
    row = _grant(cast, sku_codes=(one.code,))
    assert row.sku_ids == [one.pk]
    covered = _covered(cast.c2.pk)
    assert covered.covers(one.product_line_id, one.pk)
    assert not covered.covers(other.product_line_id, other.pk)
    assert not covered.covers(one.product_line_id), "the whole line is not"
    _grant(cast, "ROOT", "CN", sku_codes=(one.code,), kind="RESERVED")
    assert not _covered(cast.c2.pk).covers(one.product_line_id, one.pk)


def test_exclusive_products_conflict_with_their_line_and_with_each_other(cast: Cast) -> None:
    one, other = cast.skus[1].code, cast.skus[2].code
    _grant(cast, "C2", sku_codes=(one,), kind="EXCLUSIVE")
    _grant(cast, "P1", "370000", sku_codes=(other,), kind="EXCLUSIVE")
    for facts in ({"line_code": "CLASSIC"}, {"sku_codes": (one,)}, {}):
        with pytest.raises(DomainError) as refusal:
            _grant(cast, "P1", "370000", kind="EXCLUSIVE", **facts)
        assert {fault.code for fault in refusal.value.problems()} <= {"territories.conflict"}


def test_several_channels_in_one_grant(cast: Cast, lines: tuple[ProductLine, ProductLine]) -> None:
    row = _grant(cast, channels=("KA", "HORECA", "KA"))
    assert row.channels == ["HORECA", "KA"]
    assert [_covered(cast.c2.pk, channel=name).all_lines for name in ("KA", "HORECA", "TRADITIONAL")] == [
        True,
        True,
        False,
    ]


def test_online_is_held_by_nationwide_grants_alone(cast: Cast, lines: tuple[ProductLine, ProductLine]) -> None:
    _grant(cast, "C2", "370200")
    assert not _covered(cast.c2.pk, channel="ONLINE").all_lines
    _grant(cast, "C2", "CN", channels=("ONLINE",))
    assert _covered(cast.c2.pk, channel="ONLINE").all_lines
    assert not _covered(cast.c2.pk, "650102", "TRADITIONAL").all_lines


@pytest.mark.parametrize(
    ("ground", "place"),
    [
        ("110000", "110105"),
        ("419001", "419001"),
        ("410000", "419001"),
        ("441900", "441900"),
        ("440000", "441900"),
        ("500000", "500229"),
        ("512081", "510185"),
        ("710000", "710000"),
    ],
)
def test_irregular_divisions_are_ground_like_any(
    cast: Cast, lines: tuple[ProductLine, ProductLine], ground: str, place: str
) -> None:
    """§3 of the handbook: municipalities, counties directly below a province, cities without counties, old codes."""
    _grant(cast, region=ground)
    assert _covered(cast.c2.pk, place).all_lines


@pytest.mark.parametrize("dummy", ["110100", "310100", "419000", "429000", "500200", "469000", "659000"])
def test_dummy_divisions_are_no_ground(cast: Cast, dummy: str) -> None:
    """Acceptance seed 5 of the handbook."""
    with pytest.raises(DomainError) as refusal:
        _grant(cast, region=dummy)
    assert refusal.value.code == "region.unknown"


def test_ground_others_rest_on_is_not_ended(cast: Cast, lines: tuple[ProductLine, ProductLine]) -> None:
    above = _grant(cast, "P1", "370000")
    below = _grant(cast, "C1", "370100")
    with pytest.raises(DomainError) as refusal:
        services.end_grant(actor=cast.admin, grant_id=above.pk, ends_on=date(2026, 3, 1))
    assert (refusal.value.code, refusal.value.fields["dealer"]) == ("territories.held_below", cast.c1.name)
    services.end_grant(actor=cast.admin, grant_id=below.pk, ends_on=date(2026, 2, 1))
    services.end_grant(actor=cast.admin, grant_id=above.pk, ends_on=date(2026, 3, 1))
    assert list(Grant.objects.order_by("pk").values_list("valid_to", flat=True)) == [
        date(2026, 3, 1),
        date(2026, 2, 1),
    ]


@pytest.mark.parametrize(
    ("ends_on", "code"),
    [
        (TODAY, "territories.range_invalid"),
        (date.max, "territories.day_beyond"),
        (date(2026, 7, 1), "territories.grant_ended"),
    ],
)
def test_ends_within_its_days_only(cast: Cast, ends_on: date, code: str) -> None:
    Grant.objects.all().delete()
    row = _grant(cast, valid_to=date(2026, 6, 1))
    with pytest.raises(DomainError) as refusal:
        services.end_grant(actor=cast.admin, grant_id=row.pk, ends_on=ends_on)
    assert refusal.value.code == code
    assert Grant.objects.get(pk=row.pk).valid_to == date(2026, 6, 1)


def test_dealers_see_their_own_ground_and_draw_none(cast: Cast) -> None:
    assert set(selectors.grants_visible_to(cast.sales_admin).values_list("dealer__code", flat=True)) == {
        "P1",
        "C1",
        "C2",
        "T1",
    }
    for seat in ("admin_c1", "sales_admin", "rep"):
        with pytest.raises(DomainError) as refusal:
            services.grant(actor=cast.actor(seat), command=GrantTerritory("C1", "370100"))
        assert refusal.value.code == "actor.not_permitted"
