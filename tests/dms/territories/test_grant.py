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
    _grant(cast, line_code="A", channel="KA", valid_to=date(2026, 6, 1))
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
    _grant(cast, "ROOT", "370000", line_code="A", channel="KA", kind="RESERVED")
    in_ka = _covered(cast.c2.pk, channel="KA")
    assert (in_ka.covers(a), in_ka.covers(b)) == (False, True)
    assert _covered(cast.c2.pk).covers(a)
    _grant(cast, "ROOT", "CN", channel="KA", kind="RESERVED")
    assert not _covered(cast.c2.pk, channel="KA").covers(b)


def test_records_what_happened(cast: Cast) -> None:
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
        ("C2", "370200", {"channel": "MOON"}, "territories.channel_unknown"),
        ("C2", "370200", {"channel": "ONLINE"}, "territories.nationwide_channel"),
        ("C2", "370200", {"kind": "OWNED"}, "territories.kind_invalid"),
        ("C2", "370200", {"kind": "RESERVED"}, "territories.kind_invalid"),
        ("C2", "370200", {"valid_to": TODAY}, "territories.range_invalid"),
        ("C1", "410000", {}, "territories.outside_parent"),
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
    assert _grant(cast, "C1", "370100", kind="EXCLUSIVE").pk


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
    [(TODAY, "territories.range_invalid"), (date(2026, 7, 1), "territories.grant_ended")],
)
def test_ends_within_its_days_only(cast: Cast, ends_on: date, code: str) -> None:
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
